//! A word has 64 bits.

use super::AtomicUsize;
use core::sync::atomic::Ordering;

pub(crate) struct SplitU64(AtomicUsize);

impl SplitU64 {
    pub(crate) const fn new(value: u64) -> Self {
        Self(AtomicUsize::new(value as usize))
    }

    #[inline]
    pub(crate) fn load(&self) -> u64 {
        self.0.load(Ordering::Relaxed) as u64
    }

    pub(crate) fn store(&self, value: u64) {
        self.0.store(value as usize, Ordering::Relaxed);
    }
}
