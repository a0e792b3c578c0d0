//! How long a shutdown may take, and which part of that is for what.
//!
//! Where it stands at a moment is a function of the plan, the moment it began, and the moment of an abort that came before its time.

use super::phase::Phase;
use crate::time::Instant;
use core::time::Duration;

const LIMIT: Duration = Duration::from_secs(30);
const CANCELLING: Duration = Duration::from_secs(5);
const ABORTING: Duration = Duration::from_millis(500);

/// How long a shutdown may take in all, and how much of that is kept for those who are cancelled, and for those who are aborted.
///
/// | part | for | unless said |
/// |---|---|---|
/// | the first | those who finish what they have begun | what the others leave: 24.5 s |
/// | the second | those who are cancelled, to clean up | 5 s, but at most a sixth of the whole |
/// | the last | what is aborted, to be dropped by its executor | 0.5 s, but at most a sixtieth of the whole |
/// | **all** | | **30 s** |
///
/// Nobody waits for a part to end: a shutdown is over when the last one has gone.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::task::DrainPlan;
///
/// const PLAN: DrainPlan = DrainPlan::new().limit(Duration::from_secs(10)).cancelling(Duration::from_secs(2));
/// assert_eq!(DrainPlan::new().in_all(), Duration::from_secs(30));
/// # let _ = PLAN;
/// ```
#[doc(alias = "grace")]
#[doc(alias = "terminationGracePeriodSeconds")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DrainPlan {
    limit: Duration,
    cancelling: Option<Duration>,
    aborting: Option<Duration>,
}

/// What the plan says of a moment: how far it has come, and when it goes on. Nothing when it is over.
pub(super) type Standing = Option<(Phase, Instant)>;

impl DrainPlan {
    /// Thirty seconds, five of them for those who are cancelled, and half a second for those who are aborted.
    #[must_use]
    pub const fn new() -> Self {
        Self { limit: LIMIT, cancelling: None, aborting: None }
    }

    /// How long it may take in all. With zero everything is aborted at once.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// How much is kept for those who are cancelled. If that is more than all, they are cancelled at once.
    #[must_use]
    pub const fn cancelling(mut self, share: Duration) -> Self {
        self.cancelling = Some(share);
        self
    }

    /// How much is kept for those who are aborted, at the end. If that is more than all, they are aborted at once.
    #[must_use]
    pub const fn aborting(mut self, share: Duration) -> Self {
        self.aborting = Some(share);
        self
    }

    /// How long it may take in all.
    #[must_use]
    pub const fn in_all(&self) -> Duration {
        self.limit
    }

    /// How much of it is for each of the three: those who finish, are cancelled, are aborted.
    #[must_use]
    pub fn shares(&self) -> [Duration; 3] {
        let aborting = self.aborting.unwrap_or_else(|| ABORTING.min(self.limit / 60)).min(self.limit);
        let left = self.limit - aborting;
        let cancelling = self.cancelling.unwrap_or_else(|| CANCELLING.min(self.limit / 6)).min(left);
        [left - cancelling, cancelling, aborting]
    }

    /// Where a shutdown stands at `now` that began at `begun` and was aborted, if it was, at `aborted`.
    pub(super) fn standing(&self, begun: Instant, aborted: Option<Instant>, now: Instant) -> Standing {
        let [draining, cancelling, aborting] = self.shares();
        let cancels = begun.saturating_add(draining);
        let aborts = cancels.saturating_add(cancelling);
        let end = begun.saturating_add(self.limit);
        match aborted {
            None if now < cancels => Some((Phase::Draining, cancels)),
            None if now < aborts => Some((Phase::Cancelling, aborts)),
            None => Some((Phase::Aborting, end)),
            Some(aborted) => {
                let end = end.min(aborted.saturating_add(aborting));
                (now < end).then_some((Phase::Aborting, end))
            }
        }
    }
}

impl Default for DrainPlan {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    prop_compose! {
        fn plans()(
            limit in prop_oneof![Just(0), 0..100_u64, Just(u64::MAX)],
            cancelling in proptest::option::of(prop_oneof![0..150_u64, Just(u64::MAX)]),
            aborting in proptest::option::of(prop_oneof![0..150_u64, Just(u64::MAX)]),
        ) -> DrainPlan {
            let length = |nanos| if nanos == u64::MAX { Duration::MAX } else { Duration::from_nanos(nanos) };
            DrainPlan { limit: length(limit), cancelling: cancelling.map(length), aborting: aborting.map(length) }
        }
    }

    proptest! {
        #[test]
        fn the_shares_are_all_there_is(plan in plans()) {
            prop_assert_eq!(plan.shares().iter().sum::<Duration>(), plan.in_all());
        }

        #[test]
        fn it_never_goes_back_and_ends_at_the_one_deadline(
            plan in plans(),
            begun in prop_oneof![0..100_u64, Just(u64::MAX)],
            steps in prop::collection::vec(0..40_u64, 1..20),
            aborted in proptest::option::of(0..10_usize),
        ) {
            let (begun, mut now) = (at(begun), at(begun));
            let (mut phase, mut abort) = (Phase::Running, None);
            for (number, step) in steps.into_iter().enumerate() {
                if aborted == Some(number) {
                    abort.get_or_insert(now);
                }
                let standing = plan.standing(begun, abort, now);
                let end = begun.saturating_add(plan.in_all());
                match standing {
                    Some((reached, next)) => {
                        prop_assert!(reached >= phase && next <= end);
                        prop_assert!(reached == Phase::Aborting || next > now || next.is_far_future());
                        prop_assert!(abort.is_none() || now < end);
                        if reached == Phase::Aborting {
                            abort.get_or_insert(now);
                        }
                        phase = reached;
                    }
                    None => prop_assert!(abort.is_some_and(|_| now >= end || now >= abort.unwrap())),
                }
                now = now.saturating_add(Duration::from_nanos(step));
            }
            let late = end_of(&plan, begun);
            prop_assert!(late.is_far_future() || plan.standing(begun, Some(late), late).is_none());
        }
    }

    fn end_of(plan: &DrainPlan, begun: Instant) -> Instant {
        begun.saturating_add(plan.in_all())
    }

    #[test]
    fn thirty_seconds_are_divided_as_the_page_says() {
        let [draining, cancelling, aborting] = DrainPlan::new().shares();
        let secs = |duration: Duration| duration.as_secs_f64();
        assert_eq!((secs(draining), secs(cancelling), secs(aborting)), (24.5, 5.0, 0.5));
    }
}
