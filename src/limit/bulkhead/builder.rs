//! Options of a bulkhead.

use super::core::Bulkhead;
use super::error::ConcurrencyError;
use crate::sync::Semaphore;
use crate::time::{NoTimer, Timer};
use core::fmt;
use core::time::Duration;

/// A [`Bulkhead`] that is to be built.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::limit::Bulkhead;
/// use untether::limit::bulkhead::AcquireError;
///
/// let bulkhead = Bulkhead::builder(1).queue(8).max_wait(Duration::from_millis(5), &rt).build();
/// let _held = bulkhead.try_acquire().unwrap();
/// assert_eq!(bulkhead.acquire().await.unwrap_err(), AcquireError::TimedOut);
/// # });
/// ```
#[derive(Clone, Copy)]
#[must_use = "a builder makes nothing by itself"]
pub struct Builder<Tm = NoTimer> {
    concurrency: usize,
    queue: usize,
    max_wait: Duration,
    timer: Tm,
}

impl Builder {
    pub(super) const fn new(concurrency: usize) -> Result<Self, ConcurrencyError> {
        if concurrency == 0 || concurrency > Semaphore::MAX_PERMITS {
            return Err(ConcurrencyError(()));
        }
        Ok(Self { concurrency, queue: usize::MAX, max_wait: Duration::MAX, timer: NoTimer })
    }

    /// How long a call waits at most for its turn, counted from its first pending poll. It is refused as
    /// [`TimedOut`](super::AcquireError::TimedOut) then. With [`Duration::ZERO`] nobody waits, with [`Duration::MAX`] nobody is refused for it.
    ///
    /// Neither the clock nor a sleep of this timer is asked for by a call that finds room.
    pub fn max_wait<Tm: Timer>(self, limit: Duration, timer: Tm) -> Builder<Tm> {
        let Self { concurrency, queue, timer: NoTimer, .. } = self;
        Builder { concurrency, queue, max_wait: limit, timer }
    }

    /// The bulkhead.
    #[must_use]
    pub const fn build(self) -> Bulkhead {
        let semaphore = Semaphore::builder(self.concurrency).max_waiters(self.queue).build();
        Bulkhead { semaphore, max_wait: self.max_wait, timer: NoTimer }
    }
}

impl<Tm: Timer> Builder<Tm> {
    /// The bulkhead.
    #[must_use]
    pub fn build(self) -> Bulkhead<Tm> {
        let Self { concurrency, queue, max_wait, timer } = self;
        let semaphore = Semaphore::builder(concurrency).max_waiters(queue).build();
        Bulkhead { semaphore, max_wait, timer }
    }
}

impl<Tm> Builder<Tm> {
    /// At most so many wait; one more is refused as [`Full`](super::AcquireError::Full). Any number, if nothing is said. With 0 a call that
    /// finds no room is refused at once.
    pub const fn queue(mut self, waiters: usize) -> Self {
        self.queue = waiters;
        self
    }
}

impl<Tm> fmt::Debug for Builder<Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { concurrency, queue, max_wait, .. } = self;
        f.debug_struct("Builder")
            .field("concurrency", concurrency)
            .field("queue", queue)
            .field("max_wait", max_wait)
            .finish_non_exhaustive()
    }
}
