//! A breaker in a stack.

use super::*;

#[test]
fn a_breaker_that_is_open_refuses_what_is_inside_of_it_and_says_when_to_come_again() {
    on_sim(async |sim| {
        let breaker = opens_after(2, &sim);
        let calls = stack((&breaker,)).on(&sim);
        for _ in 0..2 {
            assert_eq!(calls.run(fails(9)).await.unwrap_err().into_inner().unwrap(), "busy");
        }
        let made = Cell::new(false);
        let operation = || {
            made.set(true);
            ready(Ok::<_, ()>(()))
        };
        let refused = calls.run(operation).await.unwrap_err();
        assert!(matches!(refused.cause(), Cause::Open { reason: Reason::Open, .. }));
        assert_eq!((refused.retry_after(), made.get()), (Some(10 * SECOND), false));
    });
}

#[test]
fn every_attempt_counts_where_the_retry_is_outside_and_the_last_alone_where_it_is_inside() {
    on_sim(async |sim| {
        let (inside, outside) = (opens_after(3, &sim), opens_after(3, &sim));
        let _ = stack((every_second(3), &inside)).on(&sim).run(fails(9)).await;
        let _ = stack((&outside, every_second(3))).on(&sim).run(fails(9)).await;
        assert_eq!((inside.state(), outside.state()), (State::Open, State::Closed));
    });
}

#[test]
fn what_was_refused_inside_of_it_says_nothing_of_the_service() {
    on_sim(async |sim| {
        let (breaker, bulkhead) = (opens_after(1, &sim), Bulkhead::builder(1).queue(0).build());
        let _held = bulkhead.try_acquire();
        let error = stack((&breaker, &bulkhead)).on(&sim).run(fails(0)).await.unwrap_err();
        assert_eq!((error.kind(), breaker.state()), (Kind::Refused, State::Closed));
    });
}

#[test]
fn a_time_out_inside_of_it_is_a_failure_and_one_outside_says_nothing() {
    on_sim(async |sim| {
        let (inside, outside) = (opens_after(1, &sim), opens_after(1, &sim));
        let _ = stack((&inside, Timeout::new(SECOND))).on(&sim).run(never).await;
        let _ = stack((Timeout::new(SECOND), &outside)).on(&sim).run(never).await;
        assert_eq!((inside.state(), outside.state()), (State::Open, State::Closed));
    });
}

#[test]
fn a_retry_waits_for_the_probe_and_not_longer_than_its_schedule_lets_it() {
    on_sim(async |sim| {
        let breaker = opens_after(1, &sim);
        let retry = Retry::new(constant(SECOND).jitter(Jitter::NONE).attempts(4));
        let began = sim.now();
        // The first refusal asks for nine seconds and is given six; the next for three.
        assert_eq!(stack((retry, &breaker)).on(&sim).run(fails(1)).await.unwrap(), 4);
        assert_eq!(sim.now().saturating_duration_since(began), SECOND + 6 * SECOND + 3 * SECOND);
    });
}

#[test]
fn a_function_says_which_errors_are_failures_of_the_service() {
    on_sim(async |sim| {
        let breaker = opens_after(1, &sim);
        let by_status = |result: &Result<(), Error<u16>>| match result.as_ref().map_err(Error::inner) {
            Err(Some(400..500)) => Verdict::Success,
            Err(_) => Verdict::Failure,
            Ok(()) => Verdict::Success,
        };
        let calls = stack((counting(&breaker, by_status),)).on(&sim);
        let _ = calls.run(|| ready(Err::<(), _>(404))).await;
        assert_eq!(breaker.state(), State::Closed);
        let _ = calls.run(|| ready(Err::<(), _>(500))).await;
        assert_eq!(breaker.state(), State::Open);
    });
}

#[test]
fn what_becomes_of_a_breaker_is_told_by_whoever_brought_it_about() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let breaker = opens_after(1, &sim);
        let calls = stack((&breaker,)).on(Env::new(&sim).observed(&told).named("users"));
        let _ = calls.run(fails(9)).await;
        let _ = calls.run(fails(0)).await;
        sim.sleep(10 * SECOND).await;
        let _ = calls.run(fails(0)).await;
        let expected = [
            "breaker users from=closed to=open why=failures in a row",
            "refused users by=breaker why=open retry_after=10s",
            "breaker users from=open to=half open why=time to probe",
            "breaker users from=half open to=closed why=probes succeeded",
        ];
        assert_eq!(lines.take(), expected);
    });
}

/// A call that is dropped has said nothing: its place among the probes is free.
#[test]
fn a_probe_that_is_dropped_gives_its_place_back() {
    let clock = ManualClock::new();
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).unlimited();
    let breaker = CircuitBreaker::builder().consecutive(1).open_for(ten_seconds).build(&clock);
    let calls = stack((&breaker,)).on(&clock);
    assert!(Probe::new(calls.run(fails(9))).assert_ready().is_err());
    clock.advance(10 * SECOND);
    let mut probe = Probe::new(calls.run(never));
    probe.assert_pending();
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap_err().kind(), Kind::Refused);
    drop(probe);
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap(), 1);
    assert_eq!(breaker.state(), State::Closed);
}

/// It was let through, and was then refused further inside: it found out nothing.
#[test]
fn a_probe_that_was_refused_inside_gives_its_place_back() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::builder(1).queue(0).build());
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).unlimited();
    let breaker = CircuitBreaker::builder().consecutive(1).open_for(ten_seconds).build(&clock);
    let calls = stack((&breaker, &bulkhead)).on(&clock);
    assert!(Probe::new(calls.run(fails(9))).assert_ready().is_err());
    clock.advance(10 * SECOND);
    let held = bulkhead.try_acquire();
    let refused = Probe::new(calls.run(fails(0))).assert_ready().unwrap_err();
    assert!(matches!(refused.cause(), Cause::Full(AcquireError::Full)));
    assert_eq!(breaker.state(), State::HalfOpen);
    drop(held);
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap(), 1);
    assert_eq!(breaker.state(), State::Closed);
}

/// Whoever finds out that the probes hang tells it, though it is refused.
#[test]
fn a_refusal_that_finds_the_probes_hung_tells_of_it() {
    let (clock, lines) = (ManualClock::new(), RefCell::new(Vec::new()));
    let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).unlimited();
    let breaker = CircuitBreaker::builder().consecutive(1).open_for(ten_seconds).build(&clock);
    let verdict = |result: &Result<u32, Error<&'static str>>| {
        if result.is_ok() { Verdict::Success } else { Verdict::Failure }
    };
    let env = Env::new(&clock).observed(&told);
    let counted = stack((counting(&breaker, verdict),)).on(env);
    let calls = stack((&breaker,)).on(env);
    assert!(Probe::new(counted.run(fails(9))).assert_ready().is_err());
    for _ in 0..2 {
        clock.advance(10 * SECOND);
        let mut hangs = Probe::new(counted.run(never));
        hangs.assert_pending();
        clock.advance(30 * SECOND);
        let refused = Probe::new(calls.run(fails(0))).assert_ready().unwrap_err();
        assert!(refused.is_refused());
    }
    let hung = "breaker from=half open to=open why=probes hung";
    let probes = "breaker from=open to=half open why=time to probe";
    let lines = lines.take();
    assert_eq!(lines[0], "breaker from=closed to=open why=failures in a row");
    let changes: Vec<_> = lines[1..].iter().filter(|line| line.starts_with("breaker")).collect();
    assert_eq!(changes, [probes, hung, probes, hung]);
}

#[test]
fn what_a_rate_limiter_refused_says_nothing_of_the_service() {
    on_sim(async |sim| {
        let limiter = RateLimiter::new(Quota::per(1, SECOND).burst(1), sim.clone());
        limiter.try_acquire(1).unwrap();
        let breaker = opens_after(1, &sim);
        let refused = stack((&breaker, Reject(&limiter))).on(&sim).run(fails(0)).await.unwrap_err();
        assert!(refused.is_refused() && refused.retry_after() == Some(SECOND));
        assert_eq!((refused.kind(), breaker.state()), (Kind::Refused, State::Closed));
    });
}

/// Where a slow call is a failure, a line belongs outside of the breaker or within a bound.
#[test]
fn to_a_breaker_a_wait_in_a_line_inside_of_it_is_a_part_of_the_call() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let breaker = CircuitBreaker::builder().slow_rate(1.0, SECOND).min_calls(1).build(&clock);
    let held = bulkhead.try_acquire();
    let mut waits = Probe::new(stack((&breaker, &bulkhead)).on(&clock).run(fails(0)));
    waits.assert_pending();
    clock.advance(2 * SECOND);
    drop(held);
    assert_eq!(waits.assert_ready().unwrap(), 1);
    assert_eq!(breaker.state(), State::Open);
}
