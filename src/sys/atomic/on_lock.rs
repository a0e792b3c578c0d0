//! A 64-bit cell for 32-bit targets: on a Cortex-M3 the lock is a critical section of a few cycles.

use crate::sys::lock::Lock;
use core::sync::atomic::Ordering;

pub(crate) struct AtomicU64(Lock<u64>);

impl AtomicU64 {
    pub(crate) const fn new(value: u64) -> Self {
        Self(Lock::new(value))
    }

    pub(crate) fn load(&self, _: Ordering) -> u64 {
        self.0.with(|value| *value)
    }

    pub(crate) fn store(&self, new: u64, _: Ordering) {
        self.0.with(|value| *value = new);
    }

    /// The lock orders more than any `Ordering` asks for.
    pub(crate) fn fetch_add(&self, add: u64, _: Ordering) -> u64 {
        self.0.with(|value| core::mem::replace(value, value.wrapping_add(add)))
    }

    pub(crate) fn fetch_max(&self, other: u64, _: Ordering) -> u64 {
        self.0.with(|value| core::mem::replace(value, (*value).max(other)))
    }

    pub(crate) fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        _: Ordering,
        _: Ordering,
    ) -> Result<u64, u64> {
        self.0.with(|value| if *value == current { Ok(core::mem::replace(value, new)) } else { Err(*value) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_wraps_and_gives_back_what_was_there() {
        let cell = AtomicU64::new(u64::MAX);
        assert_eq!(cell.fetch_add(2, Ordering::Relaxed), u64::MAX);
        assert_eq!(cell.fetch_add(0, Ordering::Relaxed), 1);
    }

    #[test]
    fn it_is_exchanged_for_what_was_expected_only_and_grows_by_what_is_more() {
        let cell = AtomicU64::new(5);
        let exchange =
            |current, new| cell.compare_exchange_weak(current, new, Ordering::Relaxed, Ordering::Relaxed);
        assert_eq!((exchange(4, 6), exchange(5, 7)), (Err(5), Ok(5)));
        assert_eq!((cell.fetch_max(6, Ordering::Relaxed), cell.fetch_max(9, Ordering::Relaxed)), (7, 7));
        assert_eq!(cell.load(Ordering::Relaxed), 9);
        cell.store(3, Ordering::Relaxed);
        assert_eq!(cell.load(Ordering::Relaxed), 3);
    }
}
