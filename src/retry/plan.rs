//! All that is said about a retry but the operation: a plain value.

use super::budget::Unlimited;
use super::judge::EveryError;
use crate::time::{Instant, SystemEntropy};
use core::time::Duration;

/// The rules of a [`Retry`](super::Retry): the schedule `S`, which results are tried again (`J`), the budget `B`, where jitter comes
/// from (`E`).
#[derive(Clone, Copy, Debug)]
pub struct Plan<S, J = EveryError, B = Unlimited, E = SystemEntropy> {
    pub(super) schedule: S,
    pub(super) judge: J,
    pub(super) budget: B,
    pub(super) entropy: E,
    pub(super) limit: Limit,
}

impl<S> Plan<S> {
    pub(crate) const fn new(schedule: S) -> Self {
        let limit = Limit::NEVER;
        Self { schedule, judge: EveryError, budget: Unlimited, entropy: SystemEntropy, limit }
    }
}

/// When it has to be done: so long after a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// When it began: never, as long as it has not.
    since: Instant,
    /// In nanoseconds.
    length: u64,
}

impl Limit {
    pub(super) const NEVER: Self = Self::at(Instant::FAR_FUTURE);

    /// Counted from the clock's origin, before which no clock steps back.
    pub(super) const fn at(moment: Instant) -> Self {
        Self { since: Instant::from_nanos(0), length: moment.as_nanos() }
    }

    pub(super) const fn within(length: Duration) -> Self {
        Self { since: Instant::FAR_FUTURE, length: Instant::from_nanos(0).saturating_add(length).as_nanos() }
    }

    /// Whether it has to be told when it begins.
    #[inline]
    pub(super) const fn is_to_begin(self) -> bool {
        self.since.is_far_future()
    }

    /// It begins now, unless it has begun; and anew where the clock has stepped back, or it would last longer by the step.
    #[inline]
    pub(super) fn begin(&mut self, now: Instant) {
        self.since = self.since.min(now);
    }

    /// Whether nothing may begin at that moment any more.
    #[inline]
    pub(super) fn is_over_at(self, moment: Instant) -> bool {
        let until = Instant::from_nanos(self.since.as_nanos().saturating_add(self.length));
        moment >= until && !until.is_far_future()
    }
}

impl<S, J, B, E> Plan<S, J, B, E> {
    pub(crate) fn scheduled_by<R>(self, schedule: impl FnOnce(S) -> R) -> Plan<R, J, B, E> {
        let Self { schedule: before, judge, budget, entropy, limit } = self;
        Plan { schedule: schedule(before), judge, budget, entropy, limit }
    }

    pub(crate) fn judged_by<K>(self, judge: impl FnOnce(J) -> K) -> Plan<S, K, B, E> {
        let Self { schedule, judge: before, budget, entropy, limit } = self;
        Plan { schedule, judge: judge(before), budget, entropy, limit }
    }

    pub(super) fn paid_by<C>(self, budget: C) -> Plan<S, J, C, E> {
        let Self { schedule, judge, entropy, limit, .. } = self;
        Plan { schedule, judge, budget, entropy, limit }
    }

    pub(crate) fn spread_by<F>(self, entropy: F) -> Plan<S, J, B, F> {
        let Self { schedule, judge, budget, limit, .. } = self;
        Plan { schedule, judge, budget, entropy, limit }
    }
}
