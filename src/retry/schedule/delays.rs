//! A schedule as a plain iterator.

use super::{Backoff, Schedule, Step, nanos};
use crate::time::Entropy;
use core::fmt;
use core::iter::FusedIterator;
use core::time::Duration;

impl<C: Schedule> Backoff<C> {
    /// The delays as an iterator, for a loop of your own or whatever takes one.
    ///
    /// It has no clock: what counts as elapsed is the sum of the delays it gave.
    pub const fn delays<E: Entropy>(self, entropy: E) -> Delays<Self, E> {
        Delays { schedule: Some(self), entropy, step: Step::new(1) }
    }
}

/// The delays of a schedule, one after the other. Made by [`Backoff::delays`].
#[derive(Clone)]
#[must_use = "iterators are lazy"]
pub struct Delays<S, E> {
    /// Gone when it has ended.
    schedule: Option<S>,
    entropy: E,
    step: Step,
}

impl<S: Schedule, E: Entropy> Iterator for Delays<S, E> {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let delay = self.schedule.as_mut()?.next_delay(&self.step, &self.entropy);
        match delay {
            Some(delay) => {
                self.step.attempt = self.step.attempt.saturating_add(1);
                self.step.elapsed = self.step.elapsed.saturating_add(nanos::of(delay));
            }
            None => self.schedule = None,
        }
        delay
    }
}

impl<S: Schedule, E: Entropy> FusedIterator for Delays<S, E> {}

impl<S: fmt::Debug, E> fmt::Debug for Delays<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delays").field("schedule", &self.schedule).finish_non_exhaustive()
    }
}
