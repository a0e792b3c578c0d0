//! What is let through, without waiting.

use super::*;

#[test]
fn a_burst_goes_at_once_and_then_one_each_interval() {
    let (limiter, clock) = limiter(Quota::per_second(10));
    for left in (0..10).rev() {
        assert_eq!(limiter.try_acquire(1), Ok(()));
        assert_eq!(limiter.peek(), left);
    }
    for _ in 0..3 {
        assert_eq!(limiter.try_acquire(1), denied(100 * MS));
        clock.advance(99 * MS);
        assert_eq!(limiter.try_acquire(1), denied(MS));
        clock.advance(MS);
        assert_eq!(limiter.try_acquire(1), Ok(()));
    }
}

/// governor let one more through than the burst, once it had been idle.
#[test]
fn no_extra_cell_after_idle_however_long() {
    for idle in [Duration::ZERO, 100 * MS, SECOND, 1_001 * MS, 1_000_000 * SECOND] {
        let (limiter, clock) = limiter(Quota::per_second(10));
        while limiter.try_acquire(1).is_ok() {}
        clock.advance(idle);
        let expected = if idle >= SECOND { 10 } else { idle.as_millis() as u32 / 100 };
        assert_eq!((0..20).filter(|_| limiter.try_acquire(1).is_ok()).count(), expected as usize, "{idle:?}");
    }
}

/// What users of governor took a burst for: a number per period.
#[test]
fn a_burst_comes_on_top_of_the_rate() {
    for (quota, in_a_second) in [
        (Quota::per_second(10), 20),
        (Quota::per_second(10).burst(1), 11),
        (Quota::per_second(10).burst(100), 110),
        (Quota::per_minute(600), 610),
    ] {
        let (limiter, clock) = limiter(quota);
        let mut let_through = 0;
        for tick in 0..=1_000 {
            clock.advance(if tick == 0 { Duration::ZERO } else { MS });
            while limiter.try_acquire(1).is_ok() {
                let_through += 1;
            }
        }
        assert_eq!(let_through, in_a_second, "{quota:?}");
    }
}

#[test]
fn a_denial_takes_nothing_and_says_when() {
    let (limiter, clock) = limiter(Quota::per_second(10).burst(5));
    limiter.try_acquire(4).unwrap();
    for _ in 0..100 {
        assert_eq!(limiter.try_acquire(5), denied(400 * MS));
    }
    let wait = limiter.try_acquire(2).unwrap_err().retry_after().unwrap();
    clock.advance(wait);
    assert_eq!((wait, limiter.try_acquire(2)), (100 * MS, Ok(())));
}

#[test]
fn more_than_the_burst_is_never_let_through_and_nothing_always_is() {
    let (limiter, _clock) = limiter(Quota::per_second(10).burst(3));
    assert_eq!(limiter.try_acquire(4), Err(TryAcquireError::TooLarge { burst: 3 }));
    assert_eq!(limiter.try_acquire(u32::MAX).unwrap_err().retry_after(), None);
    assert_eq!(acquire(&limiter, 4).assert_ready().unwrap_err().burst(), 3);
    assert_eq!(limiter.try_acquire(3), Ok(()));
    assert_eq!((limiter.try_acquire(0), acquire(&limiter, 0).assert_ready()), (Ok(()), Ok(())));
    let _waits = waiter(&limiter, 1);
    assert_eq!((limiter.try_acquire(0), acquire(&limiter, 0).assert_ready()), (Ok(()), Ok(())));
}

#[test]
fn what_is_given_back_is_there_for_others_and_no_more_than_the_burst() {
    let (limiter, clock) = limiter(Quota::per_second(10));
    limiter.try_acquire(7).unwrap();
    limiter.refund(3);
    assert_eq!(limiter.peek(), 6);
    limiter.refund(u32::MAX);
    assert_eq!(limiter.peek(), 10);
    limiter.try_acquire(10).unwrap();
    clock.advance(10 * SECOND);
    limiter.refund(10);
    assert_eq!((limiter.peek(), limiter.try_acquire(10)), (10, Ok(())));
    limiter.refund(0);
    assert_eq!(limiter.peek(), 0);
}

#[test]
fn a_rate_that_does_not_divide_a_second_does_not_drift() {
    let (limiter, clock) = limiter(Quota::per_second(3).burst(1));
    let start = clock.now();
    for _ in 0..30_001 {
        while let Err(denied) = limiter.try_acquire(1) {
            clock.advance(denied.retry_after().unwrap());
        }
    }
    let off = (clock.now().saturating_duration_since(start)).abs_diff(10_000 * SECOND);
    assert!(off <= Duration::from_nanos(2), "off by {off:?} after 30,000");
}

/// leaky-bucket panics at intervals below a millisecond.
#[test]
fn intervals_of_microseconds_and_less_are_as_good_as_others() {
    for interval in [500_000, 500, 7, 1].map(Duration::from_nanos) {
        let (limiter, clock) = limiter(Quota::per(1, interval));
        for _ in 0..1_000 {
            assert_eq!(limiter.try_acquire(1), Ok(()));
            assert_eq!(limiter.try_acquire(1), denied(interval));
            clock.advance(interval);
        }
    }
}

#[test]
fn quotas_that_overflow_elsewhere_are_served() {
    let (hourly, clock) = limiter(Quota::per_hour(1).burst(u32::MAX));
    let burst = hourly.quota().burst_size();
    assert_eq!((burst, hourly.peek(), hourly.try_acquire(burst)), (1_281_023, burst, Ok(())));
    assert_eq!(hourly.peek(), 0);
    clock.advance(3_600 * SECOND);
    assert_eq!(hourly.peek(), 1);

    let (so_many_ever, clock) = limiter(Quota::per(5, Duration::MAX));
    assert_eq!(so_many_ever.try_acquire(5), Ok(()));
    clock.advance(20 * 365 * 86_400 * SECOND);
    assert_eq!(so_many_ever.peek(), 0);
    let wait = so_many_ever.try_acquire(1).unwrap_err().retry_after().unwrap();
    assert!(wait > 9 * 365 * 86_400 * SECOND);
}

#[test]
fn errors_say_what_happened() {
    let (limiter, _clock) = exhausted();
    assert_eq!(limiter.try_acquire(1).unwrap_err().to_string(), "over the limit for 1s");
    assert_eq!(limiter.try_acquire(2).unwrap_err().to_string(), "more cells than the burst of 1");
    let error = acquire(&limiter, 2).assert_ready().unwrap_err();
    assert_eq!(error.to_string(), "waiting for more cells than the burst of 1");
    let error = Quota::try_per(2, Duration::from_nanos(1)).unwrap_err();
    assert_eq!(error.to_string(), "a quota of more than one cell in a nanosecond");
}

#[test]
#[should_panic(expected = "a quota of no cells in a period")]
fn a_quota_of_nothing_says_so() {
    let _ = Quota::per_second(0);
}

#[test]
#[should_panic(expected = "a quota whose period is zero")]
fn a_quota_of_no_time_says_so() {
    let _ = Quota::per(1, Duration::ZERO);
}

#[test]
#[should_panic(expected = "a quota whose burst is zero")]
fn a_burst_of_nothing_says_so() {
    let _ = Quota::per_second(1).burst(0);
}

#[test]
fn a_limiter_in_a_static_needs_nothing_before() {
    struct Stopped;
    impl Clock for Stopped {
        fn now(&self) -> untether::time::Instant {
            untether::time::Instant::from_nanos(1)
        }
    }
    static LIMITER: RateLimiter<Stopped> = RateLimiter::new(Quota::per_minute(30).burst(5), Stopped);
    assert_eq!((LIMITER.try_acquire(5), LIMITER.peek()), (Ok(()), 0));
    assert_eq!(LIMITER.try_acquire(1), denied(2 * SECOND));
}
