//! What a schedule is, and what it is asked with.

use super::nanos;
use crate::time::Entropy;
use alloc::boxed::Box;
use core::time::Duration;

/// Says how long to wait before the next attempt, or that there is none.
///
/// A value that is its own state: a retry works on a clone, so one schedule serves many. [`Backoff`](super::Backoff) is what it is
/// mostly wrapped in; an implementation of your own goes into [`Backoff::of`](super::Backoff::of).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::retry::schedule::{Backoff, Schedule, Step};
/// use untether::time::{Entropy, Seed};
///
/// /// Twice as patient with every attempt that was made.
/// #[derive(Clone)]
/// struct Patient;
///
/// impl Schedule for Patient {
///     fn next_delay(&mut self, step: &Step, _: &dyn Entropy) -> Option<Duration> {
///         Some(Duration::from_millis(10) * step.attempt() * step.attempt())
///     }
/// }
/// let delays: Vec<_> = Backoff::of(Patient).attempts(4).delays(Seed::new(1)).collect();
/// assert_eq!(delays, [10, 40, 90].map(Duration::from_millis));
/// ```
pub trait Schedule {
    /// The delay before the next attempt, or `None`: the one that just failed was the last. After `None` it is not asked again.
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration>;
}

/// An attempt has failed: what a [`Schedule`] may go by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub(super) attempt: u32,
    /// In nanoseconds, as `last`: mostly nobody asks.
    pub(super) elapsed: u64,
    pub(super) last: u64,
    pub(super) hint: Option<Duration>,
}

impl Step {
    /// The attempt of that number failed; the first is 1.
    #[must_use]
    pub const fn new(attempt: u32) -> Self {
        Self { attempt, elapsed: 0, last: 0, hint: None }
    }

    /// So long after the first failure.
    #[must_use]
    pub const fn after(mut self, elapsed: Duration) -> Self {
        self.elapsed = nanos::of(elapsed);
        self
    }

    /// The other side asked for so long a wait, if it did.
    #[must_use]
    pub const fn hinted(mut self, hint: Option<Duration>) -> Self {
        self.hint = hint;
        self
    }

    /// Which attempt failed; the first is 1.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// How long ago the first failure was: zero at the first.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed)
    }

    /// The delay that the [`Backoff`](super::Backoff) around the schedule gave last, before any hint: zero at the first, and where there is
    /// none around it.
    #[must_use]
    pub const fn last(&self) -> Duration {
        Duration::from_nanos(self.last)
    }

    /// How long the other side asked to wait.
    #[must_use]
    pub const fn hint(&self) -> Option<Duration> {
        self.hint
    }
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<S: Schedule + ?Sized> Schedule for $holder {
            fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
                (**self).next_delay(step, entropy)
            }
        }
    )*};
}

forward!(&mut S, Box<S>);
