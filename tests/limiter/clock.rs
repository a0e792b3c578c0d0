//! Clocks that step back, stand at their ends, or disagree with their own sleeps.

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};
use untether::time::{Instant, Timer};

const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// governor denies for the whole step.
#[test]
fn a_clock_that_steps_back_ten_years_denies_for_no_longer_than_a_burst() {
    let clock = ManualClock::new();
    clock.advance(20 * YEAR);
    let limiter = RateLimiter::new(Quota::per_second(10), clock.clone());
    limiter.try_acquire(10).unwrap();
    clock.step_back(10 * YEAR);
    assert_eq!(limiter.try_acquire(1), denied(100 * MS));
    clock.advance(100 * MS);
    assert_eq!(limiter.try_acquire(1), Ok(()));
    clock.advance(SECOND);
    assert_eq!((limiter.peek(), limiter.try_acquire(10)), (10, Ok(())));
}

#[test]
fn who_waits_or_reserves_after_a_step_back_is_served_in_time_as_well() {
    let clock = ManualClock::new();
    clock.advance(20 * YEAR);
    let limiter = Arc::new(RateLimiter::new(Quota::per_second(10), clock.clone()));
    limiter.try_acquire(10).unwrap();
    let reserved = limiter.reserve(5, SECOND).unwrap();
    assert_eq!(reserved.remaining(), 500 * MS);
    reserved.spend();
    clock.step_back(10 * YEAR);
    for _ in 0..3 {
        assert!(limiter.reserve(1, 500 * MS).is_err());
    }
    let mut waits = waiter(&limiter, 1);
    clock.advance(600 * MS);
    assert_eq!(waits.assert_ready(), Ok(()), "a burst and the longest reservation, and no more");
}

#[test]
fn a_denial_puts_right_what_is_owed_also_where_nothing_but_reservations_are_asked_for() {
    let clock = ManualClock::new();
    clock.advance(20 * YEAR);
    let limiter = RateLimiter::new(Quota::per_second(10), clock.clone());
    limiter.try_acquire(10).unwrap();
    clock.step_back(10 * YEAR);
    for _ in 0..4 {
        assert_eq!(limiter.reserve(1, Duration::ZERO).unwrap_err().retry_after(), Some(100 * MS));
        clock.advance(100 * MS);
        limiter.reserve(1, Duration::ZERO).unwrap().spend();
    }
}

#[test]
fn small_steps_back_let_no_more_through() {
    let (limiter, clock) = limiter(Quota::per_second(10).burst(5));
    let mut let_through = 0;
    for _ in 0..1_000 {
        clock.advance(20 * MS);
        clock.step_back(10 * MS);
        let_through += usize::from(limiter.try_acquire(1).is_ok());
    }
    assert!((100..=105).contains(&let_through), "{let_through} in 10 s");
}

/// Shows what it is told.
#[derive(Default)]
struct Told(AtomicU64);

impl Clock for Told {
    fn now(&self) -> Instant {
        Instant::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

#[test]
fn no_moment_of_a_clock_panics_or_wedges() {
    for quota in [Quota::per_second(10), Quota::per_second(7), Quota::per_hour(1).burst(u32::MAX)] {
        let limiter = RateLimiter::new(quota, Told::default());
        let moments = [0, 1, 1 << 62, u64::MAX - 1, u64::MAX, 5, 1 << 63, 0, 1 << 40];
        for (a, b) in moments.iter().flat_map(|a| moments.iter().map(move |b| (a, b))) {
            for moment in [a, b] {
                limiter.clock().0.store(*moment, Ordering::Relaxed);
                let _ = (limiter.try_acquire(1), limiter.peek(), limiter.reserve(1, SECOND), limiter.stats());
                limiter.refund(1);
            }
        }
        limiter.clock().0.store(1 << 50, Ordering::Relaxed);
        let wait = limiter.try_acquire(1).err().and_then(|denied| denied.retry_after()).unwrap_or_default();
        assert!(wait <= quota.refill() + SECOND);
        limiter.clock().0.fetch_add(wait.as_nanos() as u64, Ordering::Relaxed);
        assert_eq!(limiter.try_acquire(1), Ok(()));
    }
}

/// A timer whose sleeps end at once, whatever its clock shows.
struct Hasty(ManualClock);

impl Clock for Hasty {
    fn now(&self) -> Instant {
        self.0.now()
    }
}

impl Timer for Hasty {
    type Sleep = std::future::Ready<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        std::future::ready(())
    }
}

#[test]
fn a_sleep_that_ends_too_soon_is_believed_and_not_asked_again_and_again() {
    let limiter = RateLimiter::new(Quota::per_second(1), Hasty(ManualClock::new()));
    for _ in 0..3 {
        assert_eq!(Probe::new(limiter.acquire(1)).assert_ready(), Ok(()));
    }
}

#[test]
fn who_tries_asks_the_clock_once() {
    struct Counts(ManualClock, AtomicU64);
    impl Clock for Counts {
        fn now(&self) -> Instant {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.now()
        }
    }
    let limiter = RateLimiter::new(Quota::per_second(5), Counts(ManualClock::new(), AtomicU64::new(0)));
    limiter.try_acquire(5).unwrap();
    assert_eq!(limiter.clock().1.load(Ordering::Relaxed), 1);
    assert!(limiter.try_acquire(1).is_err());
    assert_eq!(limiter.clock().1.load(Ordering::Relaxed), 2, "and so does who is not");
    limiter.clock().0.step_back(SECOND);
    assert!(limiter.try_acquire(1).is_err());
    assert_eq!(limiter.clock().1.load(Ordering::Relaxed), 4, "once more to know that it stepped back");
}
