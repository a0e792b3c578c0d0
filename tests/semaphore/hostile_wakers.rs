//! Wakers that mean it ill: what becomes of the permits. All else they do is in `tests/reentrancy`.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use untether_support::Hooks;

/// Runs a test on a thread of its own. A deadlock fails the test instead of hanging it.
fn ends(body: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = thread::spawn(move || {
        body();
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

/// A waker whose clone gives back what is held, and whose first drop panics.
fn gives_back_and_panics(held: Permit<&'static Semaphore>) -> Waker {
    let (held, dropped) = (std::sync::Mutex::new(Some(held)), AtomicBool::new(false));
    let hooks = Hooks::new().on_clone(move || drop(held.lock().unwrap().take()));
    hooks.on_drop(move || assert!(dropped.swap(true, Ordering::AcqRel), "on purpose: a drop")).waker()
}

#[test]
fn a_drop_that_panics_loses_no_permit_that_came_while_the_waker_was_cloned() {
    ends(|| {
        // At the first poll the clone is not needed, since a permit came meanwhile; its drop is the first.
        let semaphore = semaphore();
        let waker = gives_back_and_panics(semaphore.try_acquire().unwrap());
        let mut acquire = semaphore.acquire();
        assert!(catch_unwind(AssertUnwindSafe(|| poll_with(&mut acquire, &waker).is_ready())).is_err());
        drop(acquire);
        assert_eq!(semaphore.available(), 1);
    });
    ends(|| {
        // At a later one the clone comes back, since the turn came meanwhile.
        let semaphore = semaphore();
        let waker = gives_back_and_panics(semaphore.try_acquire().unwrap());
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
