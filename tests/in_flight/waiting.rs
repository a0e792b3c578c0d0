//! Waiting until nobody is in.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use untether::testing::HookWaker;

#[test]
fn all_who_wait_are_woken_once_by_the_last_one_who_goes() {
    let in_flight = InFlight::new();
    let entries = [in_flight.enter().unwrap(), in_flight.enter().unwrap()];
    let mut waits: Vec<_> = (0..100).map(|_| waiting(&in_flight)).collect();
    drop(waits.remove(50));
    let [first, last] = entries;
    drop(first);
    assert!(waits.iter_mut().all(|wait| wait.wakes() == 0 && wait.poll().is_pending()));
    drop(last);
    assert!(waits.iter_mut().all(|wait| wait.wakes() == 1 && wait.poll().is_ready()));
}

#[test]
fn who_waits_for_nobody_does_not_wait_open_or_closed() {
    let in_flight = InFlight::new();
    Probe::new(in_flight.wait_idle()).assert_ready();
    in_flight.close();
    Probe::new(in_flight.wait_idle()).assert_ready();
}

#[test]
fn one_who_was_woken_passes_though_others_have_come_since() {
    let in_flight = InFlight::new();
    let first = in_flight.enter().unwrap();
    let mut wait = waiting(&in_flight);
    drop(first);
    let second = in_flight.enter().unwrap();
    wait.assert_ready();
    wait.assert_pending(); // It waits anew.
    drop(second);
    wait.assert_ready();
}

#[test]
fn one_who_came_after_the_last_one_went_waits_for_those_who_came_since() {
    let in_flight = Arc::new(InFlight::new());
    let entry = in_flight.enter().unwrap();
    // More than are woken in one round, and the first of them brings in somebody and waits for it.
    let late = Arc::new(Mutex::new(None));
    let (theirs, seen) = (in_flight.clone(), late.clone());
    let hook = HookWaker::new().on_wake(move || {
        let entry = InFlight::enter_owned(theirs.clone()).unwrap();
        let mut wait = Probe::new(InFlight::wait_idle_owned(theirs.clone()));
        wait.assert_pending();
        *seen.lock().unwrap() = Some((entry, wait));
    });
    let mut first = Probe::new(in_flight.wait_idle());
    assert!(first.poll_with(&hook.waker()).is_pending());
    let mut others: Vec<_> = (0..40).map(|_| waiting(&in_flight)).collect();
    drop(entry);
    assert!(others.iter_mut().all(|wait| wait.wakes() == 1 && wait.poll().is_ready()));
    first.assert_ready();
    let (entry, mut wait) = late.lock().unwrap().take().expect("the first was woken");
    assert_eq!(wait.wakes(), 0);
    wait.assert_pending();
    drop(entry);
    wait.assert_ready();
}

#[test]
fn a_waker_that_panics_keeps_nobody_asleep_and_nobody_in() {
    let in_flight = InFlight::new();
    let entry = in_flight.enter().unwrap();
    let mut first = Probe::new(in_flight.wait_idle());
    assert!(first.poll_with(&HookWaker::new().on_wake(|| panic!("on purpose")).waker()).is_pending());
    let mut second = waiting(&in_flight);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(entry))).is_err());
    assert!(in_flight.is_empty());
    second.assert_ready();
    first.assert_ready();
}
