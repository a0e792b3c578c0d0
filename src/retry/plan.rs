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
    pub(super) const fn new(schedule: S) -> Self {
        let limit = Limit::NEVER;
        Self { schedule, judge: EveryError, budget: Unlimited, entropy: SystemEntropy, limit }
    }
}

/// When it has to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// A moment; or how long, as a moment after zero.
    until: Instant,
    /// From when on it counts is not known yet.
    is_to_begin: bool,
}

impl Limit {
    pub(super) const NEVER: Self = Self::at(Instant::FAR_FUTURE);

    pub(super) const fn at(moment: Instant) -> Self {
        Self { until: moment, is_to_begin: false }
    }

    pub(super) const fn within(limit: Duration) -> Self {
        Self { until: Instant::from_nanos(0).saturating_add(limit), is_to_begin: true }
    }

    /// Whether it has to be told when it begins.
    #[inline]
    pub(super) const fn is_to_begin(self) -> bool {
        self.is_to_begin
    }

    /// It begins now, unless it has begun.
    #[inline]
    pub(super) const fn begin(&mut self, now: Instant) {
        if self.is_to_begin {
            *self =
                Self::at(now.saturating_add(self.until.saturating_duration_since(Instant::from_nanos(0))));
        }
    }

    /// Whether nothing may begin at that moment any more.
    #[inline]
    pub(super) fn is_over_at(self, moment: Instant) -> bool {
        moment >= self.until && !self.until.is_far_future()
    }
}

impl<S, J, B, E> Plan<S, J, B, E> {
    pub(super) fn judged_by<K>(self, judge: impl FnOnce(J) -> K) -> Plan<S, K, B, E> {
        let Self { schedule, judge: before, budget, entropy, limit } = self;
        Plan { schedule, judge: judge(before), budget, entropy, limit }
    }

    pub(super) fn paid_by<C>(self, budget: C) -> Plan<S, J, C, E> {
        let Self { schedule, judge, entropy, limit, .. } = self;
        Plan { schedule, judge, budget, entropy, limit }
    }

    pub(super) fn spread_by<F>(self, entropy: F) -> Plan<S, J, B, F> {
        let Self { schedule, judge, budget, limit, .. } = self;
        Plan { schedule, judge, budget, entropy, limit }
    }
}
