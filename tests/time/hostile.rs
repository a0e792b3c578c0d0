//! Wakers and payloads that panic when they are dropped, wakers that come back at once, advances within advances.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use untether::rt::threads::Threads;
use untether::spawn::SpawnBlocking;

fn drop_bomb() -> Waker {
    HookWaker::new().on_drop(|| panic!("a waker that panics when it is dropped")).waker()
}

/// A panic's payload that panics when it is dropped.
struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("a payload that panics when it is dropped");
        }
    }
}

#[test]
fn a_waker_that_panics_when_it_is_dropped_does_not_take_the_promise_along() {
    let (queue, at) = (WakeQueue::new(), Instant::from_nanos);
    let (mut key, mut other) = (WakeKey::new(), WakeKey::new());
    queue.schedule(at(100), &mut key, &drop_bomb());
    let told = catch_unwind(AssertUnwindSafe(|| queue.schedule(at(10), &mut key, Waker::noop())));
    assert!(told.is_err(), "the panic goes on");
    assert!(queue.schedule(at(20), &mut other, Waker::noop()), "the next one is told");
}

#[test]
fn a_waker_that_panics_when_it_is_dropped_stops_nobody_elses_clock() {
    let threads = Threads::new().unwrap();
    let mut sleep = Probe::new(threads.sleep(3_600 * SECOND));
    assert!(sleep.poll_with(&drop_bomb()).is_pending());
    threads.reset(sleep.get_mut(), threads.now().saturating_add(Duration::from_millis(1)));
    assert!(catch_unwind(AssertUnwindSafe(|| sleep.poll_with(Waker::noop()))).is_err());
    // Hangs for an hour if the thread was not told.
    threads.block_on(async |rt| rt.sleep(Duration::from_millis(2)).await);
}

#[test]
fn a_payload_that_panics_when_it_is_dropped_ends_neither_the_timer_nor_a_blocking_thread() {
    let threads = Threads::builder().blocking_threads(1).build().unwrap();
    let waker = HookWaker::new().on_wake(|| panic_any(Payload)).waker();
    let mut sleep = Probe::new(threads.sleep(Duration::from_millis(1)));
    assert!(sleep.poll_with(&waker).is_pending());
    threads.spawn_blocking(|| panic_any(Payload)).unwrap();
    let (done, finished) = std::sync::mpsc::channel();
    threads.spawn_blocking(move || done.send(()).unwrap()).unwrap();
    threads.block_on(async |rt| rt.sleep(Duration::from_millis(5)).await);
    finished.recv().unwrap();
}

#[test]
fn two_payloads_that_panic_when_they_are_dropped_leave_nobody_asleep() {
    let (queue, count) = (WakeQueue::new(), CountingWaker::new());
    let mut keys: Vec<WakeKey> = (0..40).map(|_| WakeKey::new()).collect();
    for (n, key) in keys.iter_mut().enumerate() {
        let bomb = HookWaker::new().on_wake(|| panic_any(Payload)).waker();
        queue.schedule(Instant::from_nanos(5), key, &if n < 2 { bomb } else { count.waker() });
    }
    let fired = catch_unwind(AssertUnwindSafe(|| queue.fire(Instant::from_nanos(5))));
    std::mem::forget(fired.unwrap_err());
    assert_eq!(count.wakes(), 38);
}

#[test]
fn wakers_that_come_back_at_once_do_not_keep_fire_for_ever() {
    static QUEUE: WakeQueue = WakeQueue::new();
    static WAKES: AtomicU32 = AtomicU32::new(0);
    fn arm() {
        let again = || {
            if WAKES.fetch_add(1, Ordering::Relaxed) < 1_000 {
                arm();
            }
        };
        let waker = HookWaker::new().on_wake(again).waker();
        QUEUE.schedule(Instant::from_nanos(5), &mut WakeKey::new(), &waker);
    }
    (0..40).for_each(|_| arm());
    let next = QUEUE.fire(Instant::from_nanos(10));
    assert!(next.is_some_and(|next| next <= Instant::from_nanos(10)), "to be called again at once");
    assert_eq!(WAKES.load(Ordering::Relaxed), 40);
}

#[test]
fn wakers_that_come_back_earlier_keep_nobody_who_was_due_waiting() {
    static QUEUE: WakeQueue = WakeQueue::new();
    static LEFT: AtomicU32 = AtomicU32::new(1_000);
    fn arm() {
        let again = || {
            if LEFT.fetch_sub(1, Ordering::Relaxed) > 100 {
                arm();
            }
        };
        QUEUE.schedule(Instant::from_nanos(8), &mut WakeKey::new(), &HookWaker::new().on_wake(again).waker());
    }
    (0..16).for_each(|_| arm());
    let (mut key, patient) = (WakeKey::new(), CountingWaker::new());
    QUEUE.schedule(Instant::from_nanos(9), &mut key, &patient.waker());
    QUEUE.fire(Instant::from_nanos(10));
    assert_eq!(patient.wakes(), 1);
}

#[test]
fn scheduling_for_never_cancels_what_the_key_stood_for() {
    let (queue, mut key) = (WakeQueue::new(), WakeKey::new());
    queue.schedule(Instant::from_nanos(5), &mut key, Waker::noop());
    assert!(!queue.schedule(Instant::FAR_FUTURE, &mut key, Waker::noop()));
    assert!(queue.is_empty() && key.is_empty());
}

#[test]
fn a_second_wake_at_the_same_moment_is_no_news_and_a_repeated_one_keeps_its_place() {
    let (queue, at) = (WakeQueue::new(), Instant::from_nanos(5));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut entries = [0, 1].map(|n| {
        let order = order.clone();
        (WakeKey::new(), HookWaker::new().on_wake(move || order.lock().unwrap().push(n)).waker())
    });
    let told = [0, 1, 0].map(|n| queue.schedule(at, &mut entries[n].0, &entries[n].1.clone()));
    assert_eq!(told, [true, false, false]);
    queue.fire(at);
    assert_eq!(*order.lock().unwrap(), [0, 1]);
}

#[test]
fn a_sleep_that_is_reset_to_never_leaves_the_queue_at_its_next_poll() {
    let clock = ManualClock::new();
    let mut sleep = Probe::new(clock.sleep(SECOND));
    sleep.assert_pending();
    clock.reset(sleep.get_mut(), Instant::FAR_FUTURE);
    sleep.assert_pending();
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn an_erased_sleep_that_is_reset_before_its_first_poll_sleeps_until_then() {
    let clock = ManualClock::new();
    let timer = AnyTimer::new(clock.clone());
    let mut sleep = Probe::new(timer.sleep(5 * SECOND));
    timer.reset(sleep.get_mut(), clock.now().saturating_add(SECOND));
    sleep.assert_pending();
    clock.advance(SECOND);
    sleep.assert_ready();
}

#[test]
fn an_advance_within_an_advance_adds_to_it() {
    let clock = ManualClock::new();
    let (start, inner) = (clock.now(), clock.clone());
    let waker = HookWaker::new().on_wake(move || inner.advance(20 * SECOND)).waker();
    let mut sleep = Probe::new(clock.sleep(SECOND));
    assert!(sleep.poll_with(&waker).is_pending());
    clock.advance(10 * SECOND);
    assert_eq!(clock.now(), start.saturating_add(30 * SECOND));
}

#[test]
fn two_threads_advance_by_the_sum() {
    for _ in 0..200 {
        let clock = ManualClock::new();
        let start = clock.now();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..50).for_each(|_| clock.advance(SECOND)));
            }
        });
        assert_eq!(clock.now(), start.saturating_add(100 * SECOND));
    }
}

#[test]
fn an_advance_whose_waker_panics_goes_all_the_way_first() {
    let clock = ManualClock::new();
    let start = clock.now();
    let bomb = HookWaker::new().on_wake(|| panic!("on purpose")).waker();
    let (mut early, mut late) = (Probe::new(clock.sleep(SECOND)), Probe::new(clock.sleep(2 * SECOND)));
    assert!(early.poll_with(&bomb).is_pending());
    late.assert_pending();
    assert!(catch_unwind(AssertUnwindSafe(|| clock.advance(3 * SECOND))).is_err());
    assert_eq!((clock.now(), late.wakes()), (start.saturating_add(3 * SECOND), 1));
}

#[test]
fn the_end_of_time_is_before_never_and_there_is_a_way_back() {
    let clock = ManualClock::new();
    clock.advance(Duration::MAX);
    let end = clock.now();
    assert!(!end.is_far_future());
    clock.step_back(SECOND);
    assert_eq!(clock.now(), end.saturating_sub(SECOND));
}

#[test]
fn a_deadline_that_has_passed_when_it_is_scheduled_does_not_move_the_clock_back() {
    let clock = ManualClock::new();
    let (start, mut key) = (clock.now(), WakeKey::new());
    let count = CountingWaker::new();
    clock.schedule_wake(start.saturating_sub(SECOND), &mut key, &count.waker());
    assert_eq!(clock.advance_to_next(), Some(start));
    assert_eq!((clock.now(), count.wakes()), (start, 1));
}
