//! The future itself: by threads, by several wakers, after its end, and what it costs.

use super::*;
use std::time::Duration;
use untether::testing::CountingWaker;
use untether_support::allocations;

#[test]
fn ready_stays_ready() {
    let event = event();
    let mut wait = waiter(&event);
    event.notify_one();
    for _ in 0..3 {
        wait.assert_ready();
    }
    assert!(!event.try_wait());
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (event, last) = (event(), CountingWaker::new());
    let mut wait = waiter(&event);
    assert!(wait.poll_with(&last.waker()).is_pending());
    event.notify_one();
    assert_eq!((wait.wakes(), last.wakes()), (0, 1));
}

#[test]
fn one_who_is_polled_by_several_has_one_place_in_the_line() {
    let event = event();
    let mut wait = waiter(&event);
    for _ in 0..3 {
        assert!(wait.poll_with(&CountingWaker::new().waker()).is_pending());
        assert_eq!(event.waiting(), 1);
    }
    event.notify_one();
    event.notify_one();
    wait.assert_ready();
    assert!(event.try_wait(), "the second is for another");
}

#[test]
fn threads_and_tasks_stand_in_one_line() {
    let event = event();
    let mut task = waiter(&event);
    let (event_of_thread, passed) = (event.clone(), Arc::new(AtomicBool::new(false)));
    let says = passed.clone();
    let thread = std::thread::spawn(move || {
        event_of_thread.wait().wait();
        says.store(true, Ordering::Release);
    });
    while event.waiting() < 2 {
        std::thread::yield_now();
    }
    event.notify_one();
    assert!(was_told(&mut task) && !passed.load(Ordering::Acquire));
    event.notify_one();
    thread.join().unwrap();
    assert!(passed.load(Ordering::Acquire));
}

#[test]
fn a_thread_that_waited_too_long_keeps_its_place() {
    let event = event();
    let first = event.wait().wait_timeout(Duration::from_millis(1)).unwrap_err();
    let mut second = waiter(&event);
    event.notify_one();
    first.wait();
    assert!(!was_told(&mut second));
}

#[test]
fn nothing_is_allocated_before_somebody_waits_nor_once_somebody_has() {
    let before = allocations();
    let event = Event::new();
    for verb in [Event::set, Event::clear, Event::notify_one, Event::notify_all] {
        verb(&event);
    }
    assert!(event.try_wait() && !event.pulse_one());
    assert_eq!(allocations(), before);

    let waker = CountingWaker::new().waker();
    let mut cx = std::task::Context::from_waker(&waker);
    let mut cycle = |verb: fn(&Event)| {
        let mut waits: [Wait<&Event>; 20] = std::array::from_fn(|_| event.wait());
        assert!(waits.iter_mut().all(|wait| wait.poll_wait(&mut cx).is_pending()));
        verb(&event);
        waits.iter_mut().map(|wait| usize::from(wait.poll_wait(&mut cx).is_ready())).sum::<usize>()
    };
    cycle(Event::notify_all);
    let before = allocations();
    for _ in 0..100 {
        assert_eq!(cycle(Event::notify_all), 20);
        assert_eq!(cycle(|event| _ = event.pulse_one()), 1);
    }
    assert_eq!(allocations(), before);
}

#[test]
fn it_says_how_it_stands() {
    let event = event();
    let wait = waiter(&event);
    assert_eq!(format!("{event:?}"), "Event { is_set: false, waiting: 1, .. }");
    drop(wait);
    assert_eq!(format!("{:?}", event.wait()), "Wait { in_line: false, .. }");
}
