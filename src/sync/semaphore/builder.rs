//! Options of a semaphore.

use super::core::{ONE, Semaphore};
use super::line::Line;
use crate::sys::atomic::AtomicUsize;
use crate::sys::lock::Lock;

/// A [`Semaphore`] that is to be built.
#[derive(Clone, Copy, Debug)]
#[must_use = "a builder makes nothing by itself"]
pub struct Builder {
    permits: usize,
    max_waiters: usize,
}

impl Builder {
    pub(super) const fn new(permits: usize) -> Self {
        Self { permits, max_waiters: usize::MAX }
    }

    /// At most so many may wait: one more is refused as [`QueueFull`](super::AcquireError::QueueFull).
    pub const fn max_waiters(mut self, waiters: usize) -> Self {
        self.max_waiters = waiters;
        self
    }

    /// The semaphore.
    #[must_use]
    pub const fn build(self) -> Semaphore {
        Semaphore {
            word: AtomicUsize::new(self.permits * ONE),
            line: Lock::new(Line::new(self.permits, self.max_waiters)),
        }
    }
}
