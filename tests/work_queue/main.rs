//! Work that is never lost: who gets a job, how often, and what becomes of it whatever fails, panics, hangs or is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod attempts;
mod bounds;
mod breaking;
mod closing;
mod combined;
mod hostile;
mod keys;
mod leases;
mod simulated;
mod threads;
mod timing;
mod workers;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use untether::queue::WorkQueue;
use untether::queue::work::{Builder, Job, JobId, Lease, LeaseLost, PushError, TryLeaseError, Why};
use untether::testing::{ManualClock, Probe};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Jobs<K = ()> = WorkQueue<u32, ManualClock, K>;
type Worker<K = ()> = Probe<Lease<Arc<Jobs<K>>>>;
type Leased<K = ()> = Job<Arc<Jobs<K>>>;

fn builder() -> (Builder<u32, ManualClock>, ManualClock) {
    let clock = ManualClock::new();
    (WorkQueue::builder(clock.clone()), clock)
}

fn queue_of(jobs: impl IntoIterator<Item = u32>) -> Arc<Jobs> {
    let queue = Arc::new(WorkQueue::new(ManualClock::new()));
    jobs.into_iter().for_each(|job| _ = queue.try_push(job).unwrap());
    queue
}

/// One that waits and was not polled yet.
fn lease<K>(queue: &Arc<Jobs<K>>) -> Worker<K> {
    Probe::new(WorkQueue::lease_owned(queue.clone()))
}

/// One that is in line.
#[track_caller]
fn worker<K>(queue: &Arc<Jobs<K>>) -> Worker<K> {
    let mut worker = lease(queue);
    worker.assert_pending();
    worker
}

/// What it gets now.
#[track_caller]
fn got<K>(worker: &mut Worker<K>) -> Leased<K> {
    worker.assert_ready().expect("there is a job")
}

/// What can be leased now.
#[track_caller]
fn next<K>(queue: &Arc<Jobs<K>>) -> Leased<K> {
    got(&mut lease(queue))
}

/// All that can be leased now, done.
fn all_done<K>(queue: &Jobs<K>) -> Vec<u32> {
    let next = || {
        queue.try_lease().ok().map(|job| {
            let item = *job;
            assert!(job.ack());
            item
        })
    };
    std::iter::from_fn(next).collect()
}

/// What died, and of what.
fn letters<K>(queue: &Jobs<K>) -> Vec<(u32, u32, Why)> {
    let next = || queue.dead_letters().try_recv().ok();
    std::iter::from_fn(next).map(|letter| (letter.item, letter.attempts, letter.why)).collect()
}

/// `ready, delayed, blocked, leased`
fn places<K>(queue: &Jobs<K>) -> [usize; 4] {
    let stats = queue.stats();
    assert_eq!(queue.len(), stats.ready + stats.delayed + stats.blocked + stats.leased);
    [stats.ready, stats.delayed, stats.blocked, stats.leased]
}
