//! The limit and its verbs.

use super::acquire::Acquire;
use super::algorithm::{Algorithm, Outcome, Sample};
use super::error::{LimitError, Rejected, TryAcquireError};
use super::fixed::is_limit;
use super::holder::{Holder, Within};
use super::permit::Permit;
use super::slot::{self, Slot};
use super::stats::Stats;
use crate::sync::Semaphore;
use crate::sys::atomic::AtomicUsize;
use crate::sys::lock::Lock;
use crate::time::Clock;
use core::fmt;
use core::sync::atomic::Ordering;

/// Bounds how many calls are in flight, by a number that it learns from how they end.
///
/// # Fairness
/// First come, first served, as by a [`Semaphore`]: nobody overtakes those who wait, not even by [`try_acquire`](Self::try_acquire).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::limit::AdaptiveLimit;
/// use untether::limit::adaptive::{Aimd, Outcome};
///
/// untether::rt::threads::block_on(|rt| async move {
///     let aimd = Aimd::builder().initial(4).timeout(Duration::from_secs(1)).build();
///     let limit = AdaptiveLimit::new(aimd, rt);
///     let fetch = async || Err::<(), _>(503);
///     let judge = |answer: &Result<(), u16>| match answer {
///         Err(429 | 503) => Some(Outcome::Overload),
///         _ => Some(Outcome::Success),
///     };
///     assert_eq!(limit.run(fetch, judge).await.unwrap(), Err(503));
///     assert_eq!(limit.limit(), 3);
/// });
/// ```
#[doc(alias = "concurrency limit")]
#[doc(alias = "congestion control")]
pub struct AdaptiveLimit<A: Algorithm, C: Clock> {
    /// Who is in flight has a permit.
    pub(super) semaphore: Semaphore,
    pub(super) clock: C,
    /// Those who hold a [`Permit`]. Kept apart from the semaphore, which knows it under its lock alone.
    pub(super) in_flight: AtomicUsize,
    /// Written by whoever has the algorithm.
    limit: AtomicUsize,
    slot: Lock<Slot<A>>,
}

impl<A: Algorithm, C: Clock> AdaptiveLimit<A, C> {
    /// A limit that `algorithm` learns, with latencies by `clock`.
    ///
    /// # Panics
    /// If the algorithm begins with 0, or with more than [`Semaphore::MAX_PERMITS`]. See [`try_new`](Self::try_new).
    #[must_use]
    #[track_caller]
    pub fn new(algorithm: A, clock: C) -> Self {
        match Self::try_new(algorithm, clock) {
            Ok(limit) => limit,
            Err(error) => panic!("{error}; `try_new` gives an error instead"),
        }
    }

    /// As [`new`](Self::new).
    ///
    /// # Errors
    /// [`LimitError`] if the algorithm begins with 0, or with more than [`Semaphore::MAX_PERMITS`].
    pub fn try_new(algorithm: A, clock: C) -> Result<Self, LimitError> {
        let limit = algorithm.limit();
        if !is_limit(limit) {
            return Err(LimitError(()));
        }
        Ok(Self {
            semaphore: Semaphore::new(limit),
            clock,
            in_flight: AtomicUsize::new(0),
            limit: AtomicUsize::new(limit),
            slot: Lock::new(Slot::new(algorithm)),
        })
    }

    /// Waits for a place. Whoever gets it says by the [`Permit`] how it went.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line, and passes on what was granted. Nothing is lost.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`AcquireError`](super::AcquireError) once it was closed.
    #[inline]
    pub const fn acquire(&self) -> Acquire<&Self> {
        Acquire::new(Semaphore::acquire_owned(Within(self)))
    }

    /// As [`acquire`](Self::acquire), for a permit that owns its hold on the limit: an `Arc`, an `Rc`, or a [`Holder`] of yours.
    ///
    /// # Cancel safety
    /// As of [`acquire`](Self::acquire).
    /// # Errors
    /// As of [`acquire`](Self::acquire).
    #[inline]
    pub const fn acquire_owned<H>(holder: H) -> Acquire<H>
    where
        H: Holder<Algorithm = A, Clock = C>,
    {
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
    /// [`TryAcquireError`] if none is free, if somebody waits for it, or if it was closed.
    #[inline]
    pub fn try_acquire_owned<H>(holder: H) -> Result<Permit<H>, TryAcquireError>
    where
        H: Holder<Algorithm = A, Clock = C>,
    {
        Ok(Permit::new(Semaphore::try_acquire_owned(Within(holder))?))
    }

    /// Calls `operation` as soon as there is room, and learns from what `classify` says of its output; nothing from `None`.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line, or drops the operation's future and then gives its place to the next; nothing is learned.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`Rejected`] gives the operation back, which was not called, if the limit was closed.
    /// # Panics
    /// If the operation does, or `classify`. Its place is free again as the future is dropped, and nothing is learned.
    pub async fn run<F, Fut>(
        &self,
        operation: F,
        classify: impl FnOnce(&Fut::Output) -> Option<Outcome>,
    ) -> Result<Fut::Output, Rejected<F>>
    where
        F: FnOnce() -> Fut,
        Fut: Future,
    {
        let Ok(permit) = self.acquire().await else { return Err(Rejected(operation)) };
        let output = operation().await;
        if let Some(outcome) = classify(&output) {
            permit.record(outcome);
        }
        Ok(output)
    }

    /// How many may be in flight, as far as it has learned.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit.load(Ordering::Relaxed)
    }

    /// How many are in flight. More than the limit for a while, where that was made less.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Refuses everybody from now on, and whoever waits. Those in flight go on, and are learned from.
    pub fn close(&self) {
        self.semaphore.close();
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.semaphore.is_closed()
    }

    /// How it stands.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let line = self.semaphore.stats();
        Stats {
            limit: line.capacity,
            in_flight: (line.capacity + line.owed).saturating_sub(line.available + line.granted),
            waiting: line.waiting,
            granted: line.granted,
            missed: self.slot.with(|slot| slot.missed),
            closed: line.closed,
        }
    }

    /// Learns from a call that has ended.
    pub(super) fn learn(&self, sample: Sample) {
        slot::judge(&self.slot, sample, |limit| self.set(limit.clamp(1, Semaphore::MAX_PERMITS)));
    }

    /// In the name of whoever has the algorithm, so by one at a time.
    fn set(&self, limit: usize) {
        if self.limit() != limit {
            self.limit.store(limit, Ordering::Relaxed);
            self.semaphore.resize(limit).expect("it is no more than there can be");
        }
    }
}

impl<A: Algorithm, C: Clock> fmt::Debug for AdaptiveLimit<A, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.stats(), f)
    }
}
