//! The limiter, and its verbs.

use super::acquire::Acquire;
use super::error::TryAcquireError;
use super::line::Line;
use super::published::Published;
use super::quota::Quota;
use super::reservation::Reservation;
use super::stats::Stats;
use super::throttle::Throttle;
use super::word::AtOnce;
use crate::sys::atomic::AtomicU64;
use crate::sys::lock::Lock;
use crate::sys::wake;
use crate::time::{Clock, Timer};
use core::fmt;
use core::ops::Deref;
use core::time::Duration;

/// So many cells in a time, for tasks and threads, first come, first served.
///
/// A shared object: in a `static`, an `Arc`, or a struct of yours. `const`, without an allocation before somebody waits. Its time is that of
/// the clock or timer it is given: a [`Clock`] for what does not wait, a [`Timer`] for [`acquire`](Self::acquire) and
/// [`throttle`](Self::throttle). What a quota means, and a burst, stands at [`Quota`].
///
/// In any time `T` no more goes through than the burst and what the rate gives in `T`. (Where an interval is no whole number of
/// nanoseconds: in `T` and three nanoseconds.) What was given back by [`refund`](Self::refund), or had waited for a slower quota, comes on top.
///
/// # Fairness
/// First come, first served, by the first poll; nobody overtakes, neither by [`try_acquire`](Self::try_acquire) nor by
/// [`reserve`](Self::reserve), and many cells are not starved by few. However many wait, one sleep is armed: the first in line keeps the
/// time for all, and one who goes calls the next. So a future that waits and is neither polled nor dropped when it is its turn holds up all
/// behind it, and whoever tries: drop it, or keep polling it. [`stats`](Self::stats) shows it.
/// # Clocks that step back
/// What is owed is a moment of the clock, at most a whole burst ahead of it. One that lies further ahead means that the clock stepped back,
/// and is brought back to a whole burst. So a limiter denies for as long as its burst takes to come back at most, and not until the
/// clock is where it was.
/// # Examples
/// ```
/// use untether::limit::rate::TryAcquireError;
/// use untether::limit::{Quota, RateLimiter};
///
/// untether::rt::threads::block_on(async |rt| {
///     let limiter = RateLimiter::new(Quota::per_second(200).burst(2), rt);
///     assert!(limiter.try_acquire(2).is_ok());
///     assert!(matches!(limiter.try_acquire(1), Err(TryAcquireError::Denied { .. })));
///     limiter.acquire(1).await.unwrap(); // some milliseconds later
///     assert_eq!(limiter.try_acquire(3), Err(TryAcquireError::TooLarge { burst: 2 }));
/// });
/// ```
#[doc(alias = "Throttle")]
#[doc(alias = "TokenBucket")]
#[doc(alias = "LeakyBucket")]
#[doc(alias = "gcra")]
pub struct RateLimiter<T> {
    pub(super) published: Published,
    /// The moment when all that is owed has come back.
    pub(super) owed_until: AtomicU64,
    /// The longest that a reservation was ever made to wait.
    pub(super) longest_wait: AtomicU64,
    pub(super) state: Lock<State>,
    pub(super) clock: T,
}

pub(super) struct State {
    pub(super) line: Line,
    /// As published.
    pub(super) quota: Quota,
}

impl<T> RateLimiter<T> {
    /// A limiter of which nothing was taken yet, whose time is that of `clock`.
    #[must_use]
    pub const fn new(quota: Quota, clock: T) -> Self {
        Self {
            published: Published::new(quota),
            owed_until: AtomicU64::new(0),
            longest_wait: AtomicU64::new(0),
            state: Lock::new(State { line: Line::new(), quota }),
            clock,
        }
    }

    /// The clock or timer it was given.
    pub const fn clock(&self) -> &T {
        &self.clock
    }

    /// What it lets through.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.published.read().unwrap_or_else(|| self.state.with(|state| state.quota))
    }

    /// Lets through something else from now on.
    ///
    /// What is owed stays owed, as a time, but no longer than a whole burst of the new quota takes. Who waits learns of it: if there are
    /// cells sooner, they are had sooner; whoever waits for more than the new burst gets an error when it is its turn.
    pub fn set_quota(&self, quota: Quota) {
        let told = self.state.with(|state| {
            state.quota = quota;
            self.published.change(&quota);
            state.line.tell()
        });
        wake::outside(told, None);
    }

    /// Gives `n` cells back that were taken: what they were for did not happen.
    ///
    /// They are there for others at once, on top of what has come back meanwhile, but never more than the burst. To give back only what
    /// has not come back by itself, take them by [`reserve`](Self::reserve).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), untether::rt::threads::StartError> {
    /// # use untether::limit::{Quota, RateLimiter};
    /// # use untether::rt::threads::Threads;
    /// let limiter = RateLimiter::new(Quota::per_hour(3), Threads::new()?);
    /// limiter.try_acquire(3).unwrap();
    /// limiter.refund(2);
    /// assert_eq!(limiter.peek(), 2);
    /// # Ok(()) }
    /// ```
    pub fn refund(&self, n: u32) {
        if n > 0 {
            self.give_back(n, &self.quota());
        }
    }
}

impl<T: Clock> RateLimiter<T> {
    /// Takes `n` cells if they are there now and nobody waits for any. 0 always are.
    ///
    /// # Errors
    /// [`TryAcquireError`] else: not now, with how long it would take, or never.
    #[inline]
    pub fn try_acquire(&self, n: u32) -> Result<(), TryAcquireError> {
        match self.take_at_once(n) {
            AtOnce::Taken => Ok(()),
            AtOnce::Denied { wait } => Err(TryAcquireError::Denied { wait }),
            AtOnce::LookCloser => self.try_acquire_slowly(n),
        }
    }

    /// How many cells [`try_acquire`](Self::try_acquire) would find now: none while somebody waits.
    #[must_use]
    pub fn peek(&self) -> u32 {
        let stats = self.stats();
        if stats.waiting > 0 { 0 } else { stats.free }
    }

    /// Takes `n` cells that are there within `max_wait`, now, and says when they are: whoever comes later gets later ones.
    ///
    /// For those who wait in a way of their own, or want to know beforehand. The cells are taken; what was reserved and is not
    /// [spent](Reservation::spend) goes back when the [`Reservation`] is dropped.
    ///
    /// # Fairness
    /// It does not overtake those who wait by [`acquire`](Self::acquire): while anybody does, it is denied. Whoever begins to wait
    /// later waits behind it.
    /// # Errors
    /// [`TryAcquireError`] if it would take longer, if somebody waits, or never.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use core::time::Duration;
    /// use untether::limit::{Quota, RateLimiter};
    /// use untether::time::Timer;
    ///
    /// let limiter = RateLimiter::new(Quota::per_second(100).burst(1), &rt);
    /// limiter.try_acquire(1).unwrap();
    /// let reservation = limiter.reserve(1, Duration::from_millis(50)).unwrap();
    /// rt.sleep_until(reservation.ready_at()).await;
    /// reservation.spend();
    /// # });
    /// ```
    pub fn reserve(&self, n: u32, max_wait: Duration) -> Result<Reservation<&Self, T>, TryAcquireError> {
        Self::reserve_owned(self, n, max_wait)
    }

    /// As [`reserve`](Self::reserve), with a holder of its own, such as an `Arc`.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub fn reserve_owned<S: Deref<Target = Self>>(
        holder: S,
        n: u32,
        max_wait: Duration,
    ) -> Result<Reservation<S, T>, TryAcquireError> {
        let reserved = holder.try_reserve(n, max_wait)?;
        Ok(Reservation::new(holder, reserved))
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let (waiting, wanted) = self.state.with(|state| (state.line.len(), state.line.cells()));
        Stats { free: self.free(), waiting, wanted }
    }
}

impl<T: Timer> RateLimiter<T> {
    /// Waits until `n` cells are there, then takes them. 0 always are.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line. No cell is lost: they are taken in the very poll that is ready.
    /// # Fairness
    /// First come, first served, by the first poll.
    /// # Errors
    /// [`AcquireError`](super::AcquireError) if the quota lets fewer than `n` through at once: at once, or when it is its turn and the quota
    /// was changed meanwhile.
    #[inline]
    pub const fn acquire(&self, n: u32) -> Acquire<&Self, T> {
        Acquire::new(self, n)
    }

    /// As [`acquire`](Self::acquire), with a holder of its own, such as an `Arc`.
    #[inline]
    pub const fn acquire_owned<S: Deref<Target = Self>>(holder: S, n: u32) -> Acquire<S, T> {
        Acquire::new(holder, n)
    }

    /// Lets the items of a stream through, one cell each.
    pub const fn throttle<St>(&self, stream: St) -> Throttle<St, &Self, T>
    where
        St: futures_core::Stream,
    {
        Throttle::new(stream, self)
    }

    /// As [`throttle`](Self::throttle), with a holder of its own, such as an `Arc`.
    pub const fn throttle_owned<St, S>(holder: S, stream: St) -> Throttle<St, S, T>
    where
        St: futures_core::Stream,
        S: Deref<Target = Self>,
    {
        Throttle::new(stream, holder)
    }
}

impl<T> fmt::Debug for RateLimiter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (quota, waiting) = self.state.with(|state| (state.quota, state.line.len()));
        f.debug_struct("RateLimiter")
            .field("quota", &quota)
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}
