//! Time-outs: what they cost, when they begin, what they say.

use super::*;

#[test]
fn a_ready_future_reads_no_clock_and_registers_nothing() {
    let asked = Asked::default();
    for limit in [Duration::ZERO, SECOND, Duration::MAX] {
        assert_eq!(Probe::new(timeout(limit, ready(1), &asked)).assert_ready(), Ok(1));
    }
    assert_eq!(Probe::new(timeout_at(Instant::from_nanos(0), ready(2), &asked)).assert_ready(), Ok(2));
    assert_eq!(Probe::new(Deadline::never().run(ready(3), &asked)).assert_ready(), Ok(3));
    assert_eq!((asked.clock_reads.get(), asked.sleeps.get()), (0, 0));
}

#[test]
fn a_pending_future_reads_the_clock_once_however_often_it_is_polled() {
    let asked = Asked::default();
    let mut future = Probe::new(timeout(SECOND, pending::<()>(), &asked));
    for _ in 0..5 {
        future.assert_pending();
    }
    assert_eq!((asked.clock_reads.get(), asked.sleeps.get()), (1, 1));
}

#[test]
fn the_limit_begins_at_the_first_pending_poll() {
    let clock = ManualClock::new();
    let mut future = Probe::new(timeout(SECOND, pending::<()>(), &clock));
    clock.advance(10 * SECOND);
    future.assert_pending();
    clock.advance(SECOND - Duration::from_nanos(1));
    future.assert_pending();
    clock.advance(Duration::from_nanos(1));
    assert_eq!(future.wakes(), 1);
    assert_eq!(future.assert_ready().unwrap_err().after(), SECOND);
}

#[test]
fn a_future_that_is_ready_when_the_limit_passes_wins() {
    let clock = ManualClock::new();
    let mut future = Probe::new(timeout(SECOND, clock.sleep(SECOND), &clock));
    future.assert_pending();
    clock.advance(SECOND);
    assert_eq!(future.assert_ready(), Ok(()));
}

#[test]
fn zero_gives_one_poll() {
    let clock = ManualClock::new();
    let mut polls = 0;
    let counting = std::future::poll_fn(|_| {
        polls += 1;
        Poll::<()>::Pending
    });
    let error = Probe::new(timeout(Duration::ZERO, counting, &clock)).assert_ready().unwrap_err();
    assert_eq!((polls, error.to_string()), (1, "operation timed out after 0ns".to_string()));
}

#[test]
fn an_infinite_limit_registers_nothing() {
    let clock = ManualClock::new();
    let mut futures = [
        Probe::new(timeout(Duration::MAX, pending::<()>(), &clock)),
        Probe::new(timeout_at(Instant::FAR_FUTURE, pending::<()>(), &clock)),
        Probe::new(Deadline::never().run(pending::<()>(), &clock)),
    ];
    futures.iter_mut().for_each(Probe::assert_pending);
    assert_eq!(clock.sleepers(), 0);
    clock.advance(Duration::MAX);
    futures.iter_mut().for_each(Probe::assert_pending);
}

#[test]
fn a_past_deadline_elapses_at_the_first_poll() {
    let clock = ManualClock::new();
    let past = clock.now().saturating_sub(SECOND);
    let error = Probe::new(timeout_at(past, pending::<()>(), &clock)).assert_ready().unwrap_err();
    assert_eq!(error.after(), Duration::ZERO);
}

#[test]
fn dropping_it_deregisters_the_timer_and_drops_the_future() {
    let clock = ManualClock::new();
    let inner = Rc::new(());
    let held = inner.clone();
    let mut future = Probe::new(timeout(SECOND, async move { held_for_ever(held).await }, &clock));
    future.assert_pending();
    assert_eq!((clock.sleepers(), Rc::strong_count(&inner)), (1, 2));
    drop(future);
    assert_eq!((clock.sleepers(), Rc::strong_count(&inner)), (0, 1));
}

async fn held_for_ever(held: Rc<()>) {
    pending::<()>().await;
    drop(held);
}

#[test]
fn an_error_says_which_limit_passed_and_how_long_it_was() {
    let clock = ManualClock::new();
    let elapse = |limit: Duration, name| {
        let mut future = Probe::new(timeout(limit, pending::<()>(), &clock).named(name));
        future.assert_pending();
        clock.advance(limit);
        future.assert_ready().unwrap_err()
    };
    let error = elapse(5 * SECOND, "fetch users");
    assert_eq!((error.name(), error.after()), (Some("fetch users"), 5 * SECOND));
    assert_eq!(error.to_string(), "fetch users: timed out after 5s");
    assert_eq!(elapse(Duration::from_millis(1_500), "x").to_string(), "x: timed out after 1.5s");

    let mut unnamed = Probe::new(pending::<()>().timeout(5 * SECOND, &clock));
    unnamed.assert_pending();
    clock.advance(5 * SECOND);
    assert_eq!(unnamed.assert_ready().unwrap_err().to_string(), "operation timed out after 5s");
}

#[test]
fn a_bare_deadline_says_how_long_it_was_from_the_first_pending_poll() {
    let clock = ManualClock::new();
    let mut future = Probe::new(timeout_at(clock.now().saturating_add(5 * SECOND), pending::<()>(), &clock));
    clock.advance(2 * SECOND);
    future.assert_pending();
    clock.advance(9 * SECOND);
    assert_eq!(future.assert_ready().unwrap_err().after(), 3 * SECOND);
}

#[test]
fn the_operations_own_time_out_is_not_taken_for_ours() {
    #[derive(Debug, PartialEq)]
    struct TimedOut;
    let clock = ManualClock::new();
    let own = async { Err::<u8, _>(TimedOut) };
    assert_eq!(Probe::new(timeout(5 * SECOND, own, &clock)).assert_ready(), Ok(Err(TimedOut)));
    let own = async { Err::<u8, _>(TimedOut) };
    assert_eq!(Probe::new(own.timeout(5 * SECOND, &clock).or(Ok(0))).assert_ready(), Err(TimedOut));
}

#[test]
fn of_two_nested_limits_the_one_that_passed_is_named() {
    let clock = ManualClock::new();
    let nested = |inner: u32, outer: u32| {
        let fetch = pending::<()>().timeout(inner * SECOND, &clock).named("fetch");
        let mut request = Probe::new(fetch.timeout(outer * SECOND, &clock).named("request"));
        request.assert_pending();
        clock.advance(inner.min(outer) * SECOND);
        request.assert_ready()
    };
    let name = |result: Result<Result<(), Elapsed>, Elapsed>| match result {
        Ok(Err(inner)) => inner.name(),
        Err(outer) => outer.name(),
        Ok(Ok(())) => None,
    };
    assert_eq!(name(nested(5, 10)), Some("fetch"));
    assert_eq!(name(nested(10, 5)), Some("request"));
}

#[test]
fn a_default_stands_in_for_an_elapsed_limit_alone() {
    let clock = ManualClock::new();
    let mut fallback = Probe::new(pending::<u32>().timeout(SECOND, &clock).or_default());
    let mut given = Probe::new(pending::<u32>().timeout(SECOND, &clock).or(9));
    fallback.assert_pending();
    given.assert_pending();
    clock.advance(SECOND);
    assert_eq!((fallback.assert_ready(), given.assert_ready()), (0, 9));
    assert_eq!(Probe::new(ready(5).timeout(SECOND, &clock).or_default()).assert_ready(), 5);
}

#[test]
fn the_observer_is_told_by_name_once_and_only_when_the_limit_passes() {
    let (clock, lines) = (ManualClock::new(), Lines::default());
    let mut late = Probe::new(pending::<()>().timeout(5 * SECOND, &clock).named("fetch").observed(&lines));
    let mut swift = Probe::new(ready(()).timeout(5 * SECOND, &clock).named("ping").observed(&lines));
    swift.assert_ready().unwrap();
    late.assert_pending();
    clock.advance(5 * SECOND);
    late.assert_ready().unwrap_err();
    assert_eq!(lines.0.into_inner(), ["timeout fetch after=5s"]);
}

#[test]
fn polled_again_after_it_elapsed_it_has_elapsed() {
    let clock = ManualClock::new();
    let mut future = Probe::new(timeout(SECOND, pending::<()>(), &clock));
    future.assert_pending();
    clock.advance(SECOND);
    assert!(future.assert_ready().is_err());
    clock.step_back(SECOND);
    assert!(future.assert_ready().is_err(), "also when the clock steps back");
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polling_a_given_value_again_panics_as_documented() {
    let mut future = Probe::new(pending().timeout(Duration::ZERO, ManualClock::new()).or(2));
    assert_eq!(future.assert_ready(), 2);
    future.assert_ready();
}

#[test]
fn a_timeout_on_a_known_timer_allocates_nothing_in_steady_state() {
    let clock = ManualClock::new();
    let mut cx = Context::from_waker(Waker::noop());
    let mut round = || {
        let mut future = pin!(timeout(SECOND, pending::<()>(), &clock));
        assert!(future.as_mut().poll(&mut cx).is_pending());
        clock.advance(SECOND);
        assert!(future.as_mut().poll(&mut cx).is_ready());
    };
    round();
    let before = untether_support::allocations();
    (0..100).for_each(|_| round());
    assert_eq!(untether_support::allocations(), before);
}
