//! What allocates.

use super::*;
use untether_support::allocations;

fn allocated(body: impl FnOnce()) -> u64 {
    let before = allocations();
    body();
    allocations() - before
}

#[test]
fn who_does_not_wait_allocates_nothing() {
    let clock = ManualClock::new();
    let allocated = allocated(|| {
        let limiter = RateLimiter::new(Quota::per_second(100), &clock);
        for _ in 0..100 {
            limiter.try_acquire(1).unwrap();
        }
        assert!(limiter.try_acquire(1).is_err());
        limiter.reserve(1, SECOND).unwrap().spend();
        drop(limiter.reserve(1, SECOND).unwrap());
        limiter.set_quota(Quota::per_second(50));
        limiter.refund(50);
        let _ = (limiter.peek(), limiter.stats(), limiter.quota());
    });
    assert_eq!(allocated, 0);
}

#[test]
fn waiting_allocates_nothing_once_the_places_are_there() {
    let (limiter, clock) = exhausted();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut round = || {
        let (mut first, mut second) =
            (std::pin::pin!(limiter.acquire(1)), std::pin::pin!(limiter.acquire(1)));
        assert!(first.as_mut().poll(&mut cx).is_pending() && second.as_mut().poll(&mut cx).is_pending());
        clock.advance(SECOND);
        assert!(first.poll(&mut cx).is_ready() && second.as_mut().poll(&mut cx).is_pending());
        clock.advance(SECOND);
        assert!(second.poll(&mut cx).is_ready());
    };
    assert!(allocated(&mut round) > 0, "the first places");
    let later = allocated(|| (0..1_000).for_each(|_| round()));
    assert_eq!(later, 0);
}
