//! The half that watches.

use super::changed::Changed;
use super::shared::{Place, Shared};
use super::wait_for::WaitFor;
use alloc::sync::Arc;
use core::fmt;
use core::task::{Poll, Waker};

/// Watches the value of a [`Sender`](super::Sender), and knows which one it has seen.
///
/// A clone has seen the same. What it misses are values in between; the last one it never misses, not even if the sender is gone by then.
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    /// The version that was seen.
    seen: u64,
}

impl<T> Receiver<T> {
    pub(super) fn new(shared: Arc<Shared<T>>) -> Self {
        let seen = shared.with(|state| {
            state.receivers += 1;
            state.version
        });
        Self { shared, seen }
    }

    /// The value as it is now. It does not count as seen.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.shared.get().0
    }

    /// The value as it is now, which counts as seen.
    pub fn get_and_update(&mut self) -> Arc<T> {
        let (value, version) = self.shared.get();
        self.seen = version;
        value
    }

    /// Whether there is a value that was not seen.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.shared.with(|state| state.version) != self.seen
    }

    /// Lets the value as it is now count as not seen.
    pub const fn mark_changed(&mut self) {
        self.seen = 0;
    }

    /// Waits for a value that was not seen and gives it; it counts as seen then. One that is there already is given at once.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: what it did not give does not count as seen.
    /// # Errors
    /// [`ChangedError`](super::ChangedError) if every sender is gone, after the last value was seen.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |_| {
    /// use untether::sync::watch;
    ///
    /// let (sender, mut watcher) = watch("old");
    /// sender.send("skipped").unwrap();
    /// sender.send("last").unwrap();
    /// drop(sender);
    /// assert_eq!(*watcher.changed().await.unwrap(), "last");
    /// assert!(watcher.changed().await.is_err());
    /// # });
    /// ```
    pub const fn changed(&mut self) -> Changed<'_, T> {
        Changed::new(self)
    }

    /// Waits for a value that is as wanted, and gives it. The one that is there is looked at first, seen or not.
    ///
    /// `wanted` may miss values in between, runs outside of any lock, and what it was shown counts as seen.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing but that.
    /// # Errors
    /// [`ChangedError`](super::ChangedError) if every sender is gone and the last value is not as wanted.
    pub const fn wait_for<P: FnMut(&T) -> bool>(&mut self, wanted: P) -> WaitFor<'_, T, P> {
        WaitFor::new(self, wanted)
    }

    /// Whether every sender is gone. There may be a value that was not seen.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sender_count() == 0
    }

    /// How many senders there are.
    #[must_use]
    pub fn sender_count(&self) -> usize {
        self.shared.with(|state| state.senders)
    }

    /// How many watch, this one included.
    #[must_use]
    pub fn receiver_count(&self) -> usize {
        self.shared.with(|state| state.receivers)
    }

    pub(super) fn poll_changed(&mut self, place: &mut Place, waker: &Waker) -> Poll<Option<Arc<T>>> {
        self.shared.poll_other(&mut self.seen, place, waker)
    }

    pub(super) fn leave(&self, place: &mut Place) {
        self.shared.stop_watching(place);
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        let mut clone = Self::new(self.shared.clone());
        clone.seen = self.seen;
        clone
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.drop_receiver();
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("has_changed", &self.has_changed()).finish_non_exhaustive()
    }
}
