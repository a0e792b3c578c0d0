//! Limits on the wait, on a clock that is moved by hand.

use super::*;
use untether::time::{Clock, Instant, Timer};

fn timed(concurrency: usize, limit: Duration) -> (Bulkhead<ManualClock>, ManualClock) {
    let clock = ManualClock::new();
    (Bulkhead::builder(concurrency).max_wait(limit, clock.clone()).build(), clock)
}

#[test]
fn a_wait_ends_with_its_limit_and_gives_up_its_place() {
    let (bulkhead, clock) = timed(1, SECOND);
    let first = held(&bulkhead);
    let mut run = Probe::new(bulkhead.run(says(1)));
    run.assert_pending();
    clock.advance(SECOND / 2);
    let mut later = waiting(&bulkhead);
    clock.advance(SECOND / 2);
    assert_eq!(run.wakes(), 1);
    let rejected = run.assert_ready().unwrap_err();
    assert_eq!(rejected.reason(), AcquireError::TimedOut);
    assert_eq!((counts(&bulkhead), clock.sleepers()), ((1, 1), 1), "also before the future is gone");
    drop(first);
    drop(later.assert_ready().unwrap());
    assert_eq!(clock.sleepers(), 0);
    assert_whole(&bulkhead);
}

#[test]
fn a_limit_begins_at_the_first_poll_and_never_counts_the_operation() {
    let (bulkhead, clock) = timed(1, SECOND);
    let mut run = Probe::new(bulkhead.run(pending::<()>));
    clock.advance(5 * SECOND);
    run.assert_pending();
    let mut second = Probe::new(bulkhead.run(says(2)));
    clock.advance(5 * SECOND);
    second.assert_pending();
    clock.advance(SECOND - Duration::from_nanos(1));
    second.assert_pending();
    drop(run);
    assert_eq!(second.assert_ready().unwrap(), 2);
    assert_whole(&bulkhead);
}

#[test]
fn who_is_admitted_in_the_poll_in_which_the_limit_passes_is_admitted() {
    let (bulkhead, clock) = timed(1, SECOND);
    let first = held(&bulkhead);
    let mut run = Probe::new(bulkhead.run(says(1)));
    run.assert_pending();
    clock.advance(SECOND);
    drop(first);
    assert_eq!(run.assert_ready().unwrap(), 1);
    assert_whole(&bulkhead);
}

/// Failsafe dropped them: whoever can be served in time is served.
#[test]
fn all_who_can_be_served_within_their_limit_are_served() {
    let (bulkhead, clock) = timed(1, 10 * SECOND);
    let mut running = Some(held(&bulkhead));
    let mut waits: Vec<_> = (0..10).map(|_| waiting(&bulkhead)).collect();
    for waits in &mut waits {
        clock.advance(SECOND);
        drop(running.take());
        running = Some(waits.assert_ready().expect("its turn came in time"));
    }
    drop(running);
    assert_eq!(clock.sleepers(), 0);
    assert_whole(&bulkhead);
}

#[test]
fn a_limit_of_nothing_refuses_at_once_and_one_without_end_never() {
    let (bulkhead, clock) = timed(1, Duration::ZERO);
    let _first = held(&bulkhead);
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::TimedOut);
    assert_eq!((counts(&bulkhead), clock.sleepers()), ((1, 0), 0));
    let (bulkhead, clock) = timed(1, Duration::MAX);
    let _first = held(&bulkhead);
    let mut waits = waiting(&bulkhead);
    clock.advance(Duration::from_secs(u64::MAX / 4));
    waits.assert_pending();
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn a_full_line_refuses_before_any_limit() {
    let clock = ManualClock::new();
    let bulkhead = Bulkhead::builder(1).max_wait(SECOND, clock.clone()).queue(1).build();
    let _first = held(&bulkhead);
    let mut waits = waiting(&bulkhead);
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::Full);
    clock.advance(SECOND);
    assert_eq!(waits.assert_ready().unwrap_err(), AcquireError::TimedOut);
    let _waits = waiting(&bulkhead);
}

#[test]
fn an_acquire_that_is_kept_after_its_end_keeps_no_sleep() {
    let (bulkhead, clock) = timed(1, SECOND);
    let first = held(&bulkhead);
    let mut waits = waiting(&bulkhead);
    assert_eq!(clock.sleepers(), 1);
    drop(first);
    let permit = waits.assert_ready().unwrap();
    assert_eq!(clock.sleepers(), 0);
    let mut late = waiting(&bulkhead);
    clock.advance(SECOND);
    late.assert_ready().unwrap_err();
    assert_eq!(clock.sleepers(), 0);
    drop(permit);
    assert_whole(&bulkhead);
}

/// A timer that nobody may ask.
struct Unasked;

impl Clock for Unasked {
    fn now(&self) -> Instant {
        panic!("nobody waits")
    }
}

impl Timer for Unasked {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        panic!("nobody waits")
    }
}

#[test]
fn no_clock_is_read_and_no_timer_is_asked_before_somebody_waits() {
    let bulkhead = Bulkhead::builder(1).queue(0).max_wait(SECOND, Unasked).build();
    let mut run = Probe::new(bulkhead.run(pending::<()>));
    run.assert_pending();
    assert_eq!(Probe::new(bulkhead.run(says(1))).assert_ready().unwrap_err().reason(), AcquireError::Full);
    assert!(bulkhead.try_acquire().is_err());
    drop(run);
    assert_eq!(Probe::new(bulkhead.run(says(1))).assert_ready().unwrap(), 1);
    assert_whole(&bulkhead);
}

#[test]
fn no_timer_is_asked_for_a_limit_of_nothing_and_for_one_without_end() {
    let bulkhead = Bulkhead::builder(1).max_wait(Duration::MAX, Unasked).build();
    let _first = held(&bulkhead);
    waiting(&bulkhead);
    let bulkhead = Bulkhead::builder(1).max_wait(Duration::ZERO, Unasked).build();
    let _first = held(&bulkhead);
    assert_eq!(Probe::new(bulkhead.acquire()).assert_ready().unwrap_err(), AcquireError::TimedOut);
}

#[test]
fn a_timer_that_panics_costs_its_caller_its_turn_and_nobody_else() {
    let bulkhead = Bulkhead::builder(1).max_wait(SECOND, Unasked).build();
    let first = held(&bulkhead);
    let panics = || Probe::new(bulkhead.acquire()).poll().is_ready();
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    assert_eq!(counts(&bulkhead), (1, 0));
    drop(first);
    assert_whole(&bulkhead);
}

#[test]
fn a_clock_that_steps_back_makes_the_wait_longer_and_no_worse() {
    let (bulkhead, clock) = timed(1, SECOND);
    clock.advance(100 * SECOND);
    let _first = held(&bulkhead);
    let mut waits = waiting(&bulkhead);
    clock.step_back(50 * SECOND);
    clock.advance(SECOND);
    waits.assert_pending();
    clock.advance(50 * SECOND);
    assert_eq!(waits.assert_ready().unwrap_err(), AcquireError::TimedOut);
}
