//! The word and the line, with two or three threads at once.

use super::{AcquireError, Permit, Semaphore};
use crate::sys::models::{Wakes, block_on, join, model, thread};
use alloc::sync::Arc;
use core::pin::Pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::Context;

/// Used once before it is shared.
fn semaphore(permits: usize) -> Arc<Semaphore> {
    let semaphore = Arc::new(Semaphore::new(permits));
    assert_eq!(semaphore.stats().available, permits);
    semaphore
}

fn acquire(semaphore: &Arc<Semaphore>, n: usize) -> Result<Permit<Arc<Semaphore>>, AcquireError> {
    block_on(Semaphore::acquire_many_owned(semaphore.clone(), n))
}

fn assert_all_there(semaphore: &Semaphore, permits: usize) {
    let stats = semaphore.stats();
    assert_eq!((stats.available, stats.waiting, stats.granted, stats.owed), (permits, 0, 0, 0));
}

#[test]
fn two_threads_take_turns_on_one_permit_and_see_what_the_other_did() {
    model(|| {
        let semaphore = semaphore(1);
        // Relaxed: what orders the increments is the semaphore.
        let count = Arc::new(loom::cell::UnsafeCell::new(0));
        let thread = || {
            let (semaphore, count) = (semaphore.clone(), count.clone());
            move || {
                let permit = acquire(&semaphore, 1).expect("it is open");
                // Loom fails the model if two are in here, or if one does not see the other.
                count.with_mut(|_| ());
                drop(permit);
            }
        };
        let other = thread::spawn(thread());
        thread()();
        join([other]);
        assert_all_there(&semaphore, 1);
    });
}

#[test]
fn a_release_while_the_line_forms_is_not_missed() {
    model(|| {
        let semaphore = semaphore(1);
        let held = Semaphore::try_acquire_owned(semaphore.clone()).expect("it is free");
        let releases = thread::spawn(move || drop(held));
        drop(acquire(&semaphore, 1).expect("it is open"));
        join([releases]);
        assert_all_there(&semaphore, 1);
    });
}

#[test]
fn two_releases_add_up_for_who_needs_both() {
    model(|| {
        let semaphore = semaphore(2);
        let threads = [(); 2].map(|()| {
            let held = Semaphore::try_acquire_owned(semaphore.clone()).expect("it is free");
            thread::spawn(move || drop(held))
        });
        drop(acquire(&semaphore, 2).expect("it is open"));
        join(threads);
        assert_all_there(&semaphore, 2);
    });
}

#[test]
fn a_waiter_that_leaves_while_it_is_granted_passes_the_permit_on() {
    model(|| {
        let semaphore = semaphore(1);
        let held = Semaphore::try_acquire_owned(semaphore.clone()).expect("it is free");
        let (_, waker) = Wakes::new();
        let mut leaves = Semaphore::acquire_owned(semaphore.clone());
        assert!(Pin::new(&mut leaves).poll(&mut Context::from_waker(&waker)).is_pending());
        let theirs = semaphore.clone();
        let waits = thread::spawn(move || drop(acquire(&theirs, 1).expect("it is open")));
        let releases = thread::spawn(move || drop(held));
        drop(leaves);
        join([waits, releases]);
        assert_all_there(&semaphore, 1);
    });
}

#[test]
fn nobody_overtakes_a_waiter_by_trying() {
    model(|| {
        let semaphore = semaphore(1);
        let held = Semaphore::try_acquire_owned(semaphore.clone()).expect("it is free");
        let (_, waker) = Wakes::new();
        let mut first = Semaphore::acquire_owned(semaphore.clone());
        assert!(Pin::new(&mut first).poll(&mut Context::from_waker(&waker)).is_pending());
        let theirs = semaphore.clone();
        let tries = thread::spawn(move || Semaphore::try_acquire_owned(theirs).is_ok());
        drop(held);
        assert_eq!(join([tries]), [false]);
        assert!(Pin::new(&mut first).poll(&mut Context::from_waker(&waker)).is_ready());
    });
}

#[test]
fn a_close_ends_every_wait_and_every_permit_comes_back() {
    model(|| {
        let semaphore = semaphore(1);
        let (held, theirs) = (semaphore.try_acquire().expect("it is free"), semaphore.clone());
        let waits = thread::spawn(move || acquire(&theirs, 1).is_ok());
        let theirs = semaphore.clone();
        let closes = thread::spawn(move || {
            theirs.close();
            true
        });
        drop(held);
        join([waits, closes]);
        assert_all_there(&semaphore, 1);
        assert!(semaphore.is_closed());
    });
}

#[test]
fn a_debt_is_paid_by_whoever_releases() {
    model(|| {
        let semaphore = semaphore(2);
        let held = [(); 2].map(|()| Semaphore::try_acquire_owned(semaphore.clone()).expect("it is free"));
        let theirs = semaphore.clone();
        let reduces = thread::spawn(move || theirs.reduce_permits(1).is_ok());
        let releases = held.map(|held| {
            thread::spawn(move || {
                drop(held);
                true
            })
        });
        join([reduces]);
        join(releases);
        assert_all_there(&semaphore, 1);
        assert_eq!(semaphore.capacity(), 1);
    });
}

#[test]
fn a_resize_against_takers_ends_where_it_says() {
    model(|| {
        let semaphore = semaphore(1);
        let most = Arc::new(AtomicUsize::new(0));
        let (theirs, noted) = (semaphore.clone(), most.clone());
        let takes = thread::spawn(move || {
            let permit = acquire(&theirs, 2).expect("it is open");
            noted.fetch_max(permit.permits(), Ordering::Relaxed);
        });
        semaphore.resize(2).expect("so many there can be");
        join([takes]);
        assert_eq!(most.load(Ordering::Relaxed), 2);
        assert_all_there(&semaphore, 2);
    });
}
