//! What allocates.

use super::*;
use futures_util::{FutureExt, StreamExt};
use untether_support::{allocations, bytes_held};

#[test]
fn a_million_calls_allocate_nothing_after_the_first() {
    let plans: [fn() -> Plan; 4] = [
        || plan().consecutive(3),
        || plan().failure_rate(0.9).window(Window::calls(100)),
        || plan().failure_rate(0.9).window(Window::time(SECOND)),
        || plan().slow_rate(0.9, SECOND).window(Window::calls(1_000)),
    ];
    for plan in plans {
        let clock = ManualClock::new();
        let breaker = plan().build(clock.clone());
        succeed(&breaker, 1);
        let before = allocations();
        for call in 0..250_000_u32 {
            let permit = let_through(&breaker);
            if call % 3 == 0 {
                permit.failure()
            } else {
                permit.success()
            };
            if call % 100 == 0 {
                clock.advance(Duration::from_millis(50));
            }
        }
        assert_eq!((breaker.state(), allocations() - before), (State::Closed, 0));
    }
}

#[test]
fn a_breaker_that_counts_failures_in_a_row_allocates_nothing_at_all() {
    let before = allocations();
    let breaker = CircuitBreaker::builder().entropy(Seed::new(1)).build(Stopped);
    for _ in 0..5 {
        breaker.try_acquire().unwrap().failure();
    }
    assert!(breaker.try_acquire().is_err());
    breaker.reset();
    drop(breaker.isolate());
    assert_eq!(allocations() - before, 0);
}

#[test]
fn a_thousand_changes_of_state_leave_no_memory_behind() {
    let clock = ManualClock::new();
    let rated = plan().failure_rate(1.0).window(Window::calls(10_000)).min_calls(1);
    let breaker = rated.build(clock.clone());
    let mut transitions = breaker.transitions();
    let mut round = || {
        fail(&breaker, 1).unwrap();
        clock.advance(10 * SECOND);
        succeed(&breaker, 1).unwrap();
        while transitions.next().now_or_never().is_some() {}
    };
    round();
    let (before, held) = (allocations(), bytes_held());
    (0..1_000).for_each(|_| round());
    assert_eq!((allocations() - before, bytes_held() - held), (0, 0));
}

#[test]
fn those_who_followed_leave_nothing_behind() {
    let breaker = plan().build(ManualClock::new());
    let round = || {
        let mut all = [(); 3].map(|()| breaker.transitions());
        breaker.reset();
        assert!(all.iter_mut().all(|one| one.next().now_or_never().is_some()));
        assert!(all.iter_mut().all(|one| one.next().now_or_never().is_none()));
    };
    round();
    let held = bytes_held();
    (0..1_000).for_each(|_| round());
    assert_eq!(bytes_held() - held, 0);
}
