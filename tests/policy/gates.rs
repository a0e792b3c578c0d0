//! Bulkheads and limits in a stack.

use super::*;

#[test]
fn who_finds_no_room_waits_in_line_and_who_is_dropped_leaves_it() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let calls = stack((&bulkhead,)).on(&clock);
    let mut first = Probe::new(calls.run(never));
    let mut second = Probe::new(calls.run(fails(0)));
    first.assert_pending();
    second.assert_pending();
    assert_eq!(bulkhead.stats().waiting, 1);
    drop(first);
    assert_eq!(second.assert_ready().unwrap(), 1);
    let held = bulkhead.try_acquire().unwrap();
    let mut third = Probe::new(calls.run(fails(0)));
    third.assert_pending();
    drop(third);
    assert_eq!(bulkhead.stats().waiting, 0);
    drop(held);
}

#[test]
fn who_is_refused_was_not_called() {
    let (clock, bulkhead, made) = (ManualClock::new(), Bulkhead::builder(1).queue(0).build(), Cell::new(0));
    let calls = stack((&bulkhead,)).on(&clock);
    let held = bulkhead.try_acquire().unwrap();
    let operation = || {
        made.set(made.get() + 1);
        ready(Ok::<_, ()>(()))
    };
    let error = Probe::new(calls.run(operation)).assert_ready().unwrap_err();
    assert!(matches!(error.cause(), Cause::Full(AcquireError::Full)) && error.is_refused());
    assert_eq!(made.get(), 0);
    drop(held);
}

/// Puts a flag up when it is dropped, with what is then free.
struct Leaves<'a>(&'a Bulkhead, &'a Cell<usize>);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.1.set(self.0.stats().running);
    }
}

#[test]
fn an_operation_is_gone_before_its_place_is_free() {
    let (clock, bulkhead, running) = (ManualClock::new(), Bulkhead::new(1), Cell::new(9));
    let calls = stack((&bulkhead,)).on(&clock);
    for ends in [true, false] {
        let mut future = Probe::new(calls.run(|| {
            let leaves = Leaves(&bulkhead, &running);
            async move {
                let _leaves = leaves;
                if ends { Ok::<_, ()>(()) } else { pending().await }
            }
        }));
        if future.poll().is_ready() {
            assert!(ends);
        }
        drop(future);
        assert_eq!((running.replace(9), bulkhead.stats().running), (1, 0));
    }
}

#[test]
fn a_panic_gives_the_place_back() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let calls = stack((&bulkhead,)).on(&clock);
    for in_the_call in [true, false] {
        let operation = move || {
            assert!(!in_the_call, "in the call");
            async move {
                assert!(in_the_call, "in the poll");
                Ok::<_, ()>(())
            }
        };
        let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut future = Probe::new(calls.run(operation));
            let _ = future.poll();
        }));
        assert!(polled.is_err());
        assert_eq!(bulkhead.stats().running, 0);
    }
}

#[test]
fn a_rate_limiter_lets_wait_for_a_cell() {
    on_sim(async |sim| {
        let limiter = RateLimiter::new(Quota::per(1, SECOND).burst(1), sim.clone());
        let calls = stack((&limiter,)).on(&sim);
        let began = sim.now();
        for _ in 0..3 {
            calls.run(fails(0)).await.unwrap();
        }
        assert_eq!(sim.now().saturating_duration_since(began), 2 * SECOND);
    });
}

#[test]
fn an_adaptive_limit_learns_from_values_and_time_outs_and_not_from_errors() {
    on_sim(async |sim| {
        let limit = AdaptiveLimit::new(Aimd::builder().initial(10).build(), sim.clone());
        let calls = stack((&limit, Timeout::new(SECOND))).on(&sim);
        let _ = calls.run(fails(9)).await;
        assert_eq!(limit.limit(), 10);
        let _ = calls.run(never).await;
        assert_eq!(limit.limit(), 9);
    });
}

#[test]
fn a_function_says_what_a_result_counts_for() {
    on_sim(async |sim| {
        let limit = AdaptiveLimit::new(Aimd::builder().initial(10).build(), sim.clone());
        let by_status = |result: &Result<u16, Error<()>>| match result {
            Ok(503) => Verdict::Failure,
            _ => Verdict::Ignore,
        };
        let calls = stack((counting(&limit, by_status),)).on(&sim);
        calls.run(|| ready(Ok::<u16, ()>(200))).await.unwrap();
        assert_eq!(limit.limit(), 10);
        calls.run(|| ready(Ok::<u16, ()>(503))).await.unwrap();
        assert_eq!(limit.limit(), 9);
    });
}

#[test]
fn a_fixed_limit_that_was_closed_refuses() {
    on_sim(async |sim| {
        let limit = Arc::new(AdaptiveLimit::new(Fixed::new(3), sim.clone()));
        let calls = stack((limit.clone(),)).on(&sim);
        assert_eq!(calls.run(fails(0)).await.unwrap(), 1);
        limit.close();
        let refused = calls.run(fails(0)).await.unwrap_err();
        assert!(matches!(refused.cause(), Cause::Full(AcquireError::Closed)));
        assert_eq!(refused.to_string(), "closed: nothing is let in any more", "and it was no bulkhead");
    });
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polled_after_the_end_it_says_so() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let mut future = Probe::new(stack((&bulkhead,)).on(&clock).run(fails(0)));
    let _ = future.assert_ready();
    let _ = future.poll();
}

/// However long it has waited.
#[test]
fn who_gives_up_waiting_for_a_cell_takes_none_along() {
    let clock = ManualClock::new();
    let limiter = RateLimiter::new(Quota::per(1, SECOND).burst(1), &clock);
    let calls = stack((&limiter,)).on(&clock);
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap(), 1);
    for waited in [Duration::ZERO, SECOND / 2, SECOND] {
        let mut gives_up = Probe::new(calls.run(fails(0)));
        gives_up.assert_pending();
        clock.advance(waited);
        drop(gives_up);
        assert_eq!(limiter.stats().waiting, 0);
    }
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap(), 1);
    Probe::new(calls.run(fails(0))).assert_pending();
}

/// What grows it is a value: an error may be quick because nothing was done, and a refusal is not the service's.
#[test]
fn an_adaptive_limit_grows_by_values_alone() {
    let clock = ManualClock::new();
    let full = Bulkhead::builder(1).queue(0).build();
    let _held = full.try_acquire();
    let limit = AdaptiveLimit::new(Aimd::builder().initial(1).build(), &clock);
    let calls = stack((&limit,)).on(&clock);
    for _ in 0..9 {
        assert!(Probe::new(calls.run(fails(9))).assert_ready().is_err());
        assert!(Probe::new(stack((&limit, &full)).on(&clock).run(fails(0))).assert_ready().is_err());
        let ignored = |_: &Result<u32, Error<&'static str>>| Verdict::Ignore;
        let counted = stack((counting(&limit, ignored),)).on(&clock);
        assert!(Probe::new(counted.run(fails(0))).assert_ready().is_ok());
    }
    assert_eq!(limit.limit(), 1);
    let says_so = |_: &Result<u32, Error<&'static str>>| Verdict::Success;
    let counted = stack((counting(&limit, says_so),)).on(&clock);
    assert!(Probe::new(calls.run(fails(0))).assert_ready().is_ok());
    assert_eq!(limit.limit(), 2, "by a value");
    assert!(Probe::new(counted.run(fails(9))).assert_ready().is_err());
    assert_eq!(limit.limit(), 3, "by what was said of an error");
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polled_after_it_was_refused_in_line_it_says_so() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let _held = bulkhead.try_acquire();
    let mut future = Probe::new(stack((&bulkhead,)).on(&clock).run(fails(0)));
    future.assert_pending();
    bulkhead.close();
    assert!(future.assert_ready().unwrap_err().is_refused());
    let _ = future.poll();
}
