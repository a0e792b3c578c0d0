//! Dropped at every point: nothing is left behind, and what is shared balances.

use super::*;
use std::sync::Arc;
use untether::retry::budget::{RateBudget, RateRules, TokenQuota};

/// Drops it after each number of steps, and tells how many tokens are left.
#[test]
fn wherever_it_is_dropped_the_attempt_is_dropped_the_timer_deregistered_and_the_budget_balanced() {
    for steps in 0..12 {
        let (clock, quota, alive, calls) =
            (ManualClock::new(), TokenQuota::new(100).cost(10), Arc::new(()), Cell::new(0));
        let slow = |_: Attempt| {
            calls.set(calls.get() + 1);
            let (clock, guard) = (clock.clone(), alive.clone());
            async move {
                clock.sleep(SECOND).await;
                drop(guard);
                Err::<(), _>("busy")
            }
        };
        let mut retrying =
            Probe::new(Box::pin(retry(slow, every(SECOND).attempts(5)).budget(&quota).on(&clock)));
        for _ in 0..steps {
            if retrying.poll().is_ready() {
                break;
            }
            clock.advance_to_next();
        }
        drop(retrying);
        let made = 10 * (calls.get() as usize).saturating_sub(1);
        assert_eq!(
            (quota.tokens(), Arc::strong_count(&alive), clock.sleepers()),
            (100 - made, 1, 0),
            "after {steps}"
        );
    }
}

#[test]
fn a_rate_budget_balances_as_well() {
    let clock = ManualClock::new();
    let budget = RateBudget::new(RateRules::new().reserve(0).ratio(1.0), clock.clone());
    for _ in 0..10 {
        let mut retrying = Probe::new(Box::pin(retry(fails(9), every(SECOND)).budget(&budget).on(&clock)));
        retrying.assert_pending();
        drop(retrying);
    }
    assert_eq!(budget.available(), 10);
}

#[test]
fn the_attempt_is_gone_before_the_wait_begins() {
    let (clock, alive) = (ManualClock::new(), Arc::new(()));
    let holds = |_: Attempt| {
        let guard = alive.clone();
        async move {
            let _guard = guard;
            Err::<(), _>("busy")
        }
    };
    let mut retrying = Probe::new(Box::pin(retry(holds, every(SECOND)).on(&clock)));
    retrying.assert_pending();
    assert_eq!(Arc::strong_count(&alive), 1);
}

/// Drops a future after each number of steps, and looks.
fn dropped_at_each_step<F: Future>(make: impl Fn(ManualClock, Arc<TokenQuota>, Rc<Cell<usize>>) -> F) {
    for steps in 0..12 {
        let (clock, quota, calls) =
            (ManualClock::new(), Arc::new(TokenQuota::new(100).cost(10)), Rc::default());
        let mut retrying = Probe::new(Box::pin(make(clock.clone(), quota.clone(), Rc::clone(&calls))));
        for _ in 0..steps {
            if retrying.poll().is_ready() {
                break;
            }
            clock.advance_to_next();
        }
        drop(retrying);
        let extra = calls.get().saturating_sub(1);
        assert_eq!((quota.tokens(), clock.sleepers()), (100 - 10 * extra, 0), "after {steps}");
    }
}

async fn slow(clock: ManualClock, calls: Rc<Cell<usize>>) -> Result<(), &'static str> {
    calls.set(calls.get() + 1);
    clock.sleep(SECOND).await;
    Err("busy")
}

#[test]
fn so_it_is_wherever_the_other_forms_are_dropped() {
    dropped_at_each_step(|clock, quota, calls| async move {
        let borrows = async |_: Attempt| slow(clock.clone(), calls.clone()).await;
        let schedule = every(SECOND).attempts(5);
        let _ = untether::retry::retry_async(borrows, schedule).budget(quota).on(&clock).await;
    });
    dropped_at_each_step(|clock, quota, calls| {
        let timer = clock.clone();
        let carries = move |n: u32, _: Attempt| {
            let call = slow(clock.clone(), calls.clone());
            async move { (n + 1, call.await) }
        };
        untether::retry::retry_with(0, carries, every(SECOND).attempts(5)).budget(quota).on(timer)
    });
    dropped_at_each_step(|clock, quota, calls| async move {
        let mut attempts = Retry::new(every(SECOND).attempts(5)).budget(quota).attempts(&clock);
        while let Some(attempt) = attempts.next().await {
            let Err(error) = slow(clock.clone(), calls.clone()).await else { return };
            if attempt.failed(error).is_err() {
                return;
            }
        }
    });
}
