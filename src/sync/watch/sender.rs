//! The half that changes the value.

use super::error::SendError;
use super::receiver::Receiver;
use super::shared::{Place, Shared};
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Changes the value that [`Receiver`]s watch. Clones change the same one; when the last is gone the watch is closed.
///
/// None of your code runs under a lock: a closure that changes the value works on a copy, which then takes the value's place.
pub struct Sender<T>(Arc<Shared<T>>);

impl<T> Sender<T> {
    /// A value that nobody watches yet.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Shared::new(value))
    }

    /// Puts a new value in, and wakes all who wait for one.
    ///
    /// # Errors
    /// The value, if there is no receiver; then the old one stays. [`send_replace`](Self::send_replace) puts it in all the same.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        match self.0.replace(Arc::new(value), |state| state.receivers > 0) {
            Ok(_) => Ok(()),
            Err(new) => Err(SendError(
                Arc::into_inner(new).unwrap_or_else(|| unreachable!("nobody else has seen it")),
            )),
        }
    }

    /// Puts a new value in, whether anybody watches or not, and gives the old one.
    pub fn send_replace(&self, value: impl Into<Arc<T>>) -> Arc<T> {
        match self.0.replace(value.into(), |_| true) {
            Ok(other) | Err(other) => other,
        }
    }

    /// Changes the value, whether anybody watches or not.
    ///
    /// `modify` works on a copy, and runs again on a new one if another sender was faster: it should do nothing but change the value.
    ///
    /// # Panics
    /// If `modify` or the `Clone` of the value does. Then nothing has changed.
    pub fn send_modify(&self, mut modify: impl FnMut(&mut T))
    where
        T: Clone,
    {
        self.send_if_modified(|value| {
            modify(value);
            true
        });
    }

    /// As [`send_modify`](Self::send_modify), unless `modify` says that it has changed nothing: then the value stays, and nobody is woken.
    /// Gives what it said.
    ///
    /// # Panics
    /// If `modify` or the `Clone` of the value does. Then nothing has changed.
    pub fn send_if_modified(&self, mut modify: impl FnMut(&mut T) -> bool) -> bool
    where
        T: Clone,
    {
        loop {
            let old = self.get();
            let mut new = T::clone(&old);
            if !modify(&mut new) {
                return false;
            }
            if self.0.replace(Arc::new(new), |state| state.holds(&old)).is_ok() {
                return true;
            }
        }
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.0.get().0
    }

    /// One more who watches, and who has seen the value as it is now.
    #[must_use = "dropping it closes it, if it is the last"]
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(self.0.clone())
    }

    /// Waits until there is no receiver. There may be one again later, by [`subscribe`](Self::subscribe).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub const fn closed(&self) -> Closed<'_, T> {
        Closed { sender: self, place: None }
    }

    /// Whether there is no receiver.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.receiver_count() == 0
    }

    /// How many watch.
    #[must_use]
    pub fn receiver_count(&self) -> usize {
        self.0.with(|state| state.receivers)
    }

    /// How many senders there are.
    #[must_use]
    pub fn sender_count(&self) -> usize {
        self.0.with(|state| state.senders)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.with(|state| state.senders += 1);
        Self(self.0.clone())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.drop_sender();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("receivers", &self.receiver_count()).finish_non_exhaustive()
    }
}

/// Waits until there is no receiver. Made by [`Sender::closed`].
///
/// `Unpin`. Polled again after it was ready it asks anew.
///
/// # Cancel safety
/// Dropping it loses nothing.
#[must_use = "futures do nothing unless polled"]
pub struct Closed<'a, T> {
    sender: &'a Sender<T>,
    place: Place,
}

impl<T> Closed<'_, T> {
    waits!();
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { sender, place } = &mut *self;
        sender.0.poll_closed(place, cx.waker())
    }
}

impl<T> Drop for Closed<'_, T> {
    fn drop(&mut self) {
        self.sender.0.stop_closing(&mut self.place);
    }
}

impl<T> fmt::Debug for Closed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closed").finish_non_exhaustive()
    }
}
