//! The future of an open latch.

use super::Latch;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits until a [`Latch`] is open. Made by [`Latch::wait`] and [`Latch::wait_owned`].
///
/// `Unpin`, so it can be polled in place, and kept in a struct. Ready stays ready.
///
/// # Cancel safety
/// Dropping it loses nothing.
#[must_use = "futures do nothing unless polled"]
pub struct Wait<S: Deref<Target = Latch>> {
    latch: S,
    place: Option<Key>,
}

impl<S: Deref<Target = Latch>> Wait<S> {
    pub(super) const fn new(latch: S) -> Self {
        Self { latch, place: None }
    }

    /// As [`poll`](Future::poll), without a pin.
    pub fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.latch.poll_wait(&mut self.place, cx.waker()) { Poll::Ready(()) } else { Poll::Pending }
    }

    waits!();
}

impl<S: Deref<Target = Latch>> Unpin for Wait<S> {}

impl<S: Deref<Target = Latch>> Future for Wait<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_wait(cx)
    }
}

impl<S: Deref<Target = Latch>> Drop for Wait<S> {
    fn drop(&mut self) {
        self.latch.leave(&mut self.place);
    }
}

impl<S: Deref<Target = Latch>> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").field("left", &self.latch.count()).finish_non_exhaustive()
    }
}
