//! The future of a permit.

use super::Semaphore;
use super::error::AcquireError;
use super::line::Need;
use super::permit::Permit;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for permits. Made by [`Semaphore::acquire`] and its siblings.
///
/// `Unpin`, so it can be polled in place, and kept in a struct. It joins the line at its first poll.
///
/// # Cancel safety
/// Dropping it gives up the place in line, and passes on what was granted.
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Acquire<S: Deref<Target = Semaphore>> {
    /// Taken when it ends.
    holder: Option<S>,
    need: Need,
    place: Option<Key>,
}

impl<S: Deref<Target = Semaphore>> Acquire<S> {
    #[inline]
    pub(super) const fn new(holder: S, min: usize, max: usize) -> Self {
        assert!(min <= max, "acquire_up_to: the least exceeds the most");
        Self { holder: Some(holder), need: Need { min, max }, place: None }
    }

    /// As [`poll`](Future::poll), without a pin.
    ///
    /// # Errors
    /// See [`Semaphore::acquire_many`].
    /// # Panics
    /// When called after it was ready.
    #[inline]
    pub fn poll_acquire(&mut self, cx: &mut Context<'_>) -> Poll<Result<Permit<S>, AcquireError>> {
        if self.place.is_none() {
            if let Ok(taken) = self.semaphore().try_take(self.need.min, self.need.max) {
                return Poll::Ready(Ok(self.end(taken)));
            }
        }
        self.poll_in_line(cx).map(|outcome| outcome.map(|permits| self.end(permits)))
    }

    #[inline(never)] // the way without a line stays short
    fn poll_in_line(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, AcquireError>> {
        let semaphore = self.semaphore();
        let outcome = match self.place {
            Some(place) => semaphore.poll_turn(place, cx.waker()),
            None if self.need.min > Semaphore::MAX_PERMITS => Some(Err(AcquireError::TooMany)),
            // The clone that the line needs is made outside of its lock, and dropped there if it needs none.
            None => match semaphore.join(self.need, cx.waker().clone()) {
                Ok(place) => {
                    self.place = Some(place);
                    None
                }
                Err((Ok(taken), unneeded)) => {
                    // Should its drop panic, the permits go back.
                    let taken = Permit::new(semaphore, taken);
                    drop(unneeded);
                    Some(Ok(taken.into_count()))
                }
                Err((Err(error), _)) => Some(Err(error)),
            },
        };
        match outcome {
            Some(outcome) => {
                self.place = None;
                Poll::Ready(outcome)
            }
            None => Poll::Pending,
        }
    }

    /// What it holds on to, until it has ended.
    #[inline]
    pub(crate) const fn holder(&self) -> Option<&S> {
        self.holder.as_ref()
    }

    #[inline]
    fn semaphore(&self) -> &Semaphore {
        self.holder.as_deref().expect("an acquire was polled after it had ended")
    }

    #[inline]
    fn end(&mut self, permits: usize) -> Permit<S> {
        Permit::new(self.holder.take().expect("it has not ended"), permits)
    }
}

impl<S: Deref<Target = Semaphore>> Acquire<S> {
    waits!();
}

impl<S: Deref<Target = Semaphore>> Unpin for Acquire<S> {}

impl<S: Deref<Target = Semaphore>> Future for Acquire<S> {
    type Output = Result<Permit<S>, AcquireError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_acquire(cx)
    }
}

impl<S: Deref<Target = Semaphore>> Drop for Acquire<S> {
    #[inline]
    fn drop(&mut self) {
        if let (Some(semaphore), Some(place)) = (self.holder.as_deref(), self.place) {
            semaphore.leave(place);
        }
    }
}

impl<S: Deref<Target = Semaphore>> fmt::Debug for Acquire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acquire").field("permits", &self.need).field("queued", &self.place.is_some()).finish()
    }
}
