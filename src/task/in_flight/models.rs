//! Those who come and go against those who close, and those who wait.

use super::InFlight;
use crate::sys::atomic::AtomicBool;
use crate::sys::models::{Wakes, block_on, join, model, thread};
use alloc::sync::Arc;
use core::pin::Pin;
use core::sync::atomic::Ordering::Relaxed;
use core::task::Context;

/// Used once before it is shared.
fn in_flight() -> Arc<InFlight> {
    let in_flight = Arc::new(InFlight::new());
    assert!(in_flight.is_empty());
    in_flight
}

#[test]
fn whoever_waits_at_any_time_for_the_last_two_sees_what_both_did() {
    model(|| {
        let scene = Arc::new((InFlight::new(), [AtomicBool::new(false), AtomicBool::new(false)]));
        assert!(scene.0.is_empty() && !scene.1[0].load(Relaxed) && !scene.1[1].load(Relaxed));
        let entries = [scene.0.come(0), scene.0.come(0)];
        assert_eq!(entries, [true, true]);
        let goes = |which: usize| {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.1[which].store(true, Relaxed);
                scene.0.leave();
            })
        };
        let threads = [goes(0), goes(1)];
        block_on(scene.0.wait_idle());
        assert!(scene.1[0].load(Relaxed) && scene.1[1].load(Relaxed));
        join(threads);
    });
}

#[test]
fn who_comes_in_while_it_is_closed_is_refused_or_waited_for() {
    model(|| {
        let scene = Arc::new((InFlight::new(), AtomicBool::new(false)));
        assert!(scene.0.is_empty() && !scene.1.load(Relaxed));
        let theirs = scene.clone();
        let comes = thread::spawn(move || {
            let Ok(entry) = theirs.0.enter() else { return false };
            theirs.1.store(true, Relaxed);
            drop(entry);
            true
        });
        scene.0.close();
        block_on(scene.0.wait_idle());
        let was_in = scene.1.load(Relaxed);
        assert!(scene.0.is_empty());
        assert_eq!(comes.join().expect("it ended"), was_in, "nobody comes in after it is closed and idle");
    });
}

#[test]
fn one_who_waits_is_woken_by_the_last_of_two_and_once() {
    model(|| {
        let in_flight = in_flight();
        let entries = [InFlight::enter_owned(in_flight.clone()), InFlight::enter_owned(in_flight.clone())];
        let (wakes, waker) = Wakes::new();
        let mut wait = in_flight.wait_idle();
        assert!(Pin::new(&mut wait).poll(&mut Context::from_waker(&waker)).is_pending());
        join(entries.map(|entry| thread::spawn(move || drop(entry))));
        assert_eq!(wakes.count(), 1);
        assert!(Pin::new(&mut wait).poll(&mut Context::from_waker(&waker)).is_ready());
    });
}

#[test]
fn one_who_waits_while_others_come_and_go_is_not_forgotten() {
    model(|| {
        let in_flight = in_flight();
        let comes_and_goes = || {
            let in_flight = in_flight.clone();
            thread::spawn(move || drop(in_flight.enter()))
        };
        let threads = [comes_and_goes(), comes_and_goes()];
        block_on(in_flight.wait_idle());
        join(threads);
        assert!(in_flight.is_empty());
    });
}
