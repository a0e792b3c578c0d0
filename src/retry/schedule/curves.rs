//! The delays that grow by a rule, and those that come from a list.

use super::{Backoff, Schedule, Step, nanos};
use crate::time::Entropy;
use core::time::Duration;

/// The same delay each time.
///
/// As every curve: ±50 % jitter, 60 s at most and three calls in all, unless something else is said.
pub const fn constant(delay: Duration) -> Backoff<Constant> {
    Backoff::new(Constant { delay })
}

/// `first`, then each time `step` longer: `first`, `first + step`, `first + 2·step`.
///
/// As every curve: ±50 % jitter, 60 s at most and three calls in all, unless something else is said.
pub const fn linear(first: Duration, step: Duration) -> Backoff<Linear> {
    Backoff::new(Linear { next: first, step })
}

/// `first`, then each time twice as long, or [another factor](Backoff::factor).
///
/// As every curve: ±50 % jitter, 60 s at most and three calls in all, unless something else is said.
pub const fn exponential(first: Duration) -> Backoff<Exponential> {
    Backoff::new(Exponential { next: nanos::of(first), factor: 2.0 })
}

/// `unit` times 1, 1, 2, 3, 5, 8: each the sum of the two before it.
///
/// As every curve: ±50 % jitter, 60 s at most and three calls in all, unless something else is said.
pub const fn fibonacci(unit: Duration) -> Backoff<Fibonacci> {
    Backoff::new(Fibonacci { next: unit, after: unit })
}

/// The delays of an iterator, as they are, until it ends: no jitter, no cap, as many attempts as there are delays and one more.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::retry::schedule::from_iter;
/// use untether::time::Seed;
///
/// let delays = [1, 5, 30].map(Duration::from_secs);
/// assert!(from_iter(delays).delays(Seed::new(1)).eq(delays));
/// ```
pub fn from_iter<I: IntoIterator<Item = Duration>>(delays: I) -> Backoff<Each<I::IntoIter>> {
    Backoff::of(Each { delays: delays.into_iter() })
}

/// The curve of [`constant`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Constant {
    delay: Duration,
}

impl Schedule for Constant {
    #[inline]
    fn next_delay(&mut self, _: &Step, _: &dyn Entropy) -> Option<Duration> {
        Some(self.delay)
    }
}

/// The curve of [`linear`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Linear {
    next: Duration,
    step: Duration,
}

impl Schedule for Linear {
    #[inline]
    fn next_delay(&mut self, _: &Step, _: &dyn Entropy) -> Option<Duration> {
        let after = self.next.saturating_add(self.step);
        Some(core::mem::replace(&mut self.next, after))
    }
}

/// The curve of [`exponential`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Exponential {
    next: u64,
    factor: f64,
}

impl Exponential {
    /// `None` unless it is finite and above zero.
    pub(super) const fn by(self, factor: f64) -> Option<Self> {
        if factor > 0.0 && factor < f64::INFINITY { Some(Self { next: self.next, factor }) } else { None }
    }
}

impl Schedule for Exponential {
    #[inline]
    fn next_delay(&mut self, _: &Step, _: &dyn Entropy) -> Option<Duration> {
        let after = if self.factor == 2.0 {
            self.next.saturating_mul(2) // exact, and without floating point
        } else {
            (self.next as f64 * self.factor + 0.5) as u64 // a cast saturates
        };
        Some(Duration::from_nanos(core::mem::replace(&mut self.next, after)))
    }
}

/// The curve of [`fibonacci`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fibonacci {
    next: Duration,
    after: Duration,
}

impl Schedule for Fibonacci {
    #[inline]
    fn next_delay(&mut self, _: &Step, _: &dyn Entropy) -> Option<Duration> {
        let delay = self.next;
        self.next = self.after;
        self.after = self.after.saturating_add(delay);
        Some(delay)
    }
}

/// The delays of [`from_iter`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Each<I> {
    delays: I,
}

impl<I: Iterator<Item = Duration>> Schedule for Each<I> {
    #[inline]
    fn next_delay(&mut self, _: &Step, _: &dyn Entropy) -> Option<Duration> {
        self.delays.next()
    }
}
