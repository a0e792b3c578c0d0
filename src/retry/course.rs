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
use crate::time::{self, Clock, Entropy, Instant};
use core::cell::Cell;
use core::fmt;
use core::time::Duration;

/// A [`Plan`] under way.
pub struct Course<S, J, B: Budget, E> {
    schedule: S,
    judge: J,
    purse: Purse<B>,
    entropy: E,
    /// This run's own numbers, from the first one on that is asked for; 0 before.
    fork: u64,
    limit: Limit,
    /// Never, before there was one.
    first_failure: Instant,
    /// Of the attempt that runs, or ran last; 0 before the first.
    number: u32,
}

/// What follows when an attempt did not bring what was asked for.
pub(super) enum Next<L> {
    /// It has come to an end.
    End(RetryError<L>),
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
            fork: 0,
            limit,
            first_failure: Instant::FAR_FUTURE,
            number: 0,
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
        if self.limit.is_to_begin() {
            self.limit.begin(clock.now());
        }
    }

    /// Whether no attempt has begun.
    #[inline]
    pub(super) const fn is_new(&self) -> bool {
        self.number == 0
    }

    #[inline]
    pub(super) fn succeeded(&mut self) {
        self.purse.succeeded(self.number > 1);
    }
}

impl<S: Schedule, J, B: Budget, E: Entropy> Course<S, J, B, E> {
    /// The attempt came to a result: the value that was asked for, or what follows.
    #[inline]
    pub(super) fn settle<V, X>(
        &mut self,
        result: Result<V, X>,
        clock: &impl Clock,
    ) -> Result<V, Next<J::Last>>
    where
        J: Judge<V, X>,
    {
        let judged = self.judge(result);
        self.follow(judged, clock)
    }

    #[inline]
    pub(super) fn judge<V, X>(&mut self, result: Result<V, X>) -> Judged<V, J::Last>
    where
        J: Judge<V, X>,
    {
        self.judge.judge(result)
    }

    /// What follows from a result that was judged.
    #[inline]
    pub(super) fn follow<V, X>(
        &mut self,
        judged: Judged<V, J::Last>,
        clock: &impl Clock,
    ) -> Result<V, Next<J::Last>>
    where
        J: Judge<V, X>,
    {
        match judged {
            Judged::Done(value) => {
                self.succeeded();
                Ok(value)
            }
            Judged::Final(last) => Err(Next::End(self.end(last, StopReason::Permanent, clock))),
            Judged::Again(last, hint) => Err(self.go_on::<V, X>(last, hint, clock)),
        }
    }

    /// It ends here, whatever the schedule says.
    #[cold]
    pub(super) fn end<L>(&self, last: L, reason: StopReason, clock: &impl Clock) -> RetryError<L> {
        let failed_before = !self.first_failure.is_far_future();
        let elapsed = if failed_before { self.elapsed(clock.now()) } else { Duration::ZERO };
        RetryError::new(last, self.number, elapsed, reason)
    }

    #[inline]
    fn go_on<V, X>(&mut self, last: J::Last, hint: Option<Duration>, clock: &impl Clock) -> Next<J::Last>
    where
        J: Judge<V, X>,
    {
        let now = clock.now();
        self.limit.begin(now);
        self.first_failure = self.first_failure.min(now);
        match self.next_delay(now, hint) {
            Err(reason) => Next::End(RetryError::new(last, self.number, self.elapsed(now), reason)),
            Ok(delay) => {
                self.judge.tell(&Failed::new(Attempt::new(self.number), &last, delay));
                if delay.is_zero() { Next::Now } else { Next::At(now.saturating_add(delay)) }
            }
        }
    }

    /// The delay before another attempt that is paid for, or why there is none.
    #[inline]
    fn next_delay(&mut self, now: Instant, hint: Option<Duration>) -> Result<Duration, StopReason> {
        let step = Step::new(self.number).after(self.elapsed(now)).hinted(hint);
        let entropy = Forked { source: &self.entropy, own: Cell::new(self.fork) };
        let delay = self.schedule.next_delay(&step, &entropy);
        self.fork = entropy.own.get();
        let delay = delay.ok_or(StopReason::Exhausted)?;
        // A sleep that no attempt can follow is not slept.
        if self.limit.is_over_at(now.saturating_add(delay)) {
            return Err(StopReason::Deadline);
        }
        if !self.purse.withdraw() {
            return Err(StopReason::Budget);
        }
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
    own: Cell<u64>,
}

impl<E: Entropy> Entropy for Forked<'_, E> {
    fn next_u64(&self) -> u64 {
        let mut own = self.own.get();
        if own == 0 {
            own = self.source.next_u64();
        }
        let number = time::next_of(&mut own);
        self.own.set(own);
        number
    }
}

impl<S: fmt::Debug, J, B: Budget, E> fmt::Debug for Course<S, J, B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("Course");
        this.field("attempt", &self.number).field("schedule", &self.schedule).finish_non_exhaustive()
    }
}
