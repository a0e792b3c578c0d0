//! The future of a place.

use super::error::AcquireError;
use super::holder::{Holder, Within};
use super::permit::Permit;
use crate::sync::semaphore;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for a place. Made by [`AdaptiveLimit::acquire`](super::AdaptiveLimit::acquire) and its sibling.
///
/// `Unpin`, so it can be polled in place, and kept in a struct. It joins the line at its first poll.
///
/// # Cancel safety
/// Dropping it gives up the place in line, and passes on what was granted.
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Acquire<H: Holder>(semaphore::Acquire<Within<H>>);

impl<H: Holder> Acquire<H> {
    #[inline]
    pub(super) const fn new(line: semaphore::Acquire<Within<H>>) -> Self {
        Self(line)
    }

    waits!();
}

impl<H: Holder> Unpin for Acquire<H> {}

impl<H: Holder> Future for Acquire<H> {
    type Output = Result<Permit<H>, AcquireError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Of one permit, in a line without a bound: it is closed, or it comes.
        self.0.poll_acquire(cx).map(|outcome| outcome.map(Permit::new).map_err(|_| AcquireError(())))
    }
}

impl<H: Holder> fmt::Debug for Acquire<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acquire").field("line", &self.0).finish_non_exhaustive()
    }
}
