//! What a `Latch` promises: it opens once, for all, and nobody who comes at the wrong moment stays outside.
#![cfg(all(feature = "std", feature = "testing"))]

use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::sync::Latch;
use untether::sync::latch::Wait;
use untether::testing::sim::{Check, Sim};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether_support::{allocations, cases};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

#[test]
fn it_opens_when_the_count_is_down_and_stays_open() {
    let latch = Latch::new(3);
    let mut wait = Probe::new(latch.wait());
    wait.assert_pending();
    latch.count_down(2);
    assert!(!latch.try_wait() && wait.wakes() == 0);
    latch.count_down(1);
    assert_eq!((wait.wakes(), latch.count()), (1, 0));
    for _ in 0..3 {
        wait.assert_ready();
    }
    Probe::new(latch.wait()).assert_ready();
}

#[test]
fn it_never_counts_below_zero_and_opens_once() {
    let latch = Latch::new(2);
    let mut wait = Probe::new(latch.wait());
    wait.assert_pending();
    latch.count_down(0);
    assert_eq!(latch.count(), 2);
    latch.count_down(usize::MAX);
    latch.count_down(usize::MAX);
    latch.count_down(0);
    assert_eq!((latch.count(), wait.wakes()), (0, 1));
}

#[test]
fn one_of_zero_is_open() {
    assert!(Latch::new(0).try_wait());
    Latch::new(0).wait().wait();
}

#[test]
fn all_are_woken_and_who_left_is_not() {
    let latch = Latch::new(1);
    let mut waits: Vec<_> = (0..100).map(|_| Probe::new(latch.wait())).collect();
    waits.iter_mut().for_each(Probe::assert_pending);
    drop(waits.remove(50));
    latch.count_down(1);
    assert!(waits.iter_mut().all(|wait| wait.wakes() == 1 && wait.poll().is_ready()));
}

#[test]
fn one_who_comes_while_the_others_are_woken_finds_it_open() {
    let latch = Arc::new(Latch::new(1));
    let passed = Arc::new(AtomicUsize::new(0));
    let mut waits: Vec<_> = (0..40).map(|_| Probe::new(latch.wait())).collect();
    for wait in &mut waits {
        let (latch, passed) = (latch.clone(), passed.clone());
        let hook = move || {
            passed.fetch_add(usize::from(Probe::new(latch.wait()).poll().is_ready()), Ordering::Relaxed);
        };
        assert!(wait.poll_with(&HookWaker::new().on_wake(hook).waker()).is_pending());
    }
    latch.count_down(1);
    assert_eq!(passed.load(Ordering::Relaxed), 40);
}

/// Forty take three rounds: the last is polled, and passes, before its round has come.
#[test]
fn one_who_is_polled_before_its_wake_passes_and_is_not_woken_any_more() {
    let latch = Arc::new(Latch::new(1));
    let mut waits: Vec<Probe<Wait<Arc<Latch>>>> =
        (0..40).map(|_| Probe::new(Latch::wait_owned(latch.clone()))).collect();
    let last = CountingWaker::new();
    let mut slow = Latch::wait_owned(latch.clone());
    let slow_waker = last.waker();
    #[expect(clippy::disallowed_types, reason = "where a waker finds the other future")]
    let others: Arc<std::sync::Mutex<Option<Wait<Arc<Latch>>>>> = Arc::default();
    let (polls, passed) = (others.clone(), Arc::new(AtomicUsize::new(0)));
    let says = passed.clone();
    let hook = move || {
        let mut slow = polls.lock().unwrap().take().unwrap();
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        says.fetch_add(usize::from(slow.poll_wait(&mut cx).is_ready()), Ordering::Relaxed);
    };
    assert!(waits[0].poll_with(&HookWaker::new().on_wake(hook).waker()).is_pending());
    waits.iter_mut().skip(1).for_each(Probe::assert_pending);
    assert!(slow.poll_wait(&mut std::task::Context::from_waker(&slow_waker)).is_pending());
    *others.lock().unwrap() = Some(slow);
    latch.count_down(1);
    assert_eq!((passed.load(Ordering::Relaxed), last.wakes()), (1, 0));
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (latch, last) = (Latch::new(1), CountingWaker::new());
    let mut wait = Probe::new(latch.wait());
    wait.assert_pending();
    assert!(wait.poll_with(&last.waker()).is_pending());
    latch.count_down(1);
    assert_eq!((wait.wakes(), last.wakes()), (0, 1));
}

#[test]
fn threads_wait_for_it() {
    let latch = Latch::new(1);
    assert!(latch.wait().wait_timeout(Duration::from_millis(1)).is_err());
    std::thread::scope(|scope| {
        let threads = [1, 2].map(|_| scope.spawn(|| latch.wait().wait()));
        latch.count_down(1);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn nothing_is_allocated_before_somebody_waits() {
    let before = allocations();
    let latch = Latch::new(1);
    latch.count_down(1);
    assert!(Probe::new(Latch::new(0).wait()).poll().is_ready() || latch.try_wait());
    let of_the_probe = 2;
    assert_eq!(allocations(), before + of_the_probe);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]
    #[test]
    fn it_is_a_number_that_is_never_negative(count in 0..20_usize, steps in prop::collection::vec(0..5_usize, 0..20)) {
        let (latch, mut left) = (Latch::new(count), count as i64);
        let mut wait = Probe::new(latch.wait());
        let open_at_first = wait.poll().is_ready();
        prop_assert_eq!(open_at_first, count == 0);
        for step in steps {
            latch.count_down(step);
            left -= step as i64;
            prop_assert_eq!(latch.count() as i64, left.max(0));
            prop_assert_eq!(wait.wakes(), usize::from(left <= 0 && !open_at_first));
            prop_assert_eq!(wait.poll().is_ready(), left <= 0);
        }
    }
}

async fn all_pass(sim: Sim, steps: usize) {
    let latch = Arc::new(Latch::new(steps));
    let done = Arc::new(AtomicUsize::new(0));
    let watch = |name| {
        let (latch, done) = (latch.clone(), done.clone());
        let watch = async move {
            latch.wait().await;
            assert_eq!(done.load(Ordering::Relaxed), steps);
        };
        Task::builder().name(name).spawn(&sim, watch).unwrap()
    };
    let (fickle, steady) = (watch("fickle"), watch("steady"));
    for _ in 0..steps {
        let (latch, done) = (latch.clone(), done.clone());
        let step = async move {
            yield_now().await;
            done.fetch_add(1, Ordering::Relaxed);
            latch.count_down(1);
        };
        sim.spawn_task(step).unwrap().detach();
    }
    steady.await.unwrap();
    let _ = fickle.await;
}

#[test]
fn all_who_are_not_cancelled_pass_after_the_last_step() {
    Check::random(10_000).cancel("fickle").no_leaks().assert(|sim| all_pass(sim, 3));
    Check::random(1_000).cancel("fickle").spurious_polls().no_leaks().assert(|sim| all_pass(sim, 2));
    let passed =
        Check::exhaustive(1_000_000).cancel("fickle").no_leaks().run(|sim| all_pass(sim, 1)).unwrap();
    assert!(passed.complete);
}
