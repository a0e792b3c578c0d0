//! How a pool stands.

/// How a [`WorkerPool`](super::WorkerPool) stands, at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// How many workers there are.
    pub workers: usize,
    /// How many there are to be. Fewer than there are, until those that are too many have ended what they run.
    pub size: usize,
    /// How many of them work, or look for work.
    pub busy: usize,
    /// How many inputs wait in the queue. Of a [`WorkQueue`](crate::queue::WorkQueue) all jobs that have not ended.
    pub waiting: usize,
    /// How what was begun has ended.
    pub tally: Tally,
    /// Whether it is paused.
    pub paused: bool,
    /// Whether it was stopped, or is about to.
    pub stopped: bool,
}

/// How many pieces of work ended how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Tally {
    /// Ended well.
    pub done: u64,
    /// Ended with an error.
    pub failed: u64,
    /// Were aborted, by their ticket or with the pool, or wanted by nobody when their turn came.
    pub cancelled: u64,
    /// Panicked.
    pub panicked: u64,
}

/// How one ended.
#[derive(Clone, Copy)]
pub(super) enum Ended {
    Done,
    Failed,
    Cancelled,
    Panicked,
}
