//! A word has fewer than 64 bits: two of them, each with one half.

use super::AtomicUsize;
use core::sync::atomic::Ordering;

pub(crate) struct SplitU64 {
    low: AtomicUsize,
    high: AtomicUsize,
}

impl SplitU64 {
    pub(crate) const fn new(value: u64) -> Self {
        Self { low: AtomicUsize::new(value as u32 as usize), high: AtomicUsize::new((value >> 32) as usize) }
    }

    #[inline]
    pub(crate) fn load(&self) -> u64 {
        (self.high.load(Ordering::Relaxed) as u64) << 32 | self.low.load(Ordering::Relaxed) as u64
    }

    pub(crate) fn store(&self, value: u64) {
        self.low.store(value as u32 as usize, Ordering::Relaxed);
        self.high.store((value >> 32) as usize, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        let cell = SplitU64::new(u64::MAX - 1);
        assert_eq!(cell.load(), u64::MAX - 1);
        for value in [0, 1, u64::from(u32::MAX), 1 << 32, u64::MAX, 0x1234_5678_9ABC_DEF0] {
            cell.store(value);
            assert_eq!(cell.load(), value);
        }
    }
}
