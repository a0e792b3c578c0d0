//! Threads, on the timer of a thread.

use super::*;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use untether::rt::threads::Threads;

#[test]
fn threads_wait_for_cells() {
    let limiter = RateLimiter::new(Quota::per(1, 2 * MS), Threads::new().unwrap());
    let start = limiter.clock().now();
    for _ in 0..4 {
        limiter.acquire(1).wait().unwrap();
    }
    assert!(limiter.clock().now().saturating_duration_since(start) >= 6 * MS);
    assert_eq!(limiter.acquire(2).wait().unwrap_err().burst(), 1);
}

#[test]
fn a_limit_gives_the_place_in_line_back() {
    let limiter = RateLimiter::new(Quota::per_hour(1), Threads::new().unwrap());
    limiter.try_acquire(1).unwrap();
    let waiting = limiter.acquire(1).wait_timeout(MS).unwrap_err();
    assert_eq!(limiter.stats().waiting, 1);
    limiter.refund(1);
    assert_eq!(waiting.wait(), Ok(()));
}

/// The clock stands still, so that each cell there is was there at the start.
#[test]
fn many_threads_take_exactly_as_many_as_there_are() {
    for _ in 0..20 {
        let limiter = RateLimiter::new(Quota::per_second(10_000), ManualClock::new());
        let taken = AtomicU32::new(0);
        thread::scope(|scope| {
            for n in 1..=4 {
                let (limiter, taken) = (&limiter, &taken);
                scope.spawn(move || {
                    let mut refunds = 100;
                    while limiter.try_acquire(n).is_ok() {
                        let back = u32::from(refunds > 0);
                        refunds -= back;
                        limiter.refund(back);
                        taken.fetch_add(n - back, Ordering::Relaxed);
                    }
                });
            }
        });
        let left = limiter.peek();
        assert_eq!(taken.load(Ordering::Relaxed) + left, 10_000);
    }
}

/// Readers see one quota or the other, never half of each: the bursts tell them apart.
#[test]
fn a_quota_that_is_changed_all_the_time_is_seen_whole() {
    let quotas = [Quota::per_second(7).burst(70), Quota::per(1_000, 3 * SECOND).burst(9_000)];
    let limiter = RateLimiter::new(quotas[0], ManualClock::new());
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let seen = limiter.quota();
                    assert!(quotas.contains(&seen), "{seen:?}");
                    let _ = limiter.try_acquire(1);
                }
            });
        }
        for n in 0..100_000 {
            limiter.set_quota(quotas[n % 2]);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// Some wait, some give up, some try, some reserve and give back: in the end all are served, and no more was let through than may be.
#[test]
fn threads_that_wait_try_reserve_and_give_up_get_no_more_than_the_rate() {
    const EACH: u32 = 150;
    let limiter = RateLimiter::new(Quota::per_second(20_000).burst(10), Threads::new().unwrap());
    let start = limiter.clock().now();
    let taken = AtomicU32::new(0);
    thread::scope(|scope| {
        for kind in 0..6 {
            let (limiter, taken) = (&limiter, &taken);
            scope.spawn(move || {
                let mut left = EACH;
                while left > 0 {
                    let got = match kind {
                        0 | 1 => limiter.acquire(2).wait().is_ok(),
                        2 => limiter.acquire(2).wait_timeout(MS / 10).is_ok_and(|taken| taken.is_ok()),
                        3 => limiter.try_acquire(2).is_ok(),
                        4 => {
                            limiter.reserve(2, MS).is_ok_and(|reservation| {
                                left % 3 > 0 && {
                                    reservation.spend();
                                    true
                                }
                            }) || left % 3 == 0
                        }
                        _ => {
                            limiter.set_quota(Quota::per_second(20_000).burst(10));
                            limiter.acquire(2).wait().is_ok()
                        }
                    };
                    if got {
                        left -= 1;
                        taken.fetch_add(2, Ordering::Relaxed);
                    } else {
                        thread::yield_now();
                    }
                }
            });
        }
    });
    assert_eq!(taken.load(Ordering::Relaxed), 6 * EACH * 2);
    let (stats, took) = (limiter.stats(), limiter.clock().now().saturating_duration_since(start));
    assert_eq!((stats.waiting, stats.wanted), (0, 0));
    // A third of what the reserving one counted was given back; the last may have been reserved.
    let spent = 6 * EACH * 2 - 2 * EACH / 3 - 2;
    let at_most = 10.0 + 20_000.0 * (took + MS).as_secs_f64() + 2.0;
    assert!(f64::from(spent) <= at_most, "{spent} in {took:?}");
}
