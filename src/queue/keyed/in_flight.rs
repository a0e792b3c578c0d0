//! A value that was received, and the key that is held for it.

use super::holder::Holder;
use crate::sys::arena::Key;
use core::fmt;
use core::ops::{Deref, DerefMut};

/// A value that was received. Until this is dropped, no other value of its key is.
///
/// The value is dropped first and its key let go after that, so two values of one key never meet; by a panic or a cancelled task as well.
///
/// # Examples
/// ```
/// use untether::queue::KeyedQueue;
///
/// let queue = KeyedQueue::unbounded();
/// queue.try_send("ada", 1).unwrap();
/// queue.try_send("ada", 2).unwrap();
///
/// let (value, held) = queue.try_recv().unwrap().into_parts();
/// assert_eq!(value, 1);
/// assert!(queue.try_recv().is_err(), "the key is still held");
/// drop(held);
/// assert_eq!(*queue.try_recv().unwrap(), 2);
/// ```
#[must_use = "dropping it drops the value, and lets the next of its key come"]
pub struct InFlight<Q: Holder> {
    value: Q::Value,
    // Dropped after the value, also where that panics.
    held: Held<Q>,
}

impl<Q: Holder> InFlight<Q> {
    #[inline]
    pub(super) const fn new(holder: Q, lane: Key, key: Q::Key, value: Q::Value) -> Self {
        Self { value, held: Held { holder, lane, key } }
    }

    /// The key that it was sent with.
    pub const fn key(&self) -> &Q::Key {
        &self.held.key
    }

    /// The value for oneself, while its key stays held.
    pub fn into_parts(self) -> (Q::Value, Held<Q>) {
        (self.value, self.held)
    }
}

impl<Q: Holder> Deref for InFlight<Q> {
    type Target = Q::Value;

    #[inline]
    fn deref(&self) -> &Q::Value {
        &self.value
    }
}

impl<Q: Holder> DerefMut for InFlight<Q> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Q::Value {
        &mut self.value
    }
}

impl<Q: Holder<Key: fmt::Debug, Value: fmt::Debug>> fmt::Debug for InFlight<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").field("key", self.key()).field("value", &self.value).finish()
    }
}

/// A key of which no value is received until this is dropped. Given by [`InFlight::into_parts`].
#[must_use = "dropping it lets the next value of the key come"]
pub struct Held<Q: Holder> {
    holder: Q,
    lane: Key,
    key: Q::Key,
}

impl<Q: Holder> Held<Q> {
    /// The key.
    pub const fn key(&self) -> &Q::Key {
        &self.key
    }
}

impl<Q: Holder> Drop for Held<Q> {
    #[inline]
    fn drop(&mut self) {
        let (told, key) = self.holder.core.with(|core| core.let_go(self.lane));
        // A key that is dropped like a number cannot panic, and one that stays is not there.
        if key.is_some() && core::mem::needs_drop::<Q::Key>() {
            self.holder.tell_and_drop(told, key);
        } else {
            self.holder.tell(told);
        }
    }
}

impl<Q: Holder<Key: fmt::Debug>> fmt::Debug for Held<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.key).finish()
    }
}
