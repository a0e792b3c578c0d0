//! The half that receives.

use super::error::{RecvError, TryRecvError};
use super::shared::Shared;
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Receives the value of a [`Sender`](super::Sender): await it, or `&mut` it to keep it.
///
/// It is the future itself, `Unpin`. Polled again after it gave the value it gives a [`RecvError`].
///
/// # Cancel safety
/// Awaiting `&mut receiver` and giving up loses nothing. Dropping the receiver closes it, and drops a value that was sent;
/// [`into_inner`](Self::into_inner) gives that back.
/// # Examples
/// A value that came just before the time was up is not lost:
/// ```
/// # untether::rt::threads::block_on(async |rt| {
/// use core::time::Duration;
/// use untether::sync::oneshot;
/// use untether::time::TimeoutExt;
///
/// let (sender, mut receiver) = oneshot();
/// let in_time = (&mut receiver).timeout(Duration::from_millis(1), &rt).await;
/// assert!(in_time.is_err());
/// sender.send("late").unwrap();
/// assert_eq!(receiver.into_inner(), Some("late"));
/// # });
/// ```
#[must_use = "dropping it closes it"]
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    /// Whether its waker may be there.
    waits: bool,
    /// It got its value or knows that there is none: nothing of it is left there.
    ended: bool,
}

impl<T> Receiver<T> {
    pub(super) const fn new(shared: Arc<Shared<T>>) -> Self {
        Self { shared, waits: false, ended: false }
    }

    /// The value, if it was sent.
    ///
    /// # Errors
    /// [`TryRecvError`] if it was not.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let outcome = self.shared.try_recv();
        self.ended |= !matches!(outcome, Err(TryRecvError::Empty));
        outcome
    }

    /// Polls for the value.
    ///
    /// # Errors
    /// [`RecvError`] if it will not come.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, RecvError>> {
        let polled = self.shared.poll_recv(cx.waker(), !self.waits);
        self.waits = polled.is_pending();
        self.ended |= polled.is_ready();
        polled.map(|value| value.ok_or(RecvError(())))
    }

    /// Refuses a value that is sent from now on; the sender is told. One that was sent before can still be received.
    pub fn close(&mut self) {
        self.shared.close();
    }

    /// Closes it and takes the value if it was sent.
    #[must_use]
    pub fn into_inner(mut self) -> Option<T> {
        self.ended = true;
        self.shared.drop_receiver()
    }

    waits!();
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_recv(cx)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if !self.ended {
            drop(self.shared.drop_receiver());
        }
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}
