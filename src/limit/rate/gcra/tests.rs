//! The kernel beside one that counts in fractions, and against what it owes.

use super::super::quota::{LONGEST, Quota, QuotaError};
use alloc::vec::Vec;
use core::time::Duration;
use proptest::prelude::*;

/// Rates whose intervals are no whole number of nanoseconds, some of them hardly longer than one.
const AWKWARD: [u32; 6] = [3, 7, 7_919, 999_999_937, 600_000_001, 999_999_999];

fn quota() -> impl Strategy<Value = Quota> {
    let any_rate = (1..=u32::MAX, any::<Duration>());
    let small = (1..50_u32, (1..1_000_u64).prop_map(Duration::from_nanos));
    let awkward = (prop::sample::select(&AWKWARD[..]), Just(Duration::from_secs(1)));
    let burst = prop_oneof![1..20_u32, 1..=u32::MAX];
    (prop_oneof![any_rate, small, awkward], burst).prop_filter_map("too fast", |((n, period), burst)| {
        Quota::try_per(n, period).and_then(|quota| quota.try_burst(burst)).ok()
    })
}

/// GCRA in fractions: `owed_until` counts `cells` to the nanosecond, so that an interval is `nanos`.
struct Twin {
    owed_until: u128,
}

impl Twin {
    fn base(&self, quota: &Quota, now: u64) -> u128 {
        self.owed_until.max(u128::from(now) * u128::from(quota.cells))
    }

    fn take(&mut self, quota: &Quota, now: u64, n: u64) {
        self.owed_until = self.base(quota, now) + u128::from(n) * u128::from(quota.nanos);
    }

    /// By how many cells' parts of a nanosecond it would be too early.
    fn excess(&self, quota: &Quota, now: u64, n: u64) -> i128 {
        let owed = self.base(quota, now) + u128::from(n) * u128::from(quota.nanos);
        let allowed =
            u128::from(now) * u128::from(quota.cells) + u128::from(quota.burst) * u128::from(quota.nanos);
        owed as i128 - allowed as i128
    }
}

/// No window holds more than the burst and what comes in its length and three nanoseconds.
fn assert_bounded(quota: &Quota, taken: &[(u64, u64)]) -> Result<(), TestCaseError> {
    for (first, (start, _)) in taken.iter().enumerate() {
        let mut sum = 0;
        for (at, n) in &taken[first..] {
            sum += u128::from(*n);
            let over = sum.saturating_sub(u128::from(quota.burst)) * u128::from(quota.nanos);
            let time = u128::from(at - start + 3) * u128::from(quota.cells);
            prop_assert!(over <= time, "{sum} cells within {} ns of {quota:?}", at - start);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_window_holds_more_than_burst_and_rate_and_what_a_twin_in_fractions_allows_is_allowed(
        quota in quota(),
        start in 0..LONGEST,
        steps in prop::collection::vec((any::<u32>(), 1..20_u64, 0..4_u32), 1..80),
    ) {
        let (mut now, mut word, mut twin, mut taken) = (start, 0, Twin { owed_until: 0 }, Vec::new());
        let interval = quota.interval().as_nanos() as u64;
        for (pause, n, kind) in steps {
            // Nothing, a few nanoseconds, a part of an interval, or some intervals.
            let pause = match kind {
                0 => 0,
                1 => u64::from(pause) % 5,
                2 => u64::from(pause) % interval,
                _ => (u64::from(pause) % 30).saturating_mul(interval).min(LONGEST / 64),
            };
            now = (now + pause).min(LONGEST * 2);
            if n > u64::from(quota.burst) {
                continue;
            }
            let excess = twin.excess(&quota, now, n);
            let nanosecond = i128::from(quota.cells);
            match quota.decide(word, now, n) {
                Ok(after) => {
                    prop_assert!(excess < 3 * nanosecond, "{excess} early, of {nanosecond}");
                    (word, _) = (after, twin.take(&quota, now, n));
                    taken.push((now, n));
                    let off = i128::from(word) * nanosecond - twin.owed_until as i128;
                    prop_assert!(off.abs() < 3 * nanosecond, "off by {off} of {nanosecond}");
                }
                Err(ready_at) => {
                    prop_assert!(excess > -3 * nanosecond, "{excess}, and denied");
                    prop_assert!(ready_at > now);
                    prop_assert!(quota.decide(word, ready_at, n).is_ok(), "when it said");
                    prop_assert!(quota.decide(word, ready_at - 1, n).is_err(), "and no sooner");
                }
            }
            let free = u64::from(quota.free(word, now));
            prop_assert!(free == 0 || quota.decide(word, now, free).is_ok(), "{free} are free");
            let more = free == u64::from(quota.burst) || quota.decide(word, now, free + 1).is_err();
            prop_assert!(more, "more than {free} are free");
        }
        assert_bounded(&quota, &taken)?;
    }

    #[test]
    fn a_whole_burst_may_go_from_idle_and_by_ones_as_well(quota in quota(), now in 0..LONGEST) {
        let all = u64::from(quota.burst);
        prop_assert_eq!(u64::from(quota.free(0, now)), all);
        let at_once = quota.decide(0, now, all);
        prop_assert!(at_once.is_ok());
        prop_assert_eq!(u64::from(quota.free(at_once.unwrap(), now.saturating_add(quota.tolerance))), all);
        let (mut word, few) = (0, all.min(100));
        for _ in 0..few {
            word = quota.decide(word, now, 1).expect("there are more");
        }
        if few == all && quota.nanos >= 2 * u64::from(quota.cells) {
            prop_assert!(quota.decide(word, now, 1).is_err(), "no extra cell after idle");
        }
    }

    #[test]
    fn a_refund_undoes_what_was_taken(quota in quota(), from in 0..LONGEST, n in 1..1_000_u64) {
        let n = n.min(u64::from(quota.burst));
        let there = quota.advance(from, n);
        let back = quota.retreat(there, n);
        prop_assert!(back == from || back + 1 == from, "{from} became {back}");
        prop_assert_eq!(quota.retreat(quota.advance(back, n), n), back);
        let on_grid = quota.advance(0, n);
        prop_assert_eq!(quota.retreat(quota.advance(on_grid, n), n), on_grid);
        prop_assert_eq!(quota.retreat(on_grid, n), 0);
    }

    #[test]
    fn many_cells_at_once_are_as_far_as_one_by_one(quota in quota(), from in 0..LONGEST, n in 1..200_u64) {
        let at_once = quota.advance(from, n);
        let one_by_one = (0..n).fold(from, |moment, _| quota.advance(moment, 1));
        prop_assert_eq!(at_once, one_by_one);
        let on_grid = quota.advance(0, n);
        prop_assert_eq!((0..n).fold(0, |moment, _| quota.advance(moment, 1)), on_grid);
    }

    #[test]
    fn nothing_panics_whatever_the_numbers(
        quota in quota(),
        word: u64,
        now: u64,
        n: u64,
        longest: u64,
    ) {
        let few = n % (u64::from(quota.burst) + 1);
        let _ = (quota.decide(word, now, few), quota.free(word, now), quota.advance(word, n), quota.retreat(word, n));
        let most = quota.at_most(word, now, longest);
        let waits = match quota.decide(most, now, few) {
            Ok(_) => 0,
            Err(ready_at) => ready_at - now,
        };
        prop_assert!(waits <= longest.saturating_add(quota.tolerance), "a clock that steps back wedges nothing");
    }

    #[test]
    fn a_quota_is_made_of_any_numbers_or_says_why_not(n: u32, period: Duration, burst: u32) {
        let quota = Quota::try_per(n, period).and_then(|quota| quota.try_burst(burst));
        let expected = match (n, period.as_nanos(), burst) {
            (0, ..) => Some(QuotaError::ZeroCells),
            (_, 0, _) => Some(QuotaError::ZeroPeriod),
            (n, period, _) if u128::from(n) > period => Some(QuotaError::TooFast),
            (.., 0) => Some(QuotaError::ZeroBurst),
            _ => None,
        };
        prop_assert_eq!(quota.err(), expected);
        if let Ok(quota) = quota {
            prop_assert!(quota.burst >= 1 && quota.burst <= burst && quota.tolerance <= LONGEST);
        }
    }
}

#[test]
fn ten_million_cells_of_an_awkward_rate_are_where_they_belong_to_the_nanosecond() {
    for rate in AWKWARD {
        let quota = Quota::per_second(rate);
        let start = 1_234_567_890_123;
        let mut moment = start;
        for _ in 0..10_000_000 {
            moment = quota.advance(moment, 1);
        }
        let exact = u128::from(10_000_000_u64) * 1_000_000_000 / u128::from(rate);
        let off = i128::from(moment - start) - exact as i128;
        assert!(off.abs() <= 2, "{rate} per second: off by {off} ns");
    }
}

#[test]
fn each_whole_period_of_an_awkward_rate_ends_where_it_began() {
    for rate in [3, 7, 7_919] {
        let quota = Quota::per_second(rate);
        let mut moment = quota.advance(0, 1);
        let start = moment;
        for period in 1..=3 {
            for _ in 0..rate {
                moment = quota.advance(moment, 1);
            }
            assert_eq!(moment - start, period * 1_000_000_000, "{rate} per second");
        }
    }
}

#[test]
fn quotas_that_overflow_elsewhere_are_cut_to_what_a_clock_can_tell() {
    let century_of_bursts = Quota::per_hour(1).burst(u32::MAX);
    assert_eq!(u64::from(century_of_bursts.burst_size()), LONGEST / 3_600_000_000_000);
    assert_eq!(century_of_bursts.interval(), Duration::from_secs(3_600), "the rate is as it was");
    let so_many_ever = Quota::per(100, Duration::MAX);
    assert_eq!(so_many_ever.burst_size(), 100);
    let now = LONGEST;
    let word = so_many_ever.decide(0, now, 100).expect("all of them");
    assert!(so_many_ever.decide(word, now + LONGEST / 200, 1).is_err(), "for a year and more");
    assert_eq!(Quota::per(1, Duration::MAX).burst(7).burst_size(), 1);
    let fast = Quota::per_second(1_000_000_000).burst(u32::MAX);
    assert_eq!((fast.burst_size(), fast.interval()), (u32::MAX, Duration::from_nanos(1)));
}

#[test]
fn an_exact_interval_is_waited_for_exactly() {
    let quota = Quota::per_second(10);
    let now = 5_000_000_000;
    let word = quota.decide(0, now, 10).expect("the burst");
    assert_eq!(word, now + 1_000_000_000);
    assert_eq!(quota.decide(word, now, 1), Err(now + 100_000_000));
    assert_eq!(quota.decide(word, now + 250_000_000, 2), Ok(word + 200_000_000));
    assert_eq!(quota.decide(word, now + 250_000_000, 3), Err(now + 300_000_000));
    assert_eq!(quota.free(word, now + 250_000_000), 2);
}
