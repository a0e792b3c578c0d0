//! What it does when it is asked.

use super::*;

#[test]
fn it_opens_after_so_many_failures_in_a_row() {
    let breaker = plan().consecutive(3).build(ManualClock::new());
    assert_eq!(fail(&breaker, 2), None);
    assert_eq!(succeed(&breaker, 1), None);
    assert_eq!(fail(&breaker, 2), None);
    let opened = fail(&breaker, 1).unwrap();
    assert_eq!((opened.from, opened.to, opened.why), (State::Closed, State::Open, Why::FailuresInARow));
    assert_eq!((opened.generation, breaker.state()), (1, State::Open));
}

#[test]
fn a_refusal_says_when_to_come_again_and_gives_the_operation_back() {
    let clock = ManualClock::new();
    let breaker = plan().consecutive(1).build(clock.clone());
    fail(&breaker, 1);
    clock.advance(Duration::from_millis(2_345));
    let rejected = refused(&breaker);
    assert_eq!(
        (rejected.reason(), rejected.retry_after()),
        (Reason::Open, Some(Duration::from_millis(7_655)))
    );
    assert_eq!(rejected.to_string(), "circuit open: retry in 7.7s");
    let Err(RunError::Rejected(rejected)) = now(breaker.run(says(Ok(1)))) else { panic!("it is open") };
    assert_eq!(rejected.without_operation(), refused(&breaker));
    assert_eq!(now(rejected.into_inner()()), Ok(1));
}

#[test]
fn a_probe_that_goes_well_closes_it_and_one_that_fails_opens_it() {
    let (clock, breaker) = due(plan());
    let probe = let_through(&breaker);
    let began = probe.transition().unwrap();
    assert_eq!((began.from, began.to, began.why), (State::Open, State::HalfOpen, Why::TimeToProbe));
    assert_eq!((began.generation, probe.generation(), probe.is_probe()), (2, 2, true));
    assert_eq!((refused(&breaker).reason(), refused(&breaker).retry_after()), (Reason::HalfOpen, None));
    let opened = probe.failure().unwrap();
    assert_eq!((opened.to, opened.why), (State::Open, Why::ProbesFailed));
    assert_eq!(refused(&breaker).retry_after(), Some(10 * SECOND));
    clock.advance(10 * SECOND);
    let closed = let_through(&breaker).success().unwrap();
    assert_eq!((closed.to, closed.why, closed.generation), (State::Closed, Why::ProbesSucceeded, 5));
    assert_eq!(let_through(&breaker).transition(), None);
}

#[test]
fn so_many_probe_at_once_and_so_many_have_to_go_well() {
    let (clock, breaker) = due(plan().probes(3, 2));
    let probes = [(); 3].map(|()| let_through(&breaker));
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    let [first, second, third] = probes;
    assert_eq!((first.success(), second.failure()), (None, None));
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen, "those that have ended keep their places");
    assert_eq!(third.success().unwrap().to, State::Closed);

    fail(&breaker, 1);
    clock.advance(10 * SECOND);
    let [first, second, third] = [(); 3].map(|()| let_through(&breaker));
    assert_eq!(first.failure(), None);
    assert_eq!(second.failure().unwrap().to, State::Open, "two of three cannot be had any more");
    assert_eq!(third.success(), None);
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn a_rate_of_failures_opens_it_once_there_are_enough_calls() {
    let breaker = plan().failure_rate(0.5).window(Window::calls(10)).min_calls(4).build(ManualClock::new());
    assert_eq!(fail(&breaker, 2), None);
    assert_eq!(succeed(&breaker, 1), None);
    let opened = succeed(&breaker, 1).unwrap();
    assert_eq!(
        (opened.to, opened.why),
        (State::Open, Why::FailureRate),
        "by a success that makes four of it"
    );
    let stats = breaker.stats();
    assert_eq!((stats.calls, stats.failures, stats.failure_rate()), (4, 2, 0.5));
}

#[test]
fn what_falls_out_of_a_window_of_calls_counts_no_more() {
    let breaker = plan().failure_rate(0.5).window(Window::calls(4)).build(ManualClock::new());
    for _ in 0..1_000 {
        assert_eq!(fail(&breaker, 1), None);
        assert_eq!(succeed(&breaker, 3), None);
        assert_eq!((breaker.stats().calls, breaker.stats().failures), (4, 1));
    }
    assert_eq!(fail(&breaker, 1), None);
    assert_eq!(fail(&breaker, 1).unwrap().why, Why::FailureRate);
}

#[test]
fn what_falls_out_of_a_window_of_time_counts_no_more() {
    let clock = ManualClock::new();
    let window = Window::time(10 * SECOND);
    let breaker = plan().failure_rate(0.5).window(window).min_calls(2).build(clock.clone());
    for _ in 0..100 {
        assert_eq!(fail(&breaker, 1), None);
        clock.advance(11 * SECOND);
        assert_eq!(breaker.stats().calls, 0);
    }
    assert_eq!(fail(&breaker, 1), None);
    clock.advance(5 * SECOND);
    assert_eq!(fail(&breaker, 1).unwrap().why, Why::FailureRate);
}

#[test]
fn slow_calls_open_it_though_they_go_well_and_a_slow_probe_does_not_close_it() {
    let clock = ManualClock::new();
    let slow = plan().slow_rate(0.5, SECOND).window(Window::calls(4));
    let breaker = slow.build(clock.clone());
    let call = |takes| {
        let permit = let_through(&breaker);
        clock.advance(takes);
        permit.success()
    };
    assert_eq!((call(SECOND), call(SECOND), call(2 * SECOND)), (None, None, None));
    assert_eq!(call(2 * SECOND).unwrap().why, Why::SlowRate);
    assert_eq!((breaker.stats().slow, breaker.stats().slow_rate()), (2, 0.5));
    clock.advance(10 * SECOND);
    assert_eq!(call(2 * SECOND).unwrap().why, Why::ProbesFailed);
    clock.advance(10 * SECOND);
    assert_eq!(call(SECOND).unwrap().to, State::Closed);
}

#[test]
fn each_rule_opens_it_where_several_are_given() {
    let all = || {
        let rates = plan().failure_rate(0.5).slow_rate(0.5, SECOND).window(Window::calls(8)).min_calls(8);
        rates.consecutive(3).build(ManualClock::new())
    };
    assert_eq!(fail(&all(), 3).unwrap().why, Why::FailuresInARow);
    let breaker = all();
    let mixed = (0..8).map(|n| if n % 2 == 0 { succeed(&breaker, 1) } else { fail(&breaker, 1) });
    assert_eq!(mixed.last().unwrap().unwrap().why, Why::FailureRate);
}

#[test]
fn it_stays_open_longer_each_time_in_a_row_and_begins_anew_once_it_was_closed() {
    let clock = ManualClock::new();
    let schedule = exponential(SECOND).jitter(Jitter::NONE).cap(5 * SECOND);
    let plan = CircuitBreaker::builder().open_for(schedule).entropy(Seed::new(1));
    let breaker = plan.consecutive(1).build(clock.clone());
    for _ in 0..2 {
        for seconds in [1, 2, 4, 5, 5, 5] {
            assert!(breaker.try_acquire().unwrap().failure().is_some());
            let wait = breaker.try_acquire().unwrap_err().retry_after().unwrap();
            assert_eq!(wait, seconds * SECOND);
            clock.advance(wait);
        }
        assert_eq!(breaker.try_acquire().unwrap().success().unwrap().to, State::Closed);
    }
}

#[test]
fn a_schedule_that_ends_gives_its_last_delay_again_and_one_that_has_none_thirty_seconds() {
    let opens = |delays: &'static [u64]| {
        let clock = ManualClock::new();
        let schedule = from_iter(delays.iter().copied().map(Duration::from_secs));
        let plan = CircuitBreaker::builder().open_for(schedule).entropy(Seed::new(1));
        let breaker = plan.consecutive(1).build(clock.clone());
        [(); 4].map(|()| {
            breaker.try_acquire().unwrap().failure();
            let wait = breaker.try_acquire().unwrap_err().retry_after().unwrap();
            clock.advance(wait);
            wait.as_secs()
        })
    };
    assert_eq!(opens(&[3, 7]), [3, 7, 7, 7]);
    assert_eq!(opens(&[]), [30; 4]);
}

#[test]
fn a_call_is_judged_by_its_result_or_by_what_is_said_of_it() {
    let breaker = plan().consecutive(1).build(ManualClock::new());
    assert_eq!(now(breaker.run(says(Ok(7)))).unwrap(), 7);
    let found = now(breaker.run_judged(says(Err("not found")), |_| Verdict::Success));
    assert_eq!(found.unwrap_err().failed(), Some("not found"));
    let ignored = now(breaker.run_judged(says(Err("cancelled")), |_| Verdict::Ignore));
    assert_eq!(ignored.unwrap_err().to_string(), "cancelled");
    assert_eq!(breaker.state(), State::Closed);
    let stale = now(breaker.run_judged(says(Ok(7)), |_| Verdict::Failure));
    assert_eq!((stale.unwrap(), breaker.state()), (7, State::Open));
}

#[test]
fn a_call_that_owns_its_breaker_outlives_it_where_it_was_made() {
    let breaker = Arc::new(plan().consecutive(1).build(ManualClock::new()));
    let call = CircuitBreaker::run_owned(breaker.clone(), says(Err("down")), EveryError);
    let permit = CircuitBreaker::try_acquire_owned(breaker.clone()).unwrap();
    assert_eq!(now(call).unwrap_err().failed(), Some("down"));
    assert_eq!((permit.breaker().state(), permit.success()), (State::Open, None));
}

#[test]
fn a_thread_waits_for_a_call() {
    let breaker = plan().build(ManualClock::new());
    let call = breaker.run(says(Ok(7)));
    assert_eq!(call.wait().unwrap(), 7);
}

#[test]
fn forced_open_nobody_comes_in_and_forced_closed_nothing_counts() {
    let breaker = plan().consecutive(1).build(ManualClock::new());
    breaker.force_open();
    breaker.force_open();
    let rejected = refused(&breaker);
    assert_eq!((rejected.reason(), rejected.retry_after()), (Reason::Forced, None));
    assert_eq!(rejected.to_string(), "circuit forced open");
    breaker.force_closed();
    assert_eq!((fail(&breaker, 100), breaker.state()), (None, State::ForcedClosed));
    breaker.reset();
    assert_eq!((breaker.state(), breaker.stats().generation), (State::Closed, 3));
    assert_eq!(fail(&breaker, 1).unwrap().to, State::Open);
    breaker.reset();
    assert_eq!(succeed(&breaker, 1), None);
}

#[test]
fn isolated_nobody_comes_in_until_the_last_isolation_has_ended_and_all_is_as_before() {
    let clock = ManualClock::new();
    let breaker = plan().consecutive(2).build(clock.clone());
    fail(&breaker, 1);
    let late = let_through(&breaker);
    let isolations = (breaker.isolate(), breaker.isolate());
    assert_eq!(refused(&breaker).reason(), Reason::Isolated);
    drop(isolations.0);
    assert_eq!(breaker.state(), State::Isolated);
    drop(isolations.1);
    assert_eq!((breaker.state(), breaker.stats().failures_in_a_row), (State::Closed, 1));
    assert_eq!(late.failure(), None, "it was let through before");
    assert_eq!(fail(&breaker, 1).unwrap().to, State::Open);
    drop(breaker.isolate());
    assert_eq!(refused(&breaker).retry_after(), Some(10 * SECOND));
    let isolation = breaker.isolate();
    clock.advance(10 * SECOND);
    assert_eq!(refused(&breaker).reason(), Reason::Isolated);
    breaker.reset();
    assert_eq!(breaker.state(), State::Isolated, "reset, and isolated still");
    drop(isolation);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn an_isolation_takes_no_place_of_a_probe_along() {
    let (_clock, breaker) = due(plan());
    let probe = let_through(&breaker);
    drop(breaker.isolate());
    assert_eq!(breaker.state(), State::HalfOpen);
    let other = let_through(&breaker);
    drop(probe);
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen, "the old one's place is not one of these");
    assert_eq!(other.success().unwrap().to, State::Closed);
}

#[test]
fn what_is_impossible_is_refused_where_it_is_written() {
    let plan = || plan();
    assert!(plan().try_consecutive(0).is_none() && plan().try_consecutive(1).is_some());
    for rate in [0.0, -0.0, -1.0, 1.000_001, f64::NAN, f64::INFINITY] {
        assert!(
            plan().try_failure_rate(rate).is_none() && plan().try_slow_rate(rate, SECOND).is_none(),
            "{rate}"
        );
    }
    assert!(plan().try_failure_rate(1.0).is_some() && plan().try_failure_rate(f64::MIN_POSITIVE).is_some());
    assert!(plan().try_min_calls(0).is_none());
    for (at_once, needed) in [(0, 0), (1, 0), (0, 1), (1, 2)] {
        assert!(plan().try_probes(at_once, needed).is_none());
    }
    assert!(Window::try_calls(0).is_none() && Window::try_time(Duration::ZERO).is_none());
    let clock = ManualClock::new();
    let too_many = plan().failure_rate(0.5).window(Window::calls(5)).min_calls(6);
    let error = too_many.try_build(clock.clone()).unwrap_err();
    assert_eq!(error.to_string(), "the rates need more calls than the window has");
    for bad in [
        || drop(plan_of(|plan| plan.consecutive(0))),
        || drop(plan_of(|plan| plan.failure_rate(f64::NAN))),
        || drop(plan_of(|plan| plan.slow_rate(2.0, SECOND))),
        || drop(plan_of(|plan| plan.min_calls(0))),
        || drop(plan_of(|plan| plan.probes(2, 3))),
        || drop(plan_of(|plan| plan.window(Window::calls(0)))),
        || drop(plan_of(|plan| plan.window(Window::time(Duration::ZERO)))),
        || drop(plan_of(|plan| plan.failure_rate(0.5).window(Window::calls(5)).min_calls(6))),
    ] {
        assert!(std::panic::catch_unwind(bad).is_err());
    }
}

fn plan_of(f: impl FnOnce(Plan) -> Plan) -> Breaker {
    f(plan()).build(ManualClock::new())
}

#[test]
fn an_operation_that_panics_says_nothing_and_its_place_is_free() {
    let (_clock, breaker) = due(plan());
    let panics = breaker.run(|| async { panic!("on purpose") as Result<(), ()> });
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| now(panics)));
    assert!(caught.is_err());
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

#[test]
fn a_call_that_is_dropped_gives_its_place_as_a_probe_to_another() {
    let (_clock, breaker) = due(plan());
    let mut hangs = Probe::new(Box::pin(breaker.run(pending::<Result<(), ()>>)));
    hangs.assert_pending();
    assert_eq!(refused(&breaker).reason(), Reason::HalfOpen);
    drop(hangs);
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(succeed(&breaker, 1).unwrap().to, State::Closed);
}

#[test]
fn it_says_what_it_is() {
    static BREAKER: CircuitBreaker<Stopped> = CircuitBreaker::new(Stopped);
    assert_eq!(format!("{BREAKER:?}"), "CircuitBreaker { state: Closed, .. }");
    assert_eq!(BREAKER.clock().now(), Instant::from_nanos(1));
    assert_eq!(
        format!("{:?}", BREAKER.try_acquire().unwrap()),
        "Permit { generation: 0, is_probe: false, .. }"
    );
}
