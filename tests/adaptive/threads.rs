//! On real threads.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether::rt::threads::Threads;

#[test]
fn a_thread_waits_in_the_same_line() {
    let limit = fixed(1);
    let first = held(&limit);
    std::thread::scope(|scope| {
        scope.spawn(|| limit.acquire().wait().unwrap().success());
        while limit.stats().waiting == 0 {
            std::thread::yield_now();
        }
        first.success();
    });
    let _held = held(&limit);
    assert!(limit.acquire().wait_timeout(Duration::from_millis(1)).is_err());
}

/// As many samples as fit through: the limit stays between its bounds, and nobody is in flight beyond them.
#[test]
fn a_flood_of_samples_from_many_threads_keeps_every_count() {
    let (min, max) = (2, 6);
    let aimd = Aimd::builder().min(min).max(max).initial(4).build();
    let limit = AdaptiveLimit::new(aimd, Threads::new().unwrap());
    let (limit, inside) = (&limit, &AtomicUsize::new(0));
    let rounds = untether_support::cases(50_000) as usize;
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for round in 0..rounds {
                    let permit = match (round + thread) % 3 {
                        0 => limit.try_acquire().ok(),
                        _ => limit.acquire().wait().ok(),
                    };
                    let Some(permit) = permit else { continue };
                    assert!(inside.fetch_add(1, Ordering::AcqRel) < max);
                    inside.fetch_sub(1, Ordering::AcqRel);
                    match round % 8 {
                        0 => permit.overload(),
                        1 => drop(permit),
                        _ => permit.success(),
                    }
                    assert!((min..=max).contains(&limit.limit()));
                }
            });
        }
    });
    assert_whole(limit);
}
