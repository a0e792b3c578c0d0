//! The future of a round.

use super::Barrier;
use super::meeting::Place;
use crate::sys::waits::waits;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for the other parties of a [`Barrier`]. Made by [`Barrier::wait`] and [`Barrier::wait_owned`].
///
/// `Unpin`, so it can be polled in place, and kept in a struct. It arrives at its first poll. Ready stays ready: a future is one arrival.
///
/// # Cancel safety
/// Dropping it withdraws the arrival, as long as the round is not complete.
#[must_use = "futures do nothing unless polled"]
pub struct Wait<S: Deref<Target = Barrier>> {
    barrier: S,
    place: Place,
}

/// The way through a [`Barrier`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passage {
    pub(super) leader: bool,
}

impl Passage {
    /// Whether this party completed the round: true for one of them.
    #[must_use]
    pub const fn is_leader(self) -> bool {
        self.leader
    }
}

impl<S: Deref<Target = Barrier>> Wait<S> {
    pub(super) const fn new(barrier: S) -> Self {
        Self { barrier, place: Place::Outside }
    }

    /// As [`poll`](Future::poll), without a pin.
    pub fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<Passage> {
        self.barrier.poll_wait(&mut self.place, cx.waker()).map_or(Poll::Pending, Poll::Ready)
    }

    waits!();
}

impl<S: Deref<Target = Barrier>> Unpin for Wait<S> {}

impl<S: Deref<Target = Barrier>> Future for Wait<S> {
    type Output = Passage;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Passage> {
        self.poll_wait(cx)
    }
}

impl<S: Deref<Target = Barrier>> Drop for Wait<S> {
    fn drop(&mut self) {
        self.barrier.leave(&self.place);
    }
}

impl<S: Deref<Target = Barrier>> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrived = !matches!(self.place, Place::Outside);
        f.debug_struct("Wait").field("arrived", &arrived).finish_non_exhaustive()
    }
}
