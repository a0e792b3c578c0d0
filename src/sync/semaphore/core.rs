//! The semaphore and its verbs.

use super::acquire::Acquire;
use super::builder::Builder;
use super::error::{CapacityError, TryAcquireError};
use super::line::Line;
use super::permit::Permit;
use super::stats::Stats;
use crate::sys::atomic::AtomicUsize;
use crate::sys::lock::Lock;
use crate::sys::wake;
use core::fmt;
use core::ops::Deref;
use core::sync::atomic::Ordering;

/// Permits that tasks and threads take and give back: so many at once, first come, first served.
///
/// `const`, without an allocation before somebody waits. The permits are a number; what they stand for is yours.
///
/// # Fairness
/// Strict: permits go to those who wait, in the order in which they came, and nobody overtakes, not even by
/// [`try_acquire`](Self::try_acquire). A large request at the head is not starved by small ones; they wait behind it.
///
/// A permit is *granted* to the first in line when it comes free, and claimed when that future is polled again. A future that was granted
/// one and is neither polled nor dropped keeps it from all others; [`stats`](Self::stats) counts those.
///
/// # Examples
/// ```
/// use untether::spawn::{SpawnExt, yield_now};
/// use untether::sync::Semaphore;
///
/// static AT_ONCE: Semaphore = Semaphore::new(2);
///
/// untether::rt::threads::block_on(async |rt| {
///     let tasks = [1, 2, 3, 4].map(|n| {
///         rt.spawn_task(async move {
///             let _permit = AT_ONCE.acquire().await.unwrap();
///             assert!(AT_ONCE.available() < 2);
///             yield_now().await;
///             n
///         })
///     });
///     for task in tasks {
///         task.unwrap().await.unwrap();
///     }
///     assert_eq!(AT_ONCE.available(), 2);
/// });
/// ```
#[doc(alias = "asyncio.Semaphore")]
#[doc(alias = "BoundedSemaphore")]
pub struct Semaphore {
    /// `permits << 2 | QUEUED | CLOSED`
    pub(super) word: AtomicUsize,
    pub(super) line: Lock<Line>,
}

pub(super) const CLOSED: usize = 0b01;
pub(super) const QUEUED: usize = 0b10;
pub(super) const ONE: usize = 0b100;

impl Semaphore {
    /// More permits than this no semaphore can hold.
    pub const MAX_PERMITS: usize = usize::MAX >> 3;

    /// A semaphore of `permits` permits, for which any number may wait. With 0 it is a gate, opened by
    /// [`add_permits`](Self::add_permits).
    ///
    /// # Panics
    /// If these are more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    #[must_use]
    pub const fn new(permits: usize) -> Self {
        Self::builder(permits).build()
    }

    /// For a limit on how many may wait.
    ///
    /// # Panics
    /// If these are more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    pub const fn builder(permits: usize) -> Builder {
        assert!(permits <= Self::MAX_PERMITS, "more permits than Semaphore::MAX_PERMITS");
        Builder::new(permits)
    }

    /// Waits for a permit. The same as [`acquire_many(1)`](Self::acquire_many).
    #[inline]
    pub const fn acquire(&self) -> Acquire<&Self> {
        Acquire::new(self, 1, 1)
    }

    /// Waits until `n` permits are free, then takes them. 0 are free at once.
    ///
    /// More than there are is waited for as well: they may be added. Whoever comes later waits behind it.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line, and passes on what was granted. Nothing is lost.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`AcquireError`](super::AcquireError) when the semaphore is closed, if too many wait already, or if `n` exceeds [`MAX_PERMITS`](Self::MAX_PERMITS).
    #[inline]
    pub const fn acquire_many(&self, n: usize) -> Acquire<&Self> {
        Acquire::new(self, n, n)
    }

    /// Waits until `min` permits are free, then takes up to `max`. As [`acquire_many`](Self::acquire_many) else.
    ///
    /// # Panics
    /// If `min` exceeds `max`.
    #[inline]
    pub const fn acquire_up_to(&self, min: usize, max: usize) -> Acquire<&Self> {
        Acquire::new(self, min, max)
    }

    /// As [`acquire`](Self::acquire), for a permit that owns its hold on the semaphore: an `Arc`, or a [`Project`](super::Project).
    #[inline]
    pub const fn acquire_owned<S: Deref<Target = Self>>(holder: S) -> Acquire<S> {
        Acquire::new(holder, 1, 1)
    }

    /// As [`acquire_many`](Self::acquire_many), owned.
    #[inline]
    pub const fn acquire_many_owned<S: Deref<Target = Self>>(holder: S, n: usize) -> Acquire<S> {
        Acquire::new(holder, n, n)
    }

    /// As [`acquire_up_to`](Self::acquire_up_to), owned.
    ///
    /// # Panics
    /// If `min` exceeds `max`.
    #[inline]
    pub const fn acquire_up_to_owned<S: Deref<Target = Self>>(
        holder: S,
        min: usize,
        max: usize,
    ) -> Acquire<S> {
        Acquire::new(holder, min, max)
    }

    /// Takes a permit if one is free and nobody waits for it.
    ///
    /// # Errors
    /// [`TryAcquireError`] else.
    #[inline]
    pub fn try_acquire(&self) -> Result<Permit<&Self>, TryAcquireError> {
        Self::try_acquire_many_owned(self, 1)
    }

    /// Takes `n` permits if they are free and nobody waits for any.
    ///
    /// # Errors
    /// [`TryAcquireError`] else.
    #[inline]
    pub fn try_acquire_many(&self, n: usize) -> Result<Permit<&Self>, TryAcquireError> {
        Self::try_acquire_many_owned(self, n)
    }

    /// As [`try_acquire`](Self::try_acquire), owned.
    ///
    /// # Errors
    /// [`TryAcquireError`] if none is free or somebody waits for it.
    #[inline]
    pub fn try_acquire_owned<S: Deref<Target = Self>>(holder: S) -> Result<Permit<S>, TryAcquireError> {
        Self::try_acquire_many_owned(holder, 1)
    }

    /// As [`try_acquire_many`](Self::try_acquire_many), owned.
    ///
    /// # Errors
    /// [`TryAcquireError`] if so many are not free or somebody waits for them.
    #[inline]
    pub fn try_acquire_many_owned<S>(holder: S, n: usize) -> Result<Permit<S>, TryAcquireError>
    where
        S: Deref<Target = Self>,
    {
        holder.try_take(n, n)?;
        Ok(Permit::new(holder, n))
    }

    /// Adds permits: there are so many more from now on.
    ///
    /// # Errors
    /// [`CapacityError`] if that would be more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    pub fn add_permits(&self, n: usize) -> Result<(), CapacityError> {
        if !self.line.with(|line| line.grow(n, Self::MAX_PERMITS)) {
            return Err(CapacityError(()));
        }
        self.release(n);
        Ok(())
    }

    /// Takes away up to `n` permits, as far as they are free now. Says how many.
    pub fn forget_permits(&self, n: usize) -> usize {
        self.line.with(|line| {
            let gone = self.take_away(n);
            line.shrink(gone, 0);
            gone
        })
    }

    /// Takes away exactly `n` permits: what is not free vanishes as it comes back, before anybody in line gets any.
    ///
    /// # Errors
    /// [`CapacityError`] if there are not so many.
    pub fn reduce_permits(&self, n: usize) -> Result<(), CapacityError> {
        self.line.with(|line| {
            if n > line.capacity() {
                return Err(CapacityError(()));
            }
            self.reduce(line, n);
            Ok(())
        })
    }

    /// Sets how many permits there are, free ones and taken ones together. Fewer than are taken is reached as they come back.
    ///
    /// # Errors
    /// [`CapacityError`] if that is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    pub fn resize(&self, capacity: usize) -> Result<(), CapacityError> {
        let added = self.line.with(|line| {
            let added = capacity.saturating_sub(line.capacity());
            self.reduce(line, line.capacity().saturating_sub(capacity));
            line.grow(added, Self::MAX_PERMITS).then_some(added).ok_or(CapacityError(()))
        })?;
        self.release(added);
        Ok(())
    }

    /// Refuses everybody from now on, and whoever waits. Permits that are held stay good, and those that were granted.
    pub fn close(&self) {
        wake::drain(|batch| {
            self.line.with(|line| {
                let round = line.dismiss(batch);
                let queued = if line.is_needed() { QUEUED } else { 0 };
                self.change(|word| word & !QUEUED | CLOSED | queued);
                round
            })
        });
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.word.load(Ordering::Acquire) & CLOSED != 0
    }

    /// How many permits are free: for nobody, or too few for the first in line.
    #[must_use]
    pub fn available(&self) -> usize {
        self.word.load(Ordering::Acquire) / ONE
    }

    /// How many permits there are, free ones and taken ones together.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.line.with(|line| line.capacity())
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.line.with(|line| {
            let word = self.word.load(Ordering::Acquire);
            Stats {
                capacity: line.capacity(),
                available: word / ONE,
                waiting: line.waiting(),
                granted: line.granted(),
                owed: line.debt(),
                closed: word & CLOSED != 0,
            }
        })
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.stats(), f)
    }
}
