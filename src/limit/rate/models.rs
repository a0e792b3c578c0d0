//! The quota and the number that are read without a lock, and those who come to wait, with two threads at once.

use super::{Acquire, Quota, RateLimiter};
use crate::sys::models::{Wakes, block_on, join, model, thread};
use crate::time::{Clock, Instant, Timer};
use alloc::sync::Arc;
use core::pin::Pin;
use core::task::{Context, Waker};

/// Time stands still, and a sleep never ends: who is not woken by somebody else waits for ever, which loom reports.
struct Still;

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant::from_nanos(1 << 50)
    }
}

impl Timer for Still {
    type Sleep = core::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        core::future::pending()
    }
}

type Limiter = Arc<RateLimiter<Still>>;

/// Of which so many were taken, and used once before it is shared.
fn limiter(quota: Quota, taken: u32) -> Limiter {
    let limiter = Arc::new(RateLimiter::new(quota, Still));
    limiter.try_acquire(taken).expect("the burst has them");
    assert_eq!(limiter.stats().free, quota.burst_size() - taken);
    limiter
}

fn acquire(limiter: &Limiter) -> Acquire<Limiter, Still> {
    RateLimiter::acquire_owned(limiter.clone(), 1)
}

/// One that is in the line.
fn waiter(limiter: &Limiter, waker: &Waker) -> Acquire<Limiter, Still> {
    let mut acquire = acquire(limiter);
    assert!(Pin::new(&mut acquire).poll(&mut Context::from_waker(waker)).is_pending());
    acquire
}

#[test]
fn two_who_take_at_the_same_time_get_no_more_than_there_are_and_what_is_given_back() {
    model(|| {
        let limiter = limiter(Quota::per_hour(2), 1);
        let theirs = limiter.clone();
        let takes = thread::spawn(move || u32::from(theirs.try_acquire(1).is_ok()));
        let mut taken = u32::from(limiter.try_acquire(1).is_ok());
        if taken == 1 {
            limiter.refund(1);
            taken = 0;
        }
        taken += join([takes])[0];
        assert_eq!(limiter.peek() + taken, 1);
    });
}

#[test]
fn a_quota_that_is_changed_is_seen_whole() {
    model(|| {
        let quotas = [Quota::per_hour(3).burst(7), Quota::per_second(3).burst(5)];
        let limiter = limiter(quotas[0], 1);
        let theirs = limiter.clone();
        let changes = thread::spawn(move || {
            theirs.set_quota(quotas[1]);
            theirs.set_quota(quotas[0]);
        });
        assert!(quotas.contains(&limiter.quota()));
        let seen = limiter.published.read_if_nobody_waits();
        assert!(seen.is_none_or(|seen| quotas.contains(&seen)));
        join([changes]);
        assert_eq!(limiter.published.read(), Some(quotas[0]));
    });
}

#[test]
fn a_cell_that_is_given_back_while_one_comes_to_wait_is_not_missed() {
    model(|| {
        let limiter = limiter(Quota::per_hour(1), 1);
        let theirs = limiter.clone();
        let gives_back = thread::spawn(move || theirs.refund(1));
        block_on(acquire(&limiter)).expect("the burst has one");
        join([gives_back]);
        assert_eq!((limiter.stats().waiting, limiter.peek()), (0, 0));
    });
}

#[test]
fn a_faster_quota_while_one_comes_to_wait_is_not_missed() {
    model(|| {
        let limiter = limiter(Quota::per_hour(1), 1);
        let theirs = limiter.clone();
        let changes = thread::spawn(move || theirs.set_quota(Quota::per_hour(1).burst(2)));
        block_on(acquire(&limiter)).expect("the burst has one");
        join([changes]);
        assert_eq!((limiter.stats().waiting, limiter.peek()), (0, 0));
    });
}

#[test]
fn when_the_first_leaves_while_one_joins_that_one_keeps_the_time() {
    model(|| {
        let limiter = limiter(Quota::per_hour(1), 1);
        let (_, waker) = Wakes::new();
        let first = waiter(&limiter, &waker);
        let theirs = limiter.clone();
        let waits = thread::spawn(move || block_on(acquire(&theirs)).is_ok());
        limiter.refund(1);
        drop(first);
        assert_eq!(join([waits]), [true]);
        assert_eq!((limiter.stats().waiting, limiter.peek()), (0, 0));
    });
}

#[test]
fn nobody_overtakes_one_who_waits() {
    model(|| {
        let limiter = limiter(Quota::per_hour(1), 1);
        let (wakes, waker) = Wakes::new();
        let mut first = waiter(&limiter, &waker);
        let theirs = limiter.clone();
        let tries = thread::spawn(move || theirs.try_acquire(1).is_ok());
        limiter.refund(1);
        assert_eq!(join([tries]), [false]);
        assert_eq!(wakes.count(), 1);
        assert!(Pin::new(&mut first).poll(&mut Context::from_waker(&waker)).is_ready());
    });
}

#[test]
fn the_last_to_leave_opens_the_short_way_and_one_who_joins_closes_it() {
    model(|| {
        let limiter = limiter(Quota::per_hour(2), 2);
        let (_, waker) = Wakes::new();
        let first = waiter(&limiter, &waker);
        let theirs = limiter.clone();
        let leaves = thread::spawn(move || drop(first));
        let (_, other) = Wakes::new();
        let second = waiter(&theirs, &other);
        join([leaves]);
        assert!(limiter.published.read_if_nobody_waits().is_none());
        drop(second);
        assert!(limiter.published.read_if_nobody_waits().is_some());
    });
}
