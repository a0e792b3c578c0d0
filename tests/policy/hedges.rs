//! A hedge in a stack.

use super::*;

/// The first attempt hangs, the others are quick.
async fn hangs_once(attempt: Attempt) -> Result<u32, &'static str> {
    if attempt.is_first() {
        pending::<()>().await;
    }
    Ok(attempt.number())
}

#[test]
fn another_attempt_begins_beside_one_that_is_slow() {
    on_sim(async |sim| {
        let bulkhead = Bulkhead::new(2);
        let calls = stack((Timeout::new(9 * SECOND), Hedge::after(SECOND), &bulkhead)).on(&sim);
        let began = sim.now();
        assert_eq!(calls.run(hangs_once).await.unwrap(), 2);
        assert_eq!(sim.now().saturating_duration_since(began), SECOND);
        assert_eq!(bulkhead.stats().running, 0, "the loser is gone");
    });
}

#[test]
fn what_cannot_be_repeated_is_not_hedged() {
    on_sim(async |sim| {
        let calls = stack((Timeout::new(9 * SECOND), Hedge::after(SECOND))).on(&sim);
        let error = calls.run(once(never)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::TimedOut);
    });
}

#[test]
fn retries_and_hedges_pay_from_one_budget() {
    on_sim(async |sim| {
        let quota = TokenQuota::new(20).cost(10);
        let retry = every_second(9).budget(&quota);
        let hedge = Hedge::after(SECOND).budget(Within(&quota));
        let made = Cell::new(0);
        let slow_to_fail = || {
            made.set(made.get() + 1);
            let timer = &sim;
            async move {
                timer.sleep(2 * SECOND).await;
                Err::<(), _>("down")
            }
        };
        let error = stack((retry, hedge)).on(&sim).run(slow_to_fail).await.unwrap_err();
        assert_eq!((made.get(), error.stopped()), (3, Some(StopReason::Budget)));
    });
}

/// One budget for both pays once for each call: what is inside only draws on it.
#[test]
fn a_budget_that_a_retry_and_a_hedge_share_lets_no_more_through_than_it_says() {
    on_sim(async |sim| {
        let budget = RateBudget::new(RateRules::new().ratio(0.1).reserve(0).window(3600 * SECOND), &sim);
        let retry = every_second(9).budget(&budget);
        let calls = stack((retry, Hedge::after(SECOND).budget(Within(&budget)))).on(&sim);
        let made = Cell::new(0);
        let slow_to_fail = || {
            made.set(made.get() + 1);
            let timer = &sim;
            async move {
                timer.sleep(2 * SECOND).await;
                Err::<(), _>("down")
            }
        };
        for _ in 0..100 {
            assert!(calls.run(slow_to_fail).await.is_err());
        }
        assert_eq!(made.get(), 110);
    });
}

#[test]
fn a_hedge_is_told_by_the_name_of_what_is_called() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let calls = stack((Hedge::after(SECOND),)).on(Env::new(&sim).observed(&told).named("users"));
        calls.run(hangs_once).await.unwrap();
        let expected =
            ["users: no answer after 1.00s: attempt 2 begins", "users: attempt 2 of 2 won after 1.00s"];
        assert_eq!(lines.take(), expected);
    });
}
