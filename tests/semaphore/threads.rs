//! Threads in the same line.

use super::*;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

#[test]
fn threads_wait_in_the_same_line_as_tasks() {
    let semaphore = Semaphore::new(0);
    let order = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for n in 0..3 {
            let (semaphore, order) = (&semaphore, &order);
            scope.spawn(move || {
                let permit = semaphore.acquire().wait().unwrap();
                order.lock().unwrap().push(n);
                drop(permit);
            });
            while semaphore.stats().waiting <= n {
                thread::yield_now();
            }
        }
        let mut task = queued(&semaphore, 1);
        semaphore.add_permits(1).unwrap();
        while poll(&mut task).is_pending() {
            thread::yield_now();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1, 2], "the task came last");
    });
}

#[test]
fn a_limit_gives_the_place_in_line_back() {
    let semaphore = Semaphore::new(0);
    let waiting = semaphore.acquire().wait_timeout(Duration::from_millis(1)).unwrap_err();
    let _later = queued(&semaphore, 1);
    semaphore.add_permits(1).unwrap();
    drop(waiting.wait().unwrap());
    assert_eq!(semaphore.stats().granted, 1, "and now it is the turn of who came later");
}

#[test]
fn many_threads_never_hold_more_than_there_are() {
    let (semaphore, held, most) = (Semaphore::new(3), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for n in 0..8_usize {
            let (semaphore, held, most) = (&semaphore, &held, &most);
            scope.spawn(move || {
                for round in 0..2_000 {
                    let permits = 1 + (n + round) % 3;
                    let permit = match round % 4 {
                        0 => semaphore.try_acquire_many(permits).ok(),
                        1 => semaphore
                            .acquire_many(permits)
                            .wait_timeout(Duration::ZERO)
                            .ok()
                            .map(Result::unwrap),
                        _ => Some(semaphore.acquire_many(permits).wait().unwrap()),
                    };
                    if let Some(permit) = permit {
                        let now = held.fetch_add(permit.permits(), Ordering::AcqRel) + permit.permits();
                        most.fetch_max(now, Ordering::AcqRel);
                        held.fetch_sub(permit.permits(), Ordering::AcqRel);
                    }
                }
            });
        }
    });
    assert!(most.load(Ordering::Acquire) <= 3);
    let stats = semaphore.stats();
    assert_eq!((stats.available, stats.waiting, stats.granted), (3, 0, 0));
}
