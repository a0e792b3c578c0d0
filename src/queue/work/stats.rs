//! How a queue of jobs stands.

use super::ledger::{Counts, Ledger};
use crate::queue::delay::state::Book;

/// How a [`WorkQueue`](super::WorkQueue) stands, at one moment.
///
/// The clock is not asked: what has become due is ready, and what has run out is not leased, once somebody leases or joins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// Jobs that could be leased now.
    pub ready: usize,
    /// Jobs that wait for their time: the first, or the next after one that failed.
    pub delayed: usize,
    /// Jobs behind another one of their key.
    pub blocked: usize,
    /// Jobs that are with a worker.
    pub leased: usize,
    /// Keys of which there is a job.
    pub keys: usize,
    /// How many workers wait for a job.
    pub workers_waiting: usize,
    /// Jobs that were done, in all.
    pub done: u64,
    /// Leases that were given up without success, in all.
    pub failed: u64,
    /// Leases that ran out, in all.
    pub run_out: u64,
    /// Jobs that became dead letters, in all.
    pub dead: u64,
    /// Whether the queue was closed.
    pub closed: bool,
}

impl Stats {
    pub(super) fn of<T, K>(ledger: &Ledger<T, K>, workers_waiting: usize, closed: bool) -> Self {
        let Counts { blocked, delayed, leased, done, failed, run_out, dead } = ledger.counts;
        let (ready, keys) = (ledger.ready(), ledger.keys.len());
        Self { ready, delayed, blocked, leased, keys, workers_waiting, done, failed, run_out, dead, closed }
    }
}
