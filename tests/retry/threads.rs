//! On a real clock: a thread that waits, and many that share a budget.

use super::*;
use std::sync::Arc;
use std::thread;
use untether::retry::budget::{Budget, RateBudget, RateRules, TokenQuota};
use untether::rt::threads::Threads;

#[test]
fn a_thread_can_wait_for_it() {
    let threads = Threads::new().unwrap();
    let started = threads.now();
    assert_eq!(retry(fails(2), every(5 * MS)).on(&threads).wait(), Ok(3));
    assert!(threads.now().saturating_duration_since(started) >= 10 * MS);
    let carried = untether::retry::retry_with(1, |n, _| ready((n + 1, Ok::<_, ()>(n))), every(MS));
    assert_eq!(carried.on(&threads).wait(), (2, Ok(1)));
}

#[test]
fn a_budget_that_threads_share_counts_right() {
    let quota = Arc::new(TokenQuota::new(1_000).cost(1));
    let rate = Arc::new(RateBudget::new(RateRules::new().ratio(0.5).reserve(0), ManualClock::new()));
    let taken: Vec<_> = (0..4)
        .map(|_| {
            let (quota, rate) = (quota.clone(), rate.clone());
            thread::spawn(move || {
                let taken = (0..1_000).filter(|_| quota.try_withdraw().is_some()).count();
                let extra = (0..1_000)
                    .filter(|_| {
                        rate.deposit();
                        rate.try_withdraw().is_some()
                    })
                    .count();
                (taken, extra)
            })
        })
        .collect();
    let (taken, extra) = taken
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert_eq!((taken, quota.tokens()), (1_000, 0));
    assert_eq!((extra, rate.available()), (2_000, 0));
}
