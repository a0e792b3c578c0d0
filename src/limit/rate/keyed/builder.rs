//! Options of a limiter of keys.

use super::core::KeyedLimiter;
use crate::limit::rate::quota::Quota;

/// A [`KeyedLimiter`] that is to be built. Made by [`KeyedLimiter::builder`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a builder makes nothing by itself"]
pub struct KeyedBuilder<T> {
    quota: Quota,
    clock: T,
    max_keys: usize,
}

impl<T> KeyedBuilder<T> {
    pub(super) const fn new(quota: Quota, clock: T) -> Self {
        Self { quota, clock, max_keys: 10_000 }
    }

    /// Remembers no more keys than this: 10,000 if it is not said otherwise. A key takes its own size and 17 bytes, and when the table has just
    /// grown twice that.
    ///
    /// # Panics
    /// If it is 0.
    pub const fn max_keys(mut self, keys: usize) -> Self {
        assert!(keys > 0, "a limiter that remembers no keys limits none");
        self.max_keys = keys;
        self
    }

    /// The limiter.
    #[must_use]
    pub fn build<K>(self) -> KeyedLimiter<K, T> {
        KeyedLimiter::of(self.quota, self.clock, self.max_keys)
    }
}
