//! What `sync` says of the three locks that it takes from async-lock. Against hostile wakers: `tests/reentrancy/async_lock.rs`.
#![cfg(all(feature = "std", feature = "testing"))]

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use untether::sync::{Mutex, OnceCell, RwLock};
use untether::testing::Probe;

#[test]
fn a_cancelled_initialisation_is_begun_anew_by_the_next_caller() {
    let (cell, begun) = (OnceCell::new(), AtomicUsize::new(0));
    let begin = || begun.fetch_add(1, Ordering::Relaxed);
    let mut cancelled = Probe::new(cell.get_or_init(async || {
        begin();
        pending().await
    }));
    cancelled.assert_pending();
    let mut next = Probe::new(cell.get_or_init(async || {
        begin();
        2
    }));
    next.assert_pending();
    assert_eq!(begun.load(Ordering::Relaxed), 1, "one at a time");
    drop(cancelled);
    assert_eq!(next.wakes(), 1);
    assert_eq!(*next.assert_ready(), 2);
    assert_eq!(begun.load(Ordering::Relaxed), 2, "what was done before is done again");
}

#[test]
fn a_newcomer_overtakes_one_who_waits_for_the_mutex() {
    let mutex = Mutex::new(());
    let held = mutex.try_lock().unwrap();
    let mut waits = Probe::new(mutex.lock());
    waits.assert_pending();
    drop(held);
    assert_eq!(waits.wakes(), 1);
    let overtakes = mutex.try_lock().unwrap();
    waits.assert_pending();
    drop(overtakes);
    waits.assert_ready();
}

#[test]
fn a_writer_that_waits_holds_back_readers_that_come_after_it() {
    let lock = RwLock::new(());
    let reads = lock.try_read().unwrap();
    let mut writes = Probe::new(lock.write());
    writes.assert_pending();
    assert!(lock.try_read().is_none());
    drop(reads);
    drop(writes.assert_ready());
    assert!(lock.try_read().is_some());
}
