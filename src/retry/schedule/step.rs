//! What a schedule is, and what it is asked with.

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
///         Some(Duration::from_millis(10) * step.attempt * step.attempt)
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
#[non_exhaustive]
pub struct Step {
    /// Which attempt failed; the first is 1.
    pub attempt: u32,
    /// How long ago the first failure was: zero at the first.
    pub elapsed: Duration,
    /// The delay before the attempt that failed: zero at the first.
    pub last: Duration,
    /// How long the other side asked to wait.
    pub hint: Option<Duration>,
}

impl Step {
    /// The failure of the first attempt.
    #[must_use]
    pub const fn first() -> Self {
        Self { attempt: 1, elapsed: Duration::ZERO, last: Duration::ZERO, hint: None }
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
