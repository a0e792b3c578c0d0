//! Cells that are taken now and come later.

use super::*;

#[test]
fn those_who_reserve_get_moments_one_behind_the_other() {
    let (limiter, clock) = exhausted();
    let start = clock.now();
    let reserved = [1, 2, 3].map(|_| limiter.reserve(1, Duration::MAX).unwrap());
    for (n, reservation) in reserved.iter().enumerate() {
        let wait = (n as u32 + 1) * SECOND;
        assert_eq!((reservation.ready_at(), reservation.remaining()), (start.saturating_add(wait), wait));
        assert_eq!(reservation.cells(), 1);
    }
    reserved.into_iter().for_each(|reservation| reservation.spend());
    assert_eq!(limiter.try_acquire(1), denied(4 * SECOND));
    clock.advance(3 * SECOND);
    assert_eq!(limiter.try_acquire(1), denied(SECOND), "their cells are spent");
}

#[test]
fn what_would_take_too_long_is_denied_and_takes_nothing() {
    let (limiter, _clock) = exhausted();
    for _ in 0..10 {
        assert_eq!(limiter.reserve(1, 999 * MS).unwrap_err(), TryAcquireError::Denied { wait: SECOND });
    }
    assert_eq!(limiter.reserve(1, SECOND).unwrap().remaining(), SECOND);
    assert_eq!(limiter.reserve(2, SECOND).unwrap_err(), TryAcquireError::TooLarge { burst: 1 });
    assert_eq!(limiter.reserve(0, Duration::ZERO).unwrap().remaining(), Duration::ZERO);
}

#[test]
fn one_that_is_dropped_leaves_the_limiter_as_if_it_had_not_been() {
    let (limiter, clock) = limiter(Quota::per_second(10));
    limiter.try_acquire(4).unwrap();
    drop(limiter.reserve(6, Duration::ZERO).unwrap());
    assert_eq!(limiter.peek(), 6);
    let reservation = limiter.reserve(6, Duration::ZERO).unwrap();
    clock.advance(200 * MS);
    limiter.try_acquire(1).unwrap();
    drop(reservation);
    assert_eq!(limiter.peek(), 7, "5 there were without it, and 2 have come since");
}

#[test]
fn what_has_come_back_by_itself_is_not_given_back_again() {
    let (limiter, clock) = exhausted();
    clock.advance(SECOND);
    let reservation = limiter.reserve(1, Duration::ZERO).unwrap();
    clock.advance(5 * SECOND);
    limiter.try_acquire(1).unwrap();
    drop(reservation);
    assert_eq!(limiter.try_acquire(1), denied(SECOND), "no two at once");
}

#[test]
fn what_was_taken_by_another_quota_is_given_back_as_it_was_taken() {
    let (limiter, _clock) = limiter(Quota::per_second(1).burst(10));
    limiter.try_acquire(5).unwrap();
    let reservation = limiter.reserve(2, Duration::ZERO).unwrap();
    limiter.set_quota(Quota::per(1, 10 * SECOND).burst(1));
    drop(reservation);
    assert_eq!(limiter.try_acquire(1), denied(5 * SECOND), "two seconds, not twenty");
}

#[test]
fn one_that_waits_for_a_reservation_to_end_goes_when_it_is_dropped() {
    let (limiter, clock) = exhausted();
    let reservation = limiter.reserve(1, Duration::MAX).unwrap();
    let mut waits = waiter(&limiter, 1);
    drop(reservation);
    assert_eq!(waits.wakes(), 1, "its moment is nearer");
    waits.assert_pending();
    clock.advance(SECOND);
    assert_eq!(waits.assert_ready(), Ok(()));
}

#[test]
fn one_that_is_forgotten_is_spent() {
    let (limiter, clock) = exhausted();
    std::mem::forget(limiter.reserve(1, Duration::MAX).unwrap());
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(1), denied(SECOND));
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(1), Ok(()));
}

#[test]
fn one_that_owns_its_hold_outlives_the_call() {
    let (limiter, _clock) = exhausted();
    let reservation = RateLimiter::reserve_owned(limiter.clone(), 1, Duration::MAX).unwrap();
    let weak = Arc::downgrade(&limiter);
    drop(limiter);
    assert_eq!(reservation.remaining(), SECOND);
    drop(reservation);
    assert!(weak.upgrade().is_none());
}
