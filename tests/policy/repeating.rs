//! What can be repeated is, and what cannot is called once.

use super::*;

#[test]
fn what_cannot_be_repeated_is_called_once_and_the_error_says_so() {
    on_sim(async |sim| {
        let made = Cell::new(0);
        let operation = || {
            made.set(made.get() + 1);
            ready(Err::<(), _>("busy"))
        };
        let began = sim.now();
        let error = stack((every_second(3),)).on(&sim).run(once(operation)).await.unwrap_err();
        assert_eq!((made.get(), error.attempts(), error.stopped()), (1, 1, Some(StopReason::Once)));
        assert_eq!(sim.now(), began, "no wait is slept that no attempt can follow");
        assert_eq!(error.to_string(), "busy (after 1 attempt: it cannot be called again)");
    });
}

#[test]
fn nothing_is_paid_for_a_repetition_that_cannot_be() {
    on_sim(async |sim| {
        let quota = TokenQuota::new(20).cost(10);
        let retry = Retry::new(constant(SECOND)).budget(&quota);
        let _ = stack((retry,)).on(&sim).run(once(|| ready(Err::<(), _>("busy")))).await;
        assert_eq!(quota.tokens(), 20);
    });
}

/// A request that can be copied so often.
struct Scarce<'a>(u32, &'a Cell<u32>);

impl Op for Scarce<'_> {
    type Ok = ();
    type Err = &'static str;
    type Future = Ready<Result<(), &'static str>>;

    fn call(self, _: Attempt) -> Self::Future {
        self.1.set(self.1.get() + 1);
        ready(Err("busy"))
    }

    fn again(&self) -> Option<Self> {
        Some(Self(self.0.checked_sub(1)?, self.1))
    }
}

#[test]
fn an_operation_is_called_as_often_as_it_can_be_repeated() {
    on_sim(async |sim| {
        let made = Cell::new(0);
        let error = stack((every_second(9),)).on(&sim).run(Scarce(2, &made)).await.unwrap_err();
        assert_eq!((made.get(), error.attempts(), error.stopped()), (3, 3, Some(StopReason::Once)));
    });
}

#[test]
fn retries_share_a_budget_and_end_by_it() {
    on_sim(async |sim| {
        let quota = TokenQuota::new(10).cost(10);
        let calls = stack((every_second(3).budget(&quota),)).on(&sim);
        let errors = [calls.run(fails(9)).await, calls.run(fails(9)).await].map(Result::unwrap_err);
        assert_eq!(errors.map(|error| error.attempts()), [2, 1]);
    });
}

#[test]
fn a_predicate_sees_the_error_of_the_stack() {
    on_sim(async |sim| {
        let only_timeouts = |error: &Error<&'static str>| error.is_timeout();
        let calls = stack((every_second(3).when(only_timeouts), Timeout::new(SECOND))).on(&sim);
        let failed = calls.run(fails(9)).await.unwrap_err();
        assert_eq!((failed.attempts(), failed.stopped()), (1, Some(StopReason::Permanent)));
        assert_eq!(calls.run(never).await.unwrap_err().attempts(), 3);
    });
}

/// A refusal that says for how long it holds is waited for, as a hint of the other side's would be.
#[test]
fn a_retry_waits_as_long_as_a_refusal_says() {
    on_sim(async |sim| {
        let limiter = RateLimiter::new(Quota::per(1, 3 * SECOND).burst(1), sim.clone());
        let retry = Retry::new(constant(SECOND).jitter(Jitter::NONE));
        let calls = stack((retry, Reject(&limiter))).on(&sim);
        let began = sim.now();
        calls.run(fails(0)).await.unwrap();
        assert_eq!(calls.run(|| ready(Ok::<_, &str>(7))).await.unwrap(), 7);
        assert_eq!(sim.now().saturating_duration_since(began), 3 * SECOND);
    });
}

#[test]
fn what_is_closed_is_not_tried_again() {
    on_sim(async |sim| {
        let bulkhead = Bulkhead::new(1);
        bulkhead.close();
        let began = sim.now();
        let error = stack((every_second(3), &bulkhead)).on(&sim).run(fails(0)).await.unwrap_err();
        assert!(matches!(error.cause(), Cause::Full(AcquireError::Closed)));
        assert_eq!((error.attempts(), sim.now()), (1, began));
    });
}

#[test]
fn nested_retries_multiply_and_the_outer_one_has_the_last_word() {
    on_sim(async |sim| {
        let made = Cell::new(0);
        let operation = || {
            made.set(made.get() + 1);
            ready(Err::<(), _>("busy"))
        };
        let error = stack((every_second(2), every_second(3))).on(&sim).run(operation).await.unwrap_err();
        assert_eq!((made.get(), error.attempts()), (6, 2));
    });
}

/// What is full now need not be so later.
#[test]
fn what_is_full_is_tried_again() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::builder(1).queue(0).build());
    let held = bulkhead.try_acquire();
    let mut future = Probe::new(stack((every_second(3), &bulkhead)).on(&clock).run(fails(0)));
    future.assert_pending();
    drop(held);
    clock.advance(SECOND);
    assert_eq!(future.assert_ready().unwrap(), 2);
}

#[test]
fn who_waited_in_line_for_too_long_is_tried_again() {
    let clock = ManualClock::new();
    let bulkhead = Bulkhead::builder(1).max_wait(SECOND, &clock).build();
    let held = bulkhead.try_acquire();
    let mut future = Probe::new(stack((every_second(3), &bulkhead)).on(&clock).run(fails(0)));
    future.assert_pending();
    clock.advance(SECOND);
    future.assert_pending();
    drop(held);
    clock.advance(SECOND);
    assert_eq!(future.assert_ready().unwrap(), 2);
}

#[test]
fn a_wait_that_a_verdict_asks_for_comes_before_that_of_a_refusal() {
    on_sim(async |sim| {
        let limiter = RateLimiter::new(Quota::per(1, 4 * SECOND).burst(1), sim.clone());
        limiter.try_acquire(1).unwrap();
        let verdict = |result: &Result<u32, Error<&'static str>>| match result {
            Ok(_) => retry::Verdict::Done,
            Err(_) => retry::Verdict::RetryAfter(5 * SECOND),
        };
        let began = sim.now();
        let calls = stack((every_second(3).judge(verdict), Reject(&limiter))).on(&sim);
        assert_eq!(calls.run(fails(0)).await.unwrap(), 2);
        assert_eq!(sim.now().saturating_duration_since(began), 5 * SECOND);
    });
}

#[test]
fn a_hook_of_the_retry_is_called_in_a_stack_as_well() {
    on_sim(async |sim| {
        let seen = RefCell::new(Vec::new());
        let retry = every_second(3).on_retry(|failed: &retry::Failed<'_, Error<&'static str>>| {
            seen.borrow_mut().push(failed.to_string());
        });
        assert_eq!(stack((retry,)).on(&sim).run(fails(2)).await.unwrap(), 3);
        let lines =
            ["attempt 1 failed: busy; retrying in 1.00s", "attempt 2 failed: busy; retrying in 1.00s"];
        assert_eq!(seen.take(), lines);
    });
}
