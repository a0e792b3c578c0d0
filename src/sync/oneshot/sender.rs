//! The half that sends.

use super::error::SendError;
use super::shared::Shared;
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Sends one value to a [`Receiver`](super::Receiver). Dropping it without sending ends the wait there.
pub struct Sender<T> {
    /// Taken when it sends.
    shared: Option<Arc<Shared<T>>>,
    /// Whether its waker may be there.
    waits: bool,
}

impl<T> Sender<T> {
    pub(super) const fn new(shared: Arc<Shared<T>>) -> Self {
        Self { shared: Some(shared), waits: false }
    }

    /// Sends the value. It never waits.
    ///
    /// `Ok` says that it was accepted, not that it will be looked at: the receiver may be dropped with it.
    ///
    /// # Errors
    /// The value, if the receiver is dropped or closed.
    pub fn send(mut self, value: T) -> Result<(), SendError<T>> {
        let outcome = self.shared().send(value);
        if !self.waits {
            // Nothing of this half is left there.
            self.shared = None;
        }
        outcome
    }

    /// Waits until the receiver is dropped or closed: until nobody wants the value any more.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |_| {
    /// use untether::sync::oneshot;
    ///
    /// let (mut sender, receiver) = oneshot::<u8>();
    /// drop(receiver);
    /// sender.closed().await;
    /// assert_eq!(sender.send(1).unwrap_err().into_inner(), 1);
    /// # });
    /// ```
    pub const fn closed(&mut self) -> Closed<'_, T> {
        Closed { sender: self }
    }

    /// Polls for [`closed`](Self::closed). The waker of the last call is kept.
    pub fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let polled = self.shared().poll_closed(cx.waker(), !self.waits);
        self.waits = polled.is_pending();
        polled
    }

    /// Whether the receiver is dropped or closed. Once it is so, it stays so.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared().is_closed()
    }

    fn shared(&self) -> &Shared<T> {
        self.shared.as_deref().expect("it is taken by `send`, which takes the sender")
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        if let Some(shared) = &self.shared {
            shared.drop_sender();
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

/// Waits until nobody wants the value any more. Made by [`Sender::closed`].
///
/// `Unpin`. Ready stays ready.
///
/// # Cancel safety
/// Dropping it loses nothing.
#[must_use = "futures do nothing unless polled"]
pub struct Closed<'a, T> {
    sender: &'a mut Sender<T>,
}

impl<T> Closed<'_, T> {
    waits!();
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.sender.poll_closed(cx)
    }
}

impl<T> Drop for Closed<'_, T> {
    fn drop(&mut self) {
        if core::mem::take(&mut self.sender.waits) {
            self.sender.shared().leave_closed();
        }
    }
}

impl<T> fmt::Debug for Closed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closed").finish_non_exhaustive()
    }
}
