//! What a group is doing.

use super::core::Core;
use super::results::Ends;
use crate::sync::Semaphore;

/// What a group is doing, and what its tasks came to. Computed when it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// How many may run at once, if that is bounded.
    pub limit: Option<usize>,
    /// Tasks that run.
    pub running: usize,
    /// Tasks that wait for a slot.
    pub waiting: usize,
    /// Results that nobody has read.
    pub unread: usize,
    /// Tasks that ended well.
    pub succeeded: usize,
    /// Tasks that failed or panicked.
    pub failed: usize,
    /// Tasks that were cancelled.
    pub cancelled: usize,
}

impl Stats {
    pub(super) fn of<T, E>(core: &Core<T, E>) -> Self {
        let (unread, Ends { succeeded, failed, cancelled }) = core.results.count();
        let limit = core.roster.slots.as_ref().map(Semaphore::capacity);
        let waiting = core.roster.slots.as_ref().map_or(0, |slots| slots.stats().waiting);
        Self { limit, running: core.roster.inside.len(), waiting, unread, succeeded, failed, cancelled }
    }
}
