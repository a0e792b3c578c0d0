//! One run of a retry, without the waiting: what it has come to, and what follows from a result.
//!
//! The future, the loop and the async form all go this course. It reads the clock only when something has failed, or where a limit
//! has to begin.

use super::Attempt;
use super::budget::{Budget, Purse};
use super::judge::{Judge, Judged};
use super::plan::{Limit, Plan};
use super::report::{Failed, RetryError, StopReason};
use super::schedule::{Schedule, Step};
use crate::time::{Clock, Entropy, Instant, Seed};
use core::cell::Cell;
use core::fmt;
use core::time::Duration;

/// A [`Plan`] under way.
pub struct Course<S, J, B: Budget, E> {
    schedule: S,
    judge: J,
    purse: Purse<B>,
    entropy: E,
    /// This run's own numbers, from the first one on that is asked for.
    fork: Option<Seed>,
    limit: Limit,
    /// Of the attempt that runs, or ran last; 0 before the first.
    number: u32,
    /// Never, before there was one.
    first_failure: Instant,
    last_delay: Duration,
}

/// What follows from a result.
pub(super) enum Next<V, L> {
    /// It has come to an end.
    End(Result<V, RetryError<L>>),
    /// Another attempt, at once.
    Now,
    /// Another attempt, at that time.
    At(Instant),
}

impl<S, J, B: Budget, E> Course<S, J, B, E> {
    pub(super) fn new(plan: Plan<S, J, B, E>) -> Self {
        let Plan { schedule, judge, budget, entropy, limit } = plan;
        Self {
            schedule,
            judge,
            purse: Purse::new(budget),
            entropy,
            fork: None,
            limit,
            number: 0,
            first_failure: Instant::FAR_FUTURE,
            last_delay: Duration::ZERO,
        }
    }

    /// Another attempt begins.
    #[inline]
    pub(super) fn begin(&mut self) -> Attempt {
        self.purse.spend(self.number == 0);
        self.number = self.number.saturating_add(1);
        Attempt::new(self.number)
    }

    /// An attempt is pending: time begins to count, where it does.
    #[inline]
    pub(super) fn pending(&mut self, clock: &impl Clock) {
        if matches!(self.limit, Limit::Within(_)) {
            self.limit.begin(clock.now());
        }
    }

    pub(super) fn succeeded(&mut self) {
        self.purse.succeeded(self.number > 1);
    }
}

impl<S: Schedule, J, B: Budget, E: Entropy> Course<S, J, B, E> {
    /// The attempt came to a result.
    #[inline]
    pub(super) fn settle<V, X>(&mut self, result: Result<V, X>, clock: &impl Clock) -> Next<V, J::Last>
    where
        J: Judge<V, X>,
    {
        match self.judge.judge(result) {
            Judged::Done(value) => {
                self.succeeded();
                Next::End(Ok(value))
            }
            Judged::Final(last) => {
                let failed_before = !self.first_failure.is_far_future();
                let elapsed = if failed_before { self.elapsed(clock.now()) } else { Duration::ZERO };
                Next::End(Err(RetryError::new(last, self.number, elapsed, StopReason::Permanent)))
            }
            Judged::Again(last, hint) => self.go_on(last, hint, clock),
        }
    }

    fn go_on<V, X>(&mut self, last: J::Last, hint: Option<Duration>, clock: &impl Clock) -> Next<V, J::Last>
    where
        J: Judge<V, X>,
    {
        let now = clock.now();
        self.limit.begin(now);
        match self.next_delay(now, hint) {
            Err(reason) => Next::End(Err(RetryError::new(last, self.number, self.elapsed(now), reason))),
            Ok(delay) => {
                self.judge.tell(&Failed::new(Attempt::new(self.number), &last, delay));
                if delay.is_zero() { Next::Now } else { Next::At(now.saturating_add(delay)) }
            }
        }
    }

    /// The delay before another attempt that is paid for, or why there is none.
    fn next_delay(&mut self, now: Instant, hint: Option<Duration>) -> Result<Duration, StopReason> {
        self.first_failure = self.first_failure.min(now);
        let step = Step { attempt: self.number, elapsed: self.elapsed(now), last: self.last_delay, hint };
        let entropy = Forked { source: &self.entropy, own: Cell::new(self.fork.take()) };
        let delay = self.schedule.next_delay(&step, &entropy);
        self.fork = entropy.own.into_inner();
        let delay = delay.ok_or(StopReason::Exhausted)?;
        // A sleep that no attempt can follow is not slept.
        if matches!(self.limit, Limit::At(limit) if now.saturating_add(delay) >= limit) {
            return Err(StopReason::Deadline);
        }
        if !self.purse.withdraw() {
            return Err(StopReason::Budget);
        }
        self.last_delay = delay;
        Ok(delay)
    }

    fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.first_failure)
    }
}

/// Numbers of a run's own, forked from the source when the first is asked for: no two runs have the same, and one that needs none
/// asks for none.
struct Forked<'a, E> {
    source: &'a E,
    own: Cell<Option<Seed>>,
}

impl<E: Entropy> Entropy for Forked<'_, E> {
    fn next_u64(&self) -> u64 {
        let own = self.own.take().unwrap_or_else(|| Seed::new(self.source.next_u64()));
        let number = own.next_u64();
        self.own.set(Some(own));
        number
    }
}

impl<S: fmt::Debug, J, B: Budget, E> fmt::Debug for Course<S, J, B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("Course");
        this.field("attempt", &self.number).field("schedule", &self.schedule).finish_non_exhaustive()
    }
}
