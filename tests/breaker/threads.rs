//! On real threads.

use super::*;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether_support::cases;

#[test]
fn threads_that_come_at_the_moment_let_no_more_probe_than_may() {
    for _ in 0..cases(200) {
        let (_clock, breaker) = due(plan().probes(2, 2));
        let (start, came) = (Barrier::new(4), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    let permits: Vec<_> = (0..4).filter_map(|_| breaker.try_acquire().ok()).collect();
                    came.fetch_add(permits.len(), Ordering::Relaxed);
                    start.wait();
                    drop(permits);
                });
            }
        });
        assert_eq!((came.load(Ordering::Relaxed), breaker.state()), (2, State::HalfOpen));
    }
}

/// Calls that fail, succeed and are dropped, while time passes and somebody forces it: the counts are those of one window, and it can be
/// closed in the end.
#[test]
fn threads_that_do_anything_at_all_leave_it_whole() {
    let clock = ManualClock::new();
    let rated = plan().failure_rate(0.5).window(Window::calls(20)).min_calls(10).probes(3, 2);
    let breaker = rated.build(clock.clone());
    let (breaker, rounds) = (&breaker, cases(5_000));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for round in 0..rounds {
                    let Ok(permit) = breaker.try_acquire() else { continue };
                    match (round + thread) % 5 {
                        0 | 1 => permit.failure(),
                        2 => permit.record(Verdict::Ignore),
                        _ => permit.success(),
                    };
                    let stats = breaker.stats();
                    assert!(stats.calls <= 20 && stats.failures <= stats.calls, "{stats:?}");
                }
            });
        }
        scope.spawn(move || {
            for round in 0..rounds / 10 {
                clock.advance(5 * SECOND);
                match round % 50 {
                    0 => breaker.force_open(),
                    10 => breaker.force_closed(),
                    20 => drop(breaker.isolate()),
                    1 | 11 | 30 => breaker.reset(),
                    _ => std::thread::yield_now(),
                }
            }
        });
    });
    breaker.reset();
    assert_eq!((succeed(breaker, 20), breaker.stats().failures), (None, 0));
}
