//! Receivers: what they have seen, and what they wait for.

use super::*;

#[test]
fn the_value_that_was_there_counts_as_seen_and_a_later_one_does_not() {
    let (sender, mut receiver) = watch(1);
    assert!(!receiver.has_changed());
    sender.send(2).unwrap();
    assert!(receiver.has_changed());
    assert_eq!(*receiver.get(), 2);
    assert!(receiver.has_changed(), "looking at it is not taking it");
    assert_eq!(*receiver.get_and_update(), 2);
    assert!(!receiver.has_changed());
    receiver.mark_changed();
    assert_eq!(**Probe::new(receiver.changed()).assert_ready().as_ref().unwrap(), 2);
}

#[test]
fn a_change_wakes_all_who_wait_for_one_and_gives_the_latest() {
    let (sender, receiver) = watch(0);
    let mut receivers: Vec<Receiver<i32>> = (0..100).map(|_| receiver.clone()).collect();
    let mut waits: Vec<_> = receivers.iter_mut().map(|receiver| Probe::new(receiver.changed())).collect();
    waits.iter_mut().for_each(Probe::assert_pending);
    sender.send(1).unwrap();
    sender.send(2).unwrap();
    for wait in &mut waits {
        assert_eq!(wait.wakes(), 1);
        assert_eq!(*wait.assert_ready().unwrap(), 2);
        wait.assert_pending();
    }
    sender.send(3).unwrap();
    assert!(waits.iter_mut().all(|wait| *wait.assert_ready().unwrap() == 3));
}

#[test]
fn a_clone_has_seen_the_same_and_a_subscriber_sees_from_now_on() {
    let (sender, receiver) = watch(0);
    sender.send(1).unwrap();
    assert!(receiver.clone().has_changed());
    assert!(!sender.subscribe().has_changed());
}

#[test]
fn a_change_that_was_given_up_is_there_for_the_next() {
    let (sender, mut receiver) = watch(0);
    let mut given_up = Probe::new(receiver.changed());
    given_up.assert_pending();
    sender.send(1).unwrap();
    drop(given_up);
    assert_eq!(*receiver.changed().wait().unwrap(), 1);
}

#[test]
fn one_who_was_woken_and_is_dropped_late_takes_nobody_elses_place() {
    let (sender, mut first) = watch(0);
    let mut second = first.clone();
    let mut woken = Probe::new(first.changed());
    woken.assert_pending();
    sender.send(1).unwrap();
    second.get_and_update();
    let mut next = Probe::new(second.changed());
    next.assert_pending();
    drop(woken);
    sender.send(2).unwrap();
    assert_eq!(next.wakes(), 1);
    assert_eq!(*next.assert_ready().unwrap(), 2);
}

#[test]
fn waiting_for_a_value_looks_at_the_present_one_first_and_then_at_each_that_comes() {
    let (sender, mut receiver) = watch(5);
    assert_eq!(*receiver.wait_for(|value| *value == 5).wait().unwrap(), 5);
    let looked = AtomicUsize::new(0);
    let mut wait = Probe::new(receiver.wait_for(|value| {
        looked.fetch_add(1, Ordering::Relaxed);
        *value > 6
    }));
    for value in [5, 6] {
        sender.send(value).unwrap();
        wait.assert_pending();
    }
    sender.send(7).unwrap();
    assert_eq!(*wait.assert_ready().unwrap(), 7);
    assert_eq!((looked.load(Ordering::Relaxed), wait.wakes()), (3, 2));
    drop(wait);
    assert!(!receiver.has_changed());
}

#[test]
fn what_is_wanted_may_use_the_watch_itself_and_may_panic() {
    let (sender, mut receiver) = watch(0);
    let another = receiver.clone();
    let mut wait = Probe::new(receiver.wait_for(|value| {
        assert_eq!(*another.get(), *value);
        if *value < 3 {
            sender.send_modify(|value| *value += 1);
        }
        *value == 3
    }));
    assert_eq!(*wait.assert_ready().unwrap(), 3);
    drop(wait);
    let mut wait = Probe::new(receiver.wait_for(|_| panic!("on purpose")));
    let panics = std::panic::AssertUnwindSafe(|| wait.poll());
    assert!(std::panic::catch_unwind(panics).is_err());
    drop(wait);
    sender.send(4).unwrap();
    assert_eq!(*receiver.changed().wait().unwrap(), 4);
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (sender, mut receiver) = watch(0);
    let last = CountingWaker::new();
    let mut wait = Probe::new(receiver.changed());
    wait.assert_pending();
    assert!(wait.poll_with(&last.waker()).is_pending());
    sender.send(1).unwrap();
    assert_eq!((wait.wakes(), last.wakes()), (0, 1));
}

#[test]
fn a_reader_keeps_its_value_and_holds_nobody_up() {
    let (sender, receiver) = watch(String::from("old"));
    let old = receiver.get();
    sender.send("new".into()).unwrap();
    assert_eq!((old.as_str(), receiver.get().as_str()), ("old", "new"));
}

#[test]
fn threads_watch() {
    let (sender, mut receiver) = watch(0);
    assert!(receiver.changed().wait_timeout(Duration::from_millis(1)).is_err());
    let thread =
        std::thread::spawn(move || receiver.wait_for(|value| *value == 100).wait().map(|value| *value));
    for value in 1..=100 {
        sender.send(value).unwrap();
    }
    assert_eq!(thread.join().unwrap(), Ok(100));
}

#[test]
fn waiting_allocates_nothing_after_the_first_time() {
    let (sender, mut receiver) = watch(0);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut cycle = |value: &Arc<i32>| {
        let mut changed = receiver.changed();
        assert!(std::pin::Pin::new(&mut changed).poll(&mut cx).is_pending());
        sender.send_replace(value.clone());
        assert!(std::pin::Pin::new(&mut changed).poll(&mut cx).is_ready());
    };
    let values = [Arc::new(1), Arc::new(2)];
    cycle(&values[0]);
    let before = allocations();
    for _ in 0..50 {
        values.iter().for_each(&mut cycle);
    }
    assert_eq!(allocations(), before);
}
