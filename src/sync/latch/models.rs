//! The latch's count against its crowd.

use super::Latch;
use crate::sys::atomic::AtomicBool;
use crate::sys::models::{Wakes, block_on, join, model, thread};
use alloc::sync::Arc;
use core::pin::Pin;
use core::sync::atomic::Ordering::Relaxed;
use core::task::Context;

#[test]
fn whoever_waits_at_any_time_passes_and_sees_what_was_done_before_each_step() {
    model(|| {
        let scene = Arc::new((Latch::new(2), [AtomicBool::new(false), AtomicBool::new(false)]));
        assert!(scene.0.count() == 2 && !scene.1[0].load(Relaxed) && !scene.1[1].load(Relaxed));
        let step = |which: usize| {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.1[which].store(true, Relaxed);
                scene.0.count_down(1);
            })
        };
        let threads = [step(0), step(1)];
        block_on(scene.0.wait());
        assert!(scene.1[0].load(Relaxed) && scene.1[1].load(Relaxed));
        join(threads);
    });
}

#[test]
fn of_two_who_count_down_at_once_one_opens_it_and_who_waits_is_woken_once() {
    model(|| {
        let latch = Arc::new(Latch::new(2));
        let (wakes, waker) = Wakes::new();
        let mut wait = latch.wait();
        assert!(Pin::new(&mut wait).poll(&mut Context::from_waker(&waker)).is_pending());
        let step = |n| {
            let latch = latch.clone();
            thread::spawn(move || latch.count_down(n))
        };
        join([step(1), step(usize::MAX)]);
        assert_eq!((wakes.count(), latch.count()), (1, 0));
    });
}
