//! Schedules made of schedules.

use super::{Schedule, Step};
use crate::time::Entropy;
use core::fmt;
use core::time::Duration;

/// Both: see [`Backoff::and`](super::Backoff::and).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct And<A, B>(A, B);

impl<A, B> And<A, B> {
    pub(super) const fn new(a: A, b: B) -> Self {
        Self(a, b)
    }
}

impl<A: Schedule, B: Schedule> Schedule for And<A, B> {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        let a = self.0.next_delay(step, entropy)?;
        Some(a.max(self.1.next_delay(step, entropy)?))
    }
}

/// Either: see [`Backoff::or`](super::Backoff::or).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Or<A, B>(Option<A>, Option<B>);

impl<A, B> Or<A, B> {
    pub(super) const fn new(a: A, b: B) -> Self {
        Self(Some(a), Some(b))
    }
}

impl<A: Schedule, B: Schedule> Schedule for Or<A, B> {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        let a = ask(&mut self.0, step, entropy);
        let b = ask(&mut self.1, step, entropy);
        match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        }
    }
}

/// One after the other: see [`Backoff::then`](super::Backoff::then).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Then<A, B> {
    first: Option<A>,
    second: B,
    /// Where the second began: what it is asked is counted from there.
    since: Step,
}

impl<A, B> Then<A, B> {
    pub(super) const fn new(first: A, second: B) -> Self {
        Self { first: Some(first), second, since: Step::new(1) }
    }
}

impl<A: Schedule, B: Schedule> Schedule for Then<A, B> {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        if self.first.is_some() {
            if let Some(delay) = ask(&mut self.first, step, entropy) {
                return Some(delay);
            }
            self.since = *step;
        }
        let step = Step {
            attempt: step.attempt.saturating_sub(self.since.attempt).saturating_add(1),
            elapsed: step.elapsed.saturating_sub(self.since.elapsed),
            ..*step
        };
        self.second.next_delay(&step, entropy)
    }
}

/// Asks one that has not ended, and remembers if it does.
fn ask<S: Schedule>(schedule: &mut Option<S>, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
    let delay = schedule.as_mut()?.next_delay(step, entropy);
    if delay.is_none() {
        *schedule = None;
    }
    delay
}

/// Made into others: see [`Backoff::map`](super::Backoff::map).
#[derive(Clone, Copy)]
pub struct Map<S, F> {
    inner: S,
    f: F,
}

impl<S, F> Map<S, F> {
    pub(super) const fn new(inner: S, f: F) -> Self {
        Self { inner, f }
    }
}

impl<S: Schedule, F: FnMut(Duration) -> Duration> Schedule for Map<S, F> {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        self.inner.next_delay(step, entropy).map(&mut self.f)
    }
}

impl<S: fmt::Debug, F> fmt::Debug for Map<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Map").field(&self.inner).finish_non_exhaustive()
    }
}

/// Ended by a condition: see [`Backoff::while_`](super::Backoff::while_).
#[derive(Clone, Copy)]
pub struct While<S, F> {
    inner: S,
    goes_on: F,
}

impl<S, F> While<S, F> {
    pub(super) const fn new(inner: S, goes_on: F) -> Self {
        Self { inner, goes_on }
    }
}

impl<S: Schedule, F: FnMut(&Step) -> bool> Schedule for While<S, F> {
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        if (self.goes_on)(step) { self.inner.next_delay(step, entropy) } else { None }
    }
}

impl<S: fmt::Debug, F> fmt::Debug for While<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("While").field(&self.inner).finish_non_exhaustive()
    }
}
