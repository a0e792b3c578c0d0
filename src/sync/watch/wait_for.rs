//! The future of a value that is as wanted.

use super::error::ChangedError;
use super::receiver::Receiver;
use super::shared::Place;
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// Waits for a value that is as wanted. Made by [`Receiver::wait_for`].
///
/// `Unpin`. Polled again after it was ready it waits for the next such value.
///
/// # Cancel safety
/// Dropping it loses nothing; what was looked at counts as seen.
#[must_use = "futures do nothing unless polled"]
pub struct WaitFor<'a, T, P> {
    receiver: &'a mut Receiver<T>,
    wanted: P,
    /// Whether the value that was there at first was looked at.
    begun: bool,
    place: Place,
}

impl<'a, T, P: FnMut(&T) -> bool> WaitFor<'a, T, P> {
    pub(super) const fn new(receiver: &'a mut Receiver<T>, wanted: P) -> Self {
        Self { receiver, wanted, begun: false, place: None }
    }

    waits!();
}

impl<T, P> Unpin for WaitFor<'_, T, P> {}

impl<T, P: FnMut(&T) -> bool> Future for WaitFor<'_, T, P> {
    type Output = Result<Arc<T>, ChangedError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { receiver, wanted, begun, place } = &mut *self;
        loop {
            let value = if core::mem::replace(begun, true) {
                match ready!(receiver.poll_changed(place, cx.waker())) {
                    Some(value) => value,
                    None => return Poll::Ready(Err(ChangedError(()))),
                }
            } else {
                receiver.get_and_update()
            };
            if wanted(&value) {
                return Poll::Ready(Ok(value));
            }
        }
    }
}

impl<T, P> Drop for WaitFor<'_, T, P> {
    fn drop(&mut self) {
        self.receiver.leave(&mut self.place);
    }
}

impl<T, P> fmt::Debug for WaitFor<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitFor").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
