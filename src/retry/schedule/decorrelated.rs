//! Delays that wander: each by chance between the first and three times the one before it.

use super::{Backoff, Jitter, Schedule, Step, nanos};
use crate::time::Entropy;
use core::time::Duration;

/// By chance between `base` and three times the delay before it, which makes neighbours differ more than any jitter on top of a curve.
///
/// It is its own jitter, so none is added unless you say so; 60 s at most and three calls in all, as every curve.
pub const fn decorrelated(base: Duration) -> Backoff<Decorrelated> {
    Backoff::new(Decorrelated { base }).jitter(Jitter::NONE)
}

/// The curve of [`decorrelated`].
///
/// What it goes by is [`Step::last`], the delay after the cap: the state that wanders stays within bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decorrelated {
    base: Duration,
}

impl Schedule for Decorrelated {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        let base = nanos::of(self.base);
        let room = step.last.max(base).saturating_mul(3) - base;
        Some(Duration::from_nanos(base.saturating_add(nanos::at_most(room, entropy.next_u64()))))
    }
}
