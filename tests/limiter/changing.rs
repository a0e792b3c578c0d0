//! A quota that is changed, and cells that are given back, while somebody waits.

use super::*;

#[test]
fn a_new_quota_holds_at_once() {
    let (limiter, clock) = limiter(Quota::per_second(10));
    limiter.try_acquire(10).unwrap();
    limiter.set_quota(Quota::per_second(100).burst(20));
    assert_eq!(limiter.quota(), Quota::per_second(100).burst(20));
    assert_eq!(limiter.try_acquire(1), denied(10 * MS), "what is owed is no more than a whole burst");
    clock.advance(200 * MS);
    assert_eq!((limiter.peek(), limiter.try_acquire(20)), (20, Ok(())));
    limiter.set_quota(Quota::per_second(1));
    assert_eq!(limiter.try_acquire(1), denied(200 * MS), "what is owed stays owed, as a time");
}

#[test]
fn a_faster_quota_lets_the_first_in_line_go_sooner() {
    let (limiter, clock) = limiter(Quota::per_hour(1));
    limiter.try_acquire(1).unwrap();
    let mut waiters = [waiter(&limiter, 1), waiter(&limiter, 1)];
    limiter.set_quota(Quota::per_second(1));
    assert_eq!((waiters[0].wakes(), waiters[1].wakes()), (1, 0));
    limiter.set_quota(Quota::per_second(2).burst(1));
    assert_eq!(waiters[0].wakes(), 1, "it was told, and has not looked yet");
    waiters[0].assert_pending();
    clock.advance(SECOND / 2);
    assert_eq!((waiters[0].wakes(), waiters[0].assert_ready()), (2, Ok(())));
    waiters[1].assert_pending();
    clock.advance(SECOND / 2);
    assert_eq!(waiters[1].assert_ready(), Ok(()));
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn a_slower_quota_lets_it_go_later() {
    let (limiter, clock) = exhausted();
    let mut waits = waiter(&limiter, 1);
    limiter.set_quota(Quota::per(1, 3 * SECOND));
    waits.assert_pending();
    clock.advance(SECOND);
    assert_eq!((waits.wakes(), waits.assert_ready()), (2, Ok(())), "what was owed was owed for a second");
    assert_eq!(limiter.try_acquire(1), denied(3 * SECOND));
}

#[test]
fn who_waits_for_more_than_the_new_burst_gets_an_error_when_it_is_its_turn_and_the_next_goes_on() {
    let (limiter, clock) = limiter(Quota::per_second(1).burst(5));
    limiter.try_acquire(5).unwrap();
    let mut first = waiter(&limiter, 5);
    let mut second = waiter(&limiter, 4);
    let mut third = waiter(&limiter, 1);
    limiter.set_quota(Quota::per_second(1).burst(3));
    assert_eq!((first.wakes(), first.assert_ready().unwrap_err().burst()), (1, 3));
    assert_eq!((second.wakes(), second.assert_ready().unwrap_err().burst()), (1, 3));
    assert_eq!(third.wakes(), 1);
    third.assert_pending();
    clock.advance(SECOND);
    assert_eq!(third.assert_ready(), Ok(()));
}

#[test]
fn what_is_given_back_wakes_the_first_in_line_and_nobody_else() {
    let (limiter, clock) = limiter(Quota::per_hour(2));
    limiter.try_acquire(2).unwrap();
    let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&limiter, 1)).collect();
    limiter.refund(1);
    assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
    limiter.refund(1);
    assert_eq!(wakes(&waiters), 1, "it was told");
    assert_eq!((waiters[0].assert_ready(), waiters[1].wakes()), (Ok(()), 1));
    assert_eq!(clock.sleepers(), 0, "who is served sleeps no longer");
    assert_eq!((waiters[1].assert_ready(), waiters[2].wakes()), (Ok(()), 1));
    waiters[2].assert_pending();
}

#[test]
fn a_thousand_changes_leave_the_last_one() {
    let (limiter, clock) = limiter(Quota::per_second(1));
    for n in 1..1_000 {
        limiter.set_quota(Quota::per_second(n).burst(n * 2));
        assert_eq!(limiter.quota(), Quota::per_second(n).burst(n * 2));
    }
    assert_eq!(limiter.peek(), 1_998);
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(1_998), Ok(()));
}
