//! A 64-bit cell for 32-bit targets: on a Cortex-M3 the lock is a critical section of a few cycles.

use crate::sys::lock::Lock;
use core::sync::atomic::Ordering;

pub(crate) struct AtomicU64(Lock<u64>);

impl AtomicU64 {
    pub(crate) const fn new(value: u64) -> Self {
        Self(Lock::new(value))
    }

    /// The lock orders more than any `Ordering` asks for.
    pub(crate) fn fetch_add(&self, add: u64, _: Ordering) -> u64 {
        self.0.with(|value| core::mem::replace(value, value.wrapping_add(add)))
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
}
