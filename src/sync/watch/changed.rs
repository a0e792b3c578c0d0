//! The future of a change.

use super::error::ChangedError;
use super::receiver::Receiver;
use super::shared::Place;
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for a value that was not seen. Made by [`Receiver::changed`].
///
/// `Unpin`. Polled again after it was ready it waits for the next.
///
/// # Cancel safety
/// Dropping it loses nothing: what it did not give does not count as seen.
#[must_use = "futures do nothing unless polled"]
pub struct Changed<'a, T> {
    receiver: &'a mut Receiver<T>,
    place: Place,
}

impl<'a, T> Changed<'a, T> {
    pub(super) const fn new(receiver: &'a mut Receiver<T>) -> Self {
        Self { receiver, place: None }
    }

    waits!();
}

impl<T> Future for Changed<'_, T> {
    type Output = Result<Arc<T>, ChangedError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { receiver, place } = &mut *self;
        receiver.poll_changed(place, cx.waker()).map(|value| value.ok_or(ChangedError(())))
    }
}

impl<T> Drop for Changed<'_, T> {
    fn drop(&mut self) {
        self.receiver.leave(&mut self.place);
    }
}

impl<T> fmt::Debug for Changed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changed").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
