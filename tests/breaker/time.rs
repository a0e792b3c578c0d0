//! Clocks: when they are asked, and when they say something strange.

use super::*;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};
use untether_support::cases;

/// Counts how often it is asked, or says what it is told to.
#[derive(Clone, Default)]
struct Watched {
    asked: Arc<AtomicU64>,
    now: Arc<AtomicU64>,
}

impl Clock for Watched {
    fn now(&self) -> Instant {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Instant::from_nanos(self.now.load(Ordering::Relaxed))
    }
}

/// How often the clock is asked by a call that is let through and ends.
fn asked_by(plan: Plan, failed: bool) -> u64 {
    let clock = Watched::default();
    let breaker = plan.build(clock.clone());
    let permit = let_through(&breaker);
    let told = if failed { permit.failure() } else { permit.success() };
    assert_eq!(told, None);
    clock.asked.load(Ordering::Relaxed)
}

#[test]
fn a_closed_breaker_asks_the_clock_where_a_window_of_time_or_slow_calls_ask_and_nowhere_else() {
    for failed in [false, true] {
        assert_eq!(asked_by(plan().consecutive(2), failed), 0);
        assert_eq!(asked_by(plan().failure_rate(0.5).window(Window::calls(9)).min_calls(2), failed), 0);
        assert_eq!(asked_by(plan().failure_rate(0.5).window(Window::time(SECOND)), failed), 1);
        assert_eq!(asked_by(plan().slow_rate(0.5, SECOND).window(Window::calls(9)).min_calls(2), failed), 2);
    }
}

#[test]
fn a_clock_that_steps_back_ten_years_keeps_it_open_for_no_longer_than_it_should() {
    const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 86_400);
    let clock = ManualClock::new();
    clock.advance(2 * TEN_YEARS);
    let breaker = plan().consecutive(1).build(clock.clone());
    fail(&breaker, 1);
    clock.step_back(TEN_YEARS);
    assert_eq!(refused(&breaker).retry_after(), Some(10 * SECOND));
    clock.advance(10 * SECOND);
    let hangs = let_through(&breaker);
    clock.step_back(TEN_YEARS / 2);
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    clock.advance(30 * SECOND);
    assert_eq!(refused(&breaker).transition().unwrap().why, Why::ProbesHung);
    drop(hangs);
}

#[test]
fn a_window_of_time_goes_on_after_a_step_back_of_ten_years() {
    const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 86_400);
    let clock = ManualClock::new();
    clock.advance(2 * TEN_YEARS);
    let rated = plan().failure_rate(0.5).window(Window::time(10 * SECOND)).min_calls(2);
    let breaker = rated.build(clock.clone());
    assert_eq!(fail(&breaker, 1), None);
    clock.step_back(TEN_YEARS);
    assert_eq!(fail(&breaker, 1), None, "what was before the step is not of late");
    clock.advance(11 * SECOND);
    assert_eq!(fail(&breaker, 1), None, "and what came after it is forgotten in time");
    assert_eq!(fail(&breaker, 1).unwrap().why, Why::FailureRate);
}

#[test]
fn what_lies_before_an_idle_time_counts_no_more_however_long_that_was() {
    for idle in [10 * SECOND, 11 * SECOND, 19 * SECOND, 100 * SECOND, Duration::from_secs(1 << 31)] {
        let clock = ManualClock::new();
        let rated = plan().failure_rate(0.5).window(Window::time(10 * SECOND)).min_calls(2);
        let breaker = rated.build(clock.clone());
        for _ in 0..5 {
            assert_eq!(fail(&breaker, 1), None);
            clock.advance(idle);
        }
    }
}

#[test]
fn it_stays_open_for_less_than_a_second_or_no_time_at_all_or_for_ever() {
    let opens_for = |delay: Duration| {
        let clock = ManualClock::new();
        let schedule = constant(delay).jitter(Jitter::NONE).uncapped();
        let plan = CircuitBreaker::builder().open_for(schedule).entropy(Seed::new(1));
        let breaker = plan.consecutive(1).build(clock.clone());
        fail(&breaker, 1);
        (clock, breaker)
    };
    let (clock, breaker) = opens_for(Duration::from_nanos(1));
    assert_eq!(refused(&breaker).retry_after(), Some(Duration::from_nanos(1)));
    clock.advance(Duration::from_nanos(1));
    assert!(let_through(&breaker).is_probe());
    let (_clock, breaker) = opens_for(Duration::ZERO);
    assert!(let_through(&breaker).is_probe());
    let (clock, breaker) = opens_for(Duration::MAX);
    clock.advance(Duration::from_secs(1 << 34));
    let rejected = refused(&breaker);
    assert!(rejected.retry_after().unwrap() > Duration::from_secs(1 << 32), "{rejected}");
    assert!(breaker.stats().probes_at.is_some());
}

#[test]
fn a_fleet_that_was_shut_out_together_does_not_come_back_together() {
    let clock = ManualClock::new();
    let mut waits: Vec<Duration> = (0..1_000)
        .map(|_| {
            let breaker = CircuitBreaker::builder().consecutive(1).build(clock.clone());
            breaker.try_acquire().unwrap().failure();
            breaker.try_acquire().unwrap_err().retry_after().unwrap()
        })
        .collect();
    waits.sort_unstable();
    waits.dedup();
    assert!(waits.len() > 900);
    assert!(waits[0] >= 15 * SECOND && waits[waits.len() - 1] <= 45 * SECOND, "{waits:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500)))]
    /// Whatever the clock says, nothing panics, and once it goes on steadily the breaker can be closed again.
    #[test]
    fn no_moment_of_a_clock_panics_or_wedges(
        moments: Vec<u64>,
        timed: bool,
        slow: bool,
        window in 1..u64::MAX,
        begin in 0..1_u64 << 62,
    ) {
        let clock = Watched::default();
        let plan = plan().consecutive(2).failure_rate(0.5).min_calls(1).probes(2, 1);
        let plan = if slow { plan.slow_rate(0.5, SECOND) } else { plan };
        let window = if timed { Window::time(Duration::from_nanos(window)) } else { Window::calls(7) };
        let breaker = plan.window(window).build(clock.clone());
        for moment in moments {
            clock.now.store(moment, Ordering::Relaxed);
            if let Ok(permit) = breaker.try_acquire() {
                if moment % 3 == 0 { permit.failure() } else { permit.success() };
            }
            let _ = (breaker.stats(), format!("{breaker:?}"));
        }
        let closed_by = (0..100_u64).find(|step| {
            clock.now.store(begin + step * SECOND.as_nanos() as u64, Ordering::Relaxed);
            if let Ok(permit) = breaker.try_acquire() {
                permit.success();
            }
            breaker.state() == State::Closed
        });
        prop_assert!(closed_by.is_some_and(|step| step <= 50), "{closed_by:?}");
    }
}

/// It steps back by less than the time for which it is half open, but more than what is left of the wait for the last probe.
#[test]
fn a_probe_that_hangs_is_given_up_though_the_clock_steps_back_to_between_two_probes() {
    const DAY: Duration = Duration::from_secs(86_400);
    let (clock, breaker) = due(plan().probes(2, 2));
    succeed(&breaker, 1);
    clock.advance(2 * DAY);
    let hangs = let_through(&breaker);
    clock.step_back(DAY);
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    clock.advance(30 * SECOND);
    assert_eq!(refused(&breaker).transition().map(|told| told.why), Some(Why::ProbesHung));
    drop(hangs);
}
