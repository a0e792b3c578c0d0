//! Wakers that use the queue from within their clone, wake and drop, where the matrix of `tests/hostile_wakers` does not reach: while
//! somebody keeps the time, and where one calls the next.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::task::Waker;
use std::thread;
use untether_support::Hooks;

/// Everything one can do with a queue from a waker that leaves its items where they are.
fn use_it(queue: &Arc<Queue>) {
    let key = put(queue, 99, 60);
    let (mut one, mut two) = (recv(queue), recv(queue));
    let _ = (one.poll_with(Waker::noop()).is_ready(), two.poll_with(Waker::noop()).is_ready());
    assert!(queue.reset(&key, 30 * SECOND));
    drop(one);
    assert_eq!(queue.remove(&key), Some(99));
    let _ = (queue.peek(), queue.waiting(), queue.timer().sleepers());
}

/// Runs a cell on a thread of its own. A deadlock fails the test instead of hanging it.
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

/// Two who wait, the first of which keeps the time and has this waker.
fn with_first(hooks: impl FnOnce(&Arc<Queue>) -> Hooks) -> (Arc<Queue>, ManualClock, Waiter, Waiter) {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let mut first = recv(&queue);
    assert!(first.poll_with(&hooks(&queue).waker()).is_pending());
    let second = waiter(&queue);
    (queue, clock, first, second)
}

#[test]
fn the_wake_clone_and_drop_of_the_one_that_keeps_the_time_may_use_the_queue() {
    ends(|| {
        let used = |queue: &Arc<Queue>| {
            let [one, two, three] = [queue.clone(), queue.clone(), queue.clone()];
            Hooks::new()
                .on_clone(move || use_it(&one))
                .on_wake(move || use_it(&two))
                .on_drop(move || use_it(&three))
        };
        let (queue, clock, mut first, mut second) = with_first(used);
        put(&queue, 2, 0);
        assert!(first.poll_with(&used(&queue).waker()).is_ready());
        clock.advance(SECOND);
        assert_eq!(got(&mut second), 1);
    });
}

#[test]
fn the_one_that_is_called_may_receive_from_within_its_wake() {
    ends(|| {
        let (queue, _clock) = queue();
        let mut first = waiter(&queue);
        let slot: Arc<Mutex<Option<Waiter>>> = Arc::default();
        let (finds, gets) = (slot.clone(), Arc::new(Mutex::new(Vec::new())));
        let takes = gets.clone();
        let waker = Hooks::new().on_wake(move || {
            let mut second = finds.lock().unwrap().take().unwrap();
            takes.lock().unwrap().push(got(&mut second));
        });
        let mut second = recv(&queue);
        assert!(second.poll_with(&waker.waker()).is_pending());
        *slot.lock().unwrap() = Some(second);
        put(&queue, 1, 0);
        put(&queue, 2, 0);
        assert_eq!(got(&mut first), 1);
        assert_eq!(*gets.lock().unwrap(), [2]);
    });
}

#[test]
fn a_wake_may_drop_the_one_that_is_called_and_the_item_goes_to_the_third() {
    ends(|| {
        let (queue, _clock) = queue();
        let (mut first, mut third_place) = (waiter(&queue), None);
        let slot: Arc<Mutex<Option<Waiter>>> = Arc::default();
        let finds = slot.clone();
        let waker = Hooks::new().on_wake(move || drop(finds.lock().unwrap().take()));
        let mut second = recv(&queue);
        assert!(second.poll_with(&waker.waker()).is_pending());
        *slot.lock().unwrap() = Some(second);
        let third = third_place.insert(waiter(&queue));
        put(&queue, 1, 0);
        put(&queue, 2, 0);
        assert_eq!((got(&mut first), third.wakes()), (1, 1));
        assert_eq!(got(third), 2);
    });
}

#[test]
fn what_is_put_in_while_a_waker_is_cloned_is_seen() {
    ends(|| {
        // A newcomer, the one that keeps the time, and one that was called: each clones, and something is due by then.
        for place in 0..3 {
            let (queue, _clock) = queue();
            let mut waits = recv(&queue);
            match place {
                0 => {}
                1 => {
                    put(&queue, 9, 60);
                    waits.assert_pending();
                }
                _ => {
                    waits.assert_pending();
                    put(&queue, 9, 60);
                }
            }
            let puts = queue.clone();
            let waker = Hooks::new().on_clone(move || _ = put(&puts, 1, 0)).waker();
            let ready = waits.poll_with(&waker);
            let woken = waits.poll();
            assert!(ready.is_ready() || woken.is_ready(), "place {place}");
        }
    });
}

#[test]
fn a_queue_that_is_closed_while_a_waker_is_cloned_lets_it_go() {
    ends(|| {
        let (queue, _clock) = queue();
        let closes = queue.clone();
        let waker = Hooks::new().on_clone(move || closes.close()).waker();
        let mut waits = recv(&queue);
        assert_eq!(waits.poll_with(&waker), Poll::Ready(None));
        assert_eq!(queue.waiting(), 0);
    });
}

#[test]
fn a_drop_of_a_waker_that_panics_loses_no_item_and_calls_the_next() {
    ends(|| {
        let armed = Arc::new(AtomicBool::new(false));
        let when = armed.clone();
        let panics = move || assert!(!when.load(Ordering::Acquire), "on purpose: a drop");
        let bomb = Hooks::new().on_drop(panics).waker();
        let (queue, clock) = queue();
        put(&queue, 1, 1);
        put(&queue, 2, 1);
        let (mut first, mut second) = (recv(&queue), recv(&queue));
        assert!(first.poll_with(&bomb).is_pending() && second.poll_with(&bomb).is_pending());
        let mut third = waiter(&queue);
        clock.advance(SECOND);
        armed.store(true, Ordering::Release);
        assert_eq!(got(&mut first), 1, "its own waker is dropped, and that of the second after it was woken");
        armed.store(false, Ordering::Release);
        put(&queue, 3, 1);
        assert_eq!(got(&mut second), 2);
        third.assert_pending();
        assert_eq!((third.wakes(), clock.sleepers()), (1, 1));
    });
}

#[test]
fn a_drop_of_a_waker_that_panics_when_its_future_is_dropped_does_not_keep_the_next_from_going() {
    ends(|| {
        let armed = Arc::new(AtomicBool::new(false));
        let when = armed.clone();
        let panics = move || assert!(!when.swap(false, Ordering::AcqRel), "on purpose: a drop");
        let bomb = Hooks::new().on_drop(panics).waker();
        let (_queue, clock, first, mut second) = {
            let (queue, clock) = queue();
            put(&queue, 1, 1);
            let mut first = recv(&queue);
            assert!(first.poll_with(&bomb).is_pending());
            let second = waiter(&queue);
            (queue, clock, first, second)
        };
        armed.store(true, Ordering::Release);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(first))).is_err());
        assert_eq!(second.wakes(), 1);
        second.assert_pending();
        clock.advance(SECOND);
        assert_eq!(got(&mut second), 1);
    });
}
