//! Wakers that use the semaphore from within their clone, wake and drop, and that panic: no cell of this table may hang or lose.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use untether_support::Hooks;

/// Everything one can do with a semaphore from a waker.
fn use_it(semaphore: &Semaphore) {
    drop(semaphore.try_acquire());
    let mut acquire = semaphore.acquire_many(2);
    let _ = poll(&mut acquire);
    drop(acquire);
    semaphore.resize(semaphore.stats().capacity).unwrap();
    semaphore.add_permits(0).unwrap();
}

/// Runs a cell of the table on a thread of its own. A deadlock fails the test instead of hanging it.
fn ends(cell: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = thread::spawn(move || {
        cell();
        done.send(()).unwrap();
    });
    let ended = wait.recv_timeout(Duration::from_secs(10));
    assert_ne!(ended, Err(mpsc::RecvTimeoutError::Timeout), "deadlock");
    thread.join().unwrap();
}

fn semaphore() -> &'static Semaphore {
    Box::leak(Box::new(Semaphore::new(1)))
}

#[test]
fn a_clone_may_use_the_semaphore() {
    ends(|| {
        let semaphore = semaphore();
        let _held = semaphore.try_acquire().unwrap();
        let waker = Hooks::new().on_clone(|| use_it(semaphore)).waker();
        let mut acquire = semaphore.acquire();
        let _ = poll_with(&mut acquire, &waker);
        let _ = poll_with(&mut acquire, &waker.clone());
    });
}

#[test]
fn a_wake_may_use_the_semaphore() {
    ends(|| {
        let semaphore = semaphore();
        let held = semaphore.try_acquire().unwrap();
        let waker = Hooks::new().on_wake(|| use_it(semaphore)).waker();
        let mut acquire = semaphore.acquire();
        assert!(poll_with(&mut acquire, &waker).is_pending());
        drop(held);
        drop(granted(&mut acquire));
        // And the same for those who are woken by a close.
        let _held = semaphore.try_acquire().unwrap();
        let mut acquire = semaphore.acquire();
        let waker = Hooks::new().on_wake(|| drop(semaphore.try_acquire())).waker();
        assert!(poll_with(&mut acquire, &waker).is_pending());
        semaphore.close();
    });
}

#[test]
fn the_drop_of_a_replaced_waker_may_use_the_semaphore() {
    ends(|| {
        let semaphore = semaphore();
        let _held = semaphore.try_acquire().unwrap();
        let mut acquire = semaphore.acquire();
        let old = Hooks::new().on_drop(|| use_it(semaphore)).waker();
        assert!(poll_with(&mut acquire, &old).is_pending());
        let _ = poll(&mut acquire);
    });
}

#[test]
fn the_drop_of_a_cancelled_waiters_waker_may_use_the_semaphore() {
    ends(|| {
        let semaphore = semaphore();
        let _held = semaphore.try_acquire().unwrap();
        let mut acquire = semaphore.acquire();
        let waker = Hooks::new().on_drop(|| use_it(semaphore)).waker();
        assert!(poll_with(&mut acquire, &waker).is_pending());
        drop(acquire);
    });
}

#[test]
fn a_wake_may_drop_another_waiter_and_the_permit_that_was_granted_to_it_goes_on() {
    ends(|| {
        let semaphore = semaphore();
        let held = semaphore.try_acquire().unwrap();
        let other = std::sync::Mutex::new(None);
        let other: &'static std::sync::Mutex<Option<Acquire<&Semaphore>>> = Box::leak(Box::new(other));
        let mut first = semaphore.acquire();
        let waker = Hooks::new().on_wake(|| drop(other.lock().unwrap().take())).waker();
        assert!(poll_with(&mut first, &waker).is_pending());
        *other.lock().unwrap() = Some(queued(semaphore, 1));
        let mut last = queued(semaphore, 1);
        semaphore.add_permits(2).unwrap();
        drop(held);
        drop((granted(&mut first), granted(&mut last)));
        assert_eq!(semaphore.available(), 3);
    });
}

#[test]
fn a_wake_that_panics_keeps_nobody_from_being_woken() {
    ends(|| {
        let semaphore = semaphore();
        let held = semaphore.try_acquire().unwrap();
        let bad = Hooks::new().on_wake(|| panic!("on purpose: a waker")).waker();
        let good = CountingWaker::new();
        let mut waits: Vec<_> = (0..40).map(|_| semaphore.acquire()).collect();
        for (n, acquire) in waits.iter_mut().enumerate() {
            let waker = if n % 2 == 0 { bad.clone() } else { good.waker() };
            assert!(poll_with(acquire, &waker).is_pending());
        }
        assert!(catch_unwind(AssertUnwindSafe(|| semaphore.add_permits(39))).is_err());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(held))).is_ok(), "the last was a good one");
        assert_eq!(good.wakes(), 20);
        waits.iter_mut().for_each(|acquire| drop(granted(acquire)));
        assert_eq!(semaphore.available(), 40);
    });
}

/// A waker whose clone gives back what is held, and whose drop panics, but for the first so many times.
fn gives_back_and_panics(held: Permit<&'static Semaphore>, drops: usize) -> Waker {
    let (held, left) = (std::sync::Mutex::new(Some(held)), AtomicUsize::new(drops));
    let hooks = Hooks::new().on_clone(move || drop(held.lock().unwrap().take()));
    let panics = move || {
        if left.fetch_sub(1, Ordering::AcqRel) == 0 {
            panic!("on purpose: a drop");
        }
    };
    hooks.on_drop(panics).waker()
}

#[test]
fn a_drop_that_panics_loses_no_permit_that_came_while_the_waker_was_cloned() {
    ends(|| {
        // At the first poll the clone is not needed, since a permit came meanwhile; its drop is the first.
        let semaphore = semaphore();
        let waker = std::mem::ManuallyDrop::new(gives_back_and_panics(semaphore.try_acquire().unwrap(), 0));
        let mut acquire = semaphore.acquire();
        assert!(catch_unwind(AssertUnwindSafe(|| poll_with(&mut acquire, &waker).is_ready())).is_err());
        drop(acquire);
        assert_eq!(semaphore.available(), 1);
    });
    ends(|| {
        // At a later one the clone comes back, since the turn came meanwhile.
        let semaphore = semaphore();
        let waker = std::mem::ManuallyDrop::new(gives_back_and_panics(semaphore.try_acquire().unwrap(), 0));
        let mut acquire = semaphore.acquire();
        assert!(poll(&mut acquire).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| poll_with(&mut acquire, &waker).is_ready())).is_err());
        drop(acquire);
        assert_eq!((semaphore.available(), semaphore.stats().granted), (1, 0));
    });
}

#[test]
fn a_drop_that_panics_when_the_head_leaves_lets_the_next_go() {
    ends(|| {
        let semaphore = semaphore();
        let panics = Hooks::new().on_drop(|| panic!("on purpose: a drop")).waker();
        let panics = std::mem::ManuallyDrop::new(panics);
        let mut large = semaphore.acquire_many(2);
        assert!(poll_with(&mut large, &panics).is_pending());
        let next = CountingWaker::new();
        let mut small = semaphore.acquire();
        assert!(poll_with(&mut small, &next.waker()).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(large))).is_err());
        assert_eq!(next.wakes(), 1);
        drop(granted(&mut small));
    });
}

#[test]
fn a_clone_or_a_drop_that_panics_leaves_the_semaphore_whole() {
    ends(|| {
        let semaphore = semaphore();
        let held = semaphore.try_acquire().unwrap();
        let clone = Hooks::new().on_clone(|| panic!("on purpose: a clone")).waker();
        let mut acquire = semaphore.acquire();
        assert!(catch_unwind(AssertUnwindSafe(|| poll_with(&mut acquire, &clone).is_ready())).is_err());
        assert_eq!(semaphore.stats().waiting, 0);
        let dropped =
            std::mem::ManuallyDrop::new(Hooks::new().on_drop(|| panic!("on purpose: a drop")).waker());
        assert!(poll_with(&mut acquire, &dropped).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(acquire))).is_err());
        assert_eq!(semaphore.stats().waiting, 0);
        drop(held);
        assert_eq!(semaphore.available(), 1);
    });
}
