//! What all callers together may do.

use super::*;
use std::sync::Arc;
use untether::retry::budget::{Budget, RateBudget, RateRules, TokenQuota};
use untether_support::cases;

fn rate(clock: &ManualClock, ratio: f64) -> RateBudget<ManualClock> {
    RateBudget::new(RateRules::new().ratio(ratio).reserve(0), clock.clone())
}

fn withdrawn(budget: &impl Budget, tries: usize) -> usize {
    (0..tries).filter(|_| budget.try_withdraw().is_some()).count()
}

/// tower's turns 0.3 into a third, 0.4 into a half, and 0.6, 0.75 and 0.9 into one.
#[test]
fn every_ratio_is_right() {
    let clock = ManualClock::new();
    for percent in 0..=300_u32 {
        let budget = rate(&clock, f64::from(percent) / 100.0);
        (0..1_000).for_each(|_| budget.deposit());
        assert_eq!(withdrawn(&budget, 5_000), 10 * percent as usize, "{percent} %");
    }
    let third = rate(&clock, 1.0 / 3.0);
    (0..3_000).for_each(|_| third.deposit());
    assert_eq!(withdrawn(&third, 3_000), 1_000);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(cases(128)))]

    /// At no time, whatever comes in which order.
    #[test]
    fn extra_calls_never_exceed_the_ratio(ratio in 0.0..3.0_f64, steps: Vec<bool>) {
        let clock = ManualClock::new();
        let (budget, mut first, mut extra) = (rate(&clock, ratio), 0_u32, 0_u32);
        for is_first in steps {
            if is_first {
                budget.deposit();
                first += 1;
            } else if budget.try_withdraw().is_some() {
                extra += 1;
            }
            proptest::prop_assert!(f64::from(extra) <= ratio * f64::from(first) + 1e-6);
            proptest::prop_assert_eq!(budget.available(), (ratio * f64::from(first) + 1e-9).floor() as u64 - u64::from(extra));
        }
    }
}

#[test]
fn what_is_older_than_the_window_counts_no_more() {
    let clock = ManualClock::new();
    let budget = rate(&clock, 0.5);
    (0..10).for_each(|_| budget.deposit());
    assert_eq!(withdrawn(&budget, 10), 5);
    clock.advance(9 * SECOND);
    assert_eq!(withdrawn(&budget, 10), 0);
    clock.advance(SECOND);
    assert_eq!(budget.available(), 0, "nor do the first calls");
    (0..10).for_each(|_| budget.deposit());
    assert_eq!(withdrawn(&budget, 10), 5);
}

/// A year at a slot a second took tower's 7.8 s.
#[test]
fn a_thousand_years_of_idleness_are_looked_at_in_no_time() {
    let clock = ManualClock::new();
    let budget = rate(&clock, 1.0);
    budget.deposit();
    for _ in 0..100 {
        clock.advance(Duration::from_secs(365 * 86_400));
        assert_eq!(budget.available(), 0);
    }
}

#[test]
fn who_makes_few_calls_has_a_reserve() {
    let clock = ManualClock::new();
    let budget = RateBudget::new(RateRules::new(), clock.clone());
    assert_eq!(withdrawn(&budget, 1_000), 100, "10 a second, over 10 seconds");
    clock.advance(10 * SECOND);
    assert_eq!(budget.available(), 100);
    let short = RateBudget::new(RateRules::new().ratio(0.0).reserve(1).window(100 * MS), clock.clone());
    assert_eq!(withdrawn(&short, 10), 1, "a reserve is never rounded to none");
}

#[test]
fn impossible_budgets_are_refused_where_they_are_written() {
    let clock = ManualClock::new();
    for ratio in [-0.1, f64::NAN, f64::INFINITY] {
        let refused = std::panic::catch_unwind(|| rate(&ManualClock::new(), ratio));
        assert!(refused.is_err() && RateRules::new().try_ratio(ratio).is_none(), "{ratio}");
    }
    let refused: [fn(); 4] = [
        || _ = TokenQuota::new(0),
        || _ = TokenQuota::new(10).cost(0),
        || _ = TokenQuota::new(10).cost(11),
        || _ = RateRules::new().window(Duration::ZERO),
    ];
    assert!(refused.iter().all(|make| std::panic::catch_unwind(make).is_err()));
    let huge =
        RateBudget::new(RateRules::new().ratio(f64::MAX).reserve(u32::MAX).window(Duration::MAX), clock);
    let reserve = RateRules::new().ratio(0.0).reserve(1_000_000_001).window(Duration::MAX);
    assert_eq!(RateBudget::new(reserve, ManualClock::new()).available(), u64::MAX, "it saturates");
    huge.deposit();
    assert!(huge.try_withdraw().is_some() && huge.available() > 1 << 60);
}

#[test]
fn a_clock_that_steps_back_neither_panics_nor_wedges_a_budget() {
    let clock = ManualClock::new();
    clock.advance(Duration::from_secs(20 * 365 * 86_400));
    let budget = RateBudget::new(RateRules::new().ratio(0.0).reserve(1), clock.clone());
    assert_eq!(withdrawn(&budget, 100), 10);
    clock.step_back(Duration::from_secs(10 * 365 * 86_400));
    assert_eq!(withdrawn(&budget, 100), 10);
    clock.advance(11 * SECOND);
    assert_eq!(withdrawn(&budget, 100), 10);
}

/// With everything down, callers make 1.2 calls each and not three.
#[test]
fn a_budget_bounds_what_all_callers_make_of_it() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let budget = Arc::new(rate(&clock, 0.2));
    for caller in 0..500 {
        let down = || {
            calls.set(calls.get() + 1);
            ready(Err::<(), _>("down"))
        };
        let retrying = down.retry(every(Duration::ZERO).attempts(3)).budget(budget.clone());
        let error = run(&clock, retrying.on(&clock)).unwrap_err();
        assert!(matches!(error.reason(), StopReason::Budget | StopReason::Exhausted), "{caller}");
    }
    assert_eq!(calls.get(), 600);
}

#[test]
fn a_quota_is_emptied_by_failures_and_filled_by_successes() {
    let quota = TokenQuota::new(20).cost(5);
    assert_eq!((withdrawn(&quota, 9), quota.tokens()), (4, 0));
    (0..4).for_each(|_| quota.succeeded(false));
    assert!(quota.try_withdraw().is_none());
    quota.succeeded(false);
    assert!(quota.try_withdraw().is_some());
    quota.succeeded(true);
    assert_eq!(quota.tokens(), 5, "an extra call that goes well brings back what it cost");
    (0..100).for_each(|_| quota.succeeded(true));
    assert_eq!(quota.tokens(), 20, "and never more than there can be");
}

/// A failure after all, or an attempt that is cut off, has been paid for: in smithy-rs' the permit in the guard gave it back.
#[test]
fn a_retry_that_was_made_is_paid_for_and_one_that_was_not_is_given_back() {
    let (clock, quota) = (ManualClock::new(), TokenQuota::new(100).cost(10));
    let _ = run(&clock, retry(fails(99), every(SECOND).attempts(4)).budget(&quota).on(&clock));
    assert_eq!(quota.tokens(), 70);
    let mut retrying = Probe::new(Box::pin(retry(fails(99), every(SECOND)).budget(&quota).on(&clock)));
    retrying.assert_pending();
    assert_eq!(quota.tokens(), 60, "paid before the wait");
    drop(retrying);
    assert_eq!(quota.tokens(), 70, "and given back in it");
    let hangs = |attempt: Attempt| async move {
        if attempt.is_first() { Err::<(), _>("busy") } else { std::future::pending().await }
    };
    let mut retrying = Probe::new(Box::pin(retry(hangs, every(SECOND)).budget(&quota).on(&clock)));
    retrying.assert_pending();
    clock.advance(SECOND);
    retrying.assert_pending();
    drop(retrying);
    assert_eq!(quota.tokens(), 60, "the attempt was made");
    assert_eq!(run(&clock, retry(fails(2), every(SECOND)).budget(&quota).on(&clock)), Ok(3));
    assert_eq!(quota.tokens(), 50, "of two retries, the one that went well brought its cost back");
}

/// The wait is longer than the window: what was withdrawn for it counts no more, and what others withdrew since does.
#[test]
fn what_is_given_back_after_the_window_is_not_taken_from_what_others_withdrew() {
    let clock = ManualClock::new();
    let budget = RateBudget::new(RateRules::new().ratio(0.0).reserve(1).window(SECOND), clock.clone());
    let mut waits = Probe::new(Box::pin(retry(fails(9), every(60 * SECOND)).budget(&budget).on(&clock)));
    waits.assert_pending();
    clock.advance(30 * SECOND);
    assert_eq!(withdrawn(&budget, 2), 1);
    drop(waits);
    assert_eq!(budget.available(), 0, "one extra call a second, and it has been made");
}

#[test]
fn a_schedule_or_a_deadline_that_ends_costs_nothing_of_the_budget() {
    let (clock, quota) = (ManualClock::new(), TokenQuota::new(100).cost(10));
    let _ = run(&clock, retry(fails(9), every(SECOND).attempts(1)).budget(&quota).on(&clock));
    let _ = run(&clock, retry(fails(9), every(SECOND)).within(SECOND).budget(&quota).on(&clock));
    let _ = run(&clock, retry(fails(9), every(SECOND)).when(|_| false).budget(&quota).on(&clock));
    assert_eq!(quota.tokens(), 100);
}
