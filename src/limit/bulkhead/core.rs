//! The bulkhead and its verbs.

use super::acquire::Acquire;
use super::builder::Builder;
use super::error::{ConcurrencyError, TryAcquireError};
use super::holder::{Holder, Within};
use super::permit::Permit;
use super::run::Run;
use super::stats::Stats;
use crate::sync::Semaphore;
use crate::time::{MaybeTimer, NoTimer};
use core::fmt;
use core::time::Duration;

/// Bounds how many calls run at once, how many may wait for it, and how long.
///
/// So that one service that hangs takes no more with it than its share: not all tasks, not all memory, not all connections.
/// Any number may wait, and for ever, unless it is said otherwise ([`queue`](Builder::queue), [`max_wait`](Builder::max_wait)).
///
/// # Fairness
/// First come, first served, as by a [`Semaphore`]: nobody overtakes those who wait, not even by [`try_acquire`](Self::try_acquire).
///
/// # Examples
/// ```
/// use untether::limit::Bulkhead;
/// use untether::limit::bulkhead::AcquireError;
///
/// static REPORTS: Bulkhead = Bulkhead::builder(1).queue(0).build();
///
/// untether::rt::threads::block_on(|_| async {
///     let report = async || "three pages";
///     assert_eq!(REPORTS.run(report).await.unwrap(), "three pages");
///
///     let held = REPORTS.acquire().await.unwrap();
///     let rejected = REPORTS.run(report).await.unwrap_err();
///     assert_eq!(rejected.reason(), AcquireError::Full);
///     drop(held);
///     assert_eq!(REPORTS.run(rejected.into_inner()).await.unwrap(), "three pages");
/// });
/// ```
#[doc(alias = "concurrency limit")]
#[doc(alias = "ConcurrencyLimit")]
#[doc(alias = "max_concurrent")]
pub struct Bulkhead<Tm: MaybeTimer = NoTimer> {
    /// Who may run has a permit.
    pub(super) semaphore: Semaphore,
    /// [`Duration::MAX`] is for ever, and asks no timer.
    pub(super) max_wait: Duration,
    pub(super) timer: Tm,
}

impl Bulkhead {
    /// At most so many run at once. Whoever comes when as many do waits.
    ///
    /// # Panics
    /// If that is 0, or more than [`Semaphore::MAX_PERMITS`]. See [`try_new`](Self::try_new).
    #[must_use]
    pub const fn new(concurrency: usize) -> Self {
        Self::builder(concurrency).build()
    }

    /// As [`new`](Self::new).
    ///
    /// # Errors
    /// [`ConcurrencyError`] if that is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub const fn try_new(concurrency: usize) -> Result<Self, ConcurrencyError> {
        match Self::try_builder(concurrency) {
            Ok(builder) => Ok(builder.build()),
            Err(error) => Err(error),
        }
    }

    /// For a limit on how many may wait, and how long.
    ///
    /// # Panics
    /// If `concurrency` is 0, or more than [`Semaphore::MAX_PERMITS`]. See [`try_builder`](Self::try_builder).
    pub const fn builder(concurrency: usize) -> Builder {
        match Self::try_builder(concurrency) {
            Ok(builder) => builder,
            Err(_) => panic!(
                "a bulkhead of no calls, or of more than can be counted; `try_builder` gives an error instead"
            ),
        }
    }

    /// As [`builder`](Self::builder).
    ///
    /// # Errors
    /// [`ConcurrencyError`] if `concurrency` is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub const fn try_builder(concurrency: usize) -> Result<Builder, ConcurrencyError> {
        Builder::new(concurrency)
    }
}

impl<Tm: MaybeTimer> Bulkhead<Tm> {
    /// Calls `operation` as soon as there is room, and gives what its future gives.
    ///
    /// The operation is called when it is admitted and not before, and its future is polled at once. It is gone before its place is free.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line, or drops the operation's future and then gives its place to the next.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`Rejected`](super::Rejected) gives the operation back, which was not called, if there is no room: too many wait already, it waited too long,
    /// or the bulkhead was closed. What the operation gives, its own errors included, is inside of `Ok`.
    /// # Panics
    /// If the operation does. Its place is free again as the future is dropped.
    #[inline]
    pub fn run<F, Fut>(&self, operation: F) -> Run<&Self, F, Fut>
    where
        F: FnOnce() -> Fut,
        Fut: Future,
    {
        Run::new(self.acquire(), operation)
    }

    /// As [`run`](Self::run), with a hold on the bulkhead of its own: an `Arc`, an `Rc`, or a [`Holder`] of yours.
    ///
    /// # Cancel safety
    /// As of [`run`](Self::run).
    /// # Errors
    /// As of [`run`](Self::run).
    ///
    /// # Examples
    /// ```
    /// use std::sync::Arc;
    /// use untether::limit::Bulkhead;
    /// use untether::spawn::SpawnExt;
    ///
    /// untether::rt::threads::block_on(|rt| async move {
    ///     let bulkhead = Arc::new(Bulkhead::new(2));
    ///     let task = rt.spawn_task(Bulkhead::run_owned(bulkhead.clone(), async || 7)).unwrap();
    ///     assert_eq!(task.await.unwrap().unwrap(), 7);
    /// });
    /// ```
    #[inline]
    pub fn run_owned<H, F, Fut>(holder: H, operation: F) -> Run<H, F, Fut>
    where
        H: Holder<Timer = Tm>,
        F: FnOnce() -> Fut,
        Fut: Future,
    {
        Run::new(Self::acquire_owned(holder), operation)
    }

    /// Waits for a place, and gives a permit that holds it: for what is no single future, or a thread.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line, and passes on what was granted. Nothing is lost.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`AcquireError`](super::AcquireError) if too many wait already, if it waited too long, or if the bulkhead was closed.
    #[inline]
    pub const fn acquire(&self) -> Acquire<&Self> {
        Acquire::new(Semaphore::acquire_owned(Within(self)))
    }

    /// As [`acquire`](Self::acquire), for a permit that owns its hold on the bulkhead.
    ///
    /// # Cancel safety
    /// As of [`acquire`](Self::acquire).
    /// # Errors
    /// As of [`acquire`](Self::acquire).
    #[inline]
    pub const fn acquire_owned<H: Holder<Timer = Tm>>(holder: H) -> Acquire<H> {
        Acquire::new(Semaphore::acquire_owned(Within(holder)))
    }

    /// Takes a place if one is free and nobody waits for it.
    ///
    /// # Errors
    /// [`TryAcquireError`] else.
    #[inline]
    pub fn try_acquire(&self) -> Result<Permit<&Self>, TryAcquireError> {
        Self::try_acquire_owned(self)
    }

    /// As [`try_acquire`](Self::try_acquire), owned.
    ///
    /// # Errors
    /// [`TryAcquireError`] if none is free, if somebody waits for it, or if the bulkhead was closed.
    #[inline]
    pub fn try_acquire_owned<H: Holder<Timer = Tm>>(holder: H) -> Result<Permit<H>, TryAcquireError> {
        Ok(Permit::new(Semaphore::try_acquire_owned(Within(holder))?))
    }

    /// Sets how many may run at once. If fewer, those who run go on, and nobody is admitted until enough have ended; if more, those
    /// who wait are admitted at once.
    ///
    /// # Panics
    /// If that is 0, or more than [`Semaphore::MAX_PERMITS`]. Nothing was changed then. See [`try_resize`](Self::try_resize).
    pub fn resize(&self, concurrency: usize) {
        let resized = self.try_resize(concurrency);
        assert!(
            resized.is_ok(),
            "a bulkhead of no calls, or of more than can be counted; `try_resize` gives an error instead"
        );
    }

    /// As [`resize`](Self::resize).
    ///
    /// # Errors
    /// [`ConcurrencyError`] if that is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub fn try_resize(&self, concurrency: usize) -> Result<(), ConcurrencyError> {
        if concurrency == 0 {
            return Err(ConcurrencyError(()));
        }
        self.semaphore.resize(concurrency).map_err(|_| ConcurrencyError(()))
    }

    /// Refuses everybody from now on, and whoever waits. Those who run go on, and so does whoever was admitted and does not know it yet.
    pub fn close(&self) {
        self.semaphore.close();
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.semaphore.is_closed()
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let line = self.semaphore.stats();
        Stats {
            size: line.capacity,
            running: (line.capacity + line.owed).saturating_sub(line.available + line.granted),
            waiting: line.waiting,
            granted: line.granted,
            closed: line.closed,
        }
    }
}

/// Of 10 calls at once. Any number may wait.
impl Default for Bulkhead {
    fn default() -> Self {
        Self::new(10)
    }
}

impl<Tm: MaybeTimer> fmt::Debug for Bulkhead<Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.stats(), f)
    }
}
