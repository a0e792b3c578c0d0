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
        let limit = Limit::Never;
        Self { schedule, judge: EveryError, budget: Unlimited, entropy: SystemEntropy, limit }
    }
}

/// When it has to be done. Also as a moment it does not end an attempt that is running: see [`Retry::deadline`](super::Retry::deadline).
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    Never,
    At(Instant),
    /// From the first pending poll or failure on.
    Within(Duration),
}

impl Limit {
    /// What counts from a moment on counts from this one, unless it does already.
    pub(super) const fn begin(&mut self, now: Instant) {
        if let Self::Within(limit) = *self {
            *self = Self::At(now.saturating_add(limit));
        }
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
