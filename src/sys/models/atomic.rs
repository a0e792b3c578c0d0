//! The atomics, as they are used: a flag that publishes, a flag that is won, tickets.

use super::{Wakes, join, model, thread};
use crate::sys::atomic::{AtomicBool, AtomicU64, AtomicWaker};
use alloc::sync::Arc;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// A flag and a waker: whoever registers and then asks the flag is woken or sees it.
fn flag_and_waker(looks_again: bool) {
    let (shared, (wakes, waker)) = (Arc::new((AtomicBool::new(false), AtomicWaker::new())), Wakes::new());
    assert!(!shared.0.load(Acquire));
    let theirs = shared.clone();
    let other = thread::spawn(move || {
        theirs.0.store(true, Release);
        theirs.1.wake();
    });
    shared.1.register(&waker);
    let seen = looks_again && shared.0.load(Acquire);
    join([other]);
    assert!(seen || wakes.count() == 1, "a wake was lost");
}

#[test]
fn whoever_registers_before_it_looks_is_woken_or_sees() {
    model(|| flag_and_waker(true));
}

#[test]
#[should_panic(expected = "a wake was lost")]
fn whoever_looks_only_before_it_registers_is_caught() {
    model(|| flag_and_waker(false));
}

#[test]
fn a_flag_is_won_by_one_and_shows_what_was_written_before() {
    model(|| {
        let shared = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
        assert!(!shared.0.load(Relaxed) && !shared.1.load(Relaxed));
        let race = |shared: Arc<(AtomicBool, AtomicBool)>| {
            move || {
                shared.0.store(true, Relaxed);
                shared.1.swap(true, AcqRel)
            }
        };
        let threads = [thread::spawn(race(shared.clone())), thread::spawn(race(shared.clone()))];
        if shared.1.load(Acquire) {
            assert!(shared.0.load(Relaxed), "the flag came before what it publishes");
        }
        let lost = join(threads);
        assert!(lost[0] != lost[1]);
    });
}

#[test]
fn no_ticket_is_given_twice() {
    model(|| {
        let tickets = Arc::new(AtomicU64::new(7));
        assert_eq!(tickets.fetch_add(1, Relaxed), 7);
        let take = |tickets: Arc<AtomicU64>| move || tickets.fetch_add(1, Relaxed);
        let mut taken = join([thread::spawn(take(tickets.clone())), thread::spawn(take(tickets))]);
        taken.sort_unstable();
        assert_eq!(taken, [8, 9]);
    });
}
