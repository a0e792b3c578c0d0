//! What becomes of ticks that came due while nobody was looking: the pure half of [`Interval`](super::Interval).

use super::Instant;
use core::time::Duration;

/// What an [`Interval`](super::Interval) does with ticks that came due before the last one was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Missed {
    /// Skips them: the next tick is the next one of the original beat that lies ahead. The default.
    #[default]
    Skip,
    /// Makes up for them: each comes as soon as it is asked for, until the beat is reached again.
    Burst,
    /// Moves the beat: the next tick comes one period after this one was taken.
    Delay,
}

/// One beat of an [`Interval`](super::Interval).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Tick {
    /// When it was due.
    pub at: Instant,
    /// How many ticks came due since the last one and will not come any more. Always 0 with [`Missed::Burst`].
    pub missed: u64,
}

impl Missed {
    /// The tick that is taken at `now` when one was due at `due`, and when the next one is due. `period` is not zero.
    pub(crate) fn advance(self, due: Instant, now: Instant, period: Duration) -> (Tick, Instant) {
        // A clock that stepped back shows a moment before the deadline that has passed: as if no time went by.
        let now = now.max(due);
        let late = now.saturating_duration_since(due).as_nanos();
        let passed = u64::try_from(late / period.as_nanos()).unwrap_or(u64::MAX);
        match self {
            Self::Skip => {
                let at = due.saturating_add(times(period, passed));
                (Tick { at, missed: passed }, at.saturating_add(period))
            }
            Self::Burst => (Tick { at: due, missed: 0 }, due.saturating_add(period)),
            Self::Delay => (Tick { at: due, missed: passed }, now.saturating_add(period)),
        }
    }
}

fn times(period: Duration, count: u64) -> Duration {
    let nanos = period.as_nanos().saturating_mul(u128::from(count));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    /// Counts beats one by one.
    fn naive(missed: Missed, due: u64, now: u64, period: u64) -> (Tick, u64) {
        let (mut last, mut passed) = (due, 0);
        while last + period <= now {
            last += period;
            passed += 1;
        }
        match missed {
            Missed::Skip => (Tick { at: at(last), missed: passed }, last + period),
            Missed::Burst => (Tick { at: at(due), missed: 0 }, due + period),
            Missed::Delay => (Tick { at: at(due), missed: passed }, now.max(due) + period),
        }
    }

    fn policy() -> impl Strategy<Value = Missed> {
        prop_oneof![Just(Missed::Skip), Just(Missed::Burst), Just(Missed::Delay)]
    }

    proptest! {
        #[test]
        fn beats_are_what_counting_them_one_by_one_gives(missed in policy(), due in 0..500_u64, now in 0..5_000_u64, period in 1..700_u64) {
            let (tick, next) = missed.advance(at(due), at(now), Duration::from_nanos(period));
            prop_assert_eq!((tick, next.as_nanos()), naive(missed, due, now, period));
        }

        #[test]
        fn no_input_overflows_and_the_beat_never_goes_back(missed in policy(), due: u64, now: u64, period: Duration) {
            prop_assume!(period > Duration::ZERO);
            let (tick, next) = missed.advance(at(due), at(now), period);
            prop_assert!(tick.at >= at(due));
            prop_assert!(next > tick.at || next.is_far_future());
        }
    }
}
