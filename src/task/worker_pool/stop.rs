//! The end: the futures that wait for it, and what they find.

use super::core::Core;
use super::source::Source;
use super::state::Phase;
use super::stats::Tally;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use crate::time::{Timeout, Timer, timeout};
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

/// What a pool leaves behind that was stopped.
#[must_use = "inputs that were not begun are in it"]
#[non_exhaustive]
pub struct Stopped<I> {
    /// Inputs that were accepted and never begun, in the order in which they would have been. Their tickets say that they were cancelled. Each is
    /// given once, to whoever is the first to hear that the pool has stopped.
    pub unstarted: Vec<I>,
    /// How all that was begun has ended.
    pub tally: Tally,
}

impl<I> fmt::Debug for Stopped<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopped")
            .field("unstarted", &self.unstarted.len())
            .field("tally", &self.tally)
            .finish_non_exhaustive()
    }
}

/// Waits until the workers are gone. Made by [`WorkerPool::stop`](super::WorkerPool::stop) and its siblings.
///
/// The end was asked for by the call and comes without this. `Unpin`.
///
/// # Cancel safety
/// Dropping it does not take the end back. Inputs that were taken back stay with the pool, for another who asks.
#[must_use = "the end was asked for; inputs that were not begun are in what this gives"]
pub struct Stop<'p, Q: Source> {
    core: &'p Core<Q>,
    place: Option<Key>,
}

impl<'p, Q: Source> Stop<'p, Q> {
    pub(super) const fn new(core: &'p Core<Q>) -> Self {
        Self { core, place: None }
    }

    waits!();
}

impl<Q: Source> Future for Stop<'_, Q> {
    type Output = Stopped<Q::Item>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Stopped<Q::Item>> {
        let this = &mut *self;
        ready!(this.core.poll_stopped(&mut this.place, cx.waker()));
        Poll::Ready(Stopped { unstarted: this.core.unstarted(), tally: this.core.tally() })
    }
}

impl<Q: Source> Drop for Stop<'_, Q> {
    fn drop(&mut self) {
        self.core.leave_stopped(self.place);
    }
}

impl<Q: Source> fmt::Debug for Stop<'_, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// Waits until all is done, and no longer than its limit: then what is left is stopped at once. Made by
    /// [`WorkerPool::stop_within`](super::WorkerPool::stop_within).
    ///
    /// # Cancel safety
    /// Dropped before the limit has passed, it leaves the pool to end when all is done.
    #[must_use = "futures do nothing unless polled, and nobody else keeps the limit"]
    pub struct StopWithin<'p, Q: Source, Tm: Timer> {
        core: &'p Core<Q>,
        #[pin]
        in_time: Timeout<Stop<'p, Q>, Tm>,
        // From the limit on.
        at_once: Option<Stop<'p, Q>>,
    }
}

impl<'p, Q: Source, Tm: Timer> StopWithin<'p, Q, Tm> {
    pub(super) fn new(core: &'p Core<Q>, limit: Duration, timer: Tm) -> Self {
        Self { core, in_time: timeout(limit, Stop::new(core), timer), at_once: None }
    }
}

impl<Q: Source, Tm: Timer> Future for StopWithin<'_, Q, Tm> {
    type Output = Stopped<Q::Item>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Stopped<Q::Item>> {
        let this = self.project();
        if this.at_once.is_none() {
            if let Ok(stopped) = ready!(this.in_time.poll(cx)) {
                return Poll::Ready(stopped);
            }
            this.core.stop(Phase::Aborting);
        }
        let core: &Core<Q> = this.core;
        Pin::new(this.at_once.get_or_insert_with(|| Stop::new(core))).poll(cx)
    }
}

impl<Q: Source, Tm: Timer> fmt::Debug for StopWithin<'_, Q, Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopWithin").field("at_once", &self.at_once.is_some()).finish_non_exhaustive()
    }
}
