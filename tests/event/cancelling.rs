//! What becomes of a notification whose receiver goes away.

use super::*;

#[test]
fn one_who_was_told_and_did_not_see_it_passes_it_on() {
    let event = event();
    let (first, mut second) = (waiter(&event), waiter(&event));
    event.notify_one();
    drop(first);
    assert!(was_told(&mut second));
    let third = waiter(&event);
    event.notify_one();
    drop(third);
    assert!(event.try_wait(), "nobody was there, so it is kept");
}

#[test]
fn a_pulse_is_passed_on_and_never_kept() {
    let event = event();
    let (first, mut second) = (waiter(&event), waiter(&event));
    assert!(event.pulse_one());
    drop(first);
    assert!(was_told(&mut second));
    let third = waiter(&event);
    assert!(event.pulse_one());
    drop(third);
    assert!(!event.try_wait());
}

#[test]
fn one_who_saw_it_or_was_told_with_all_passes_nothing_on() {
    let event = event();
    let (mut first, mut second) = (waiter(&event), waiter(&event));
    event.notify_one();
    assert!(was_told(&mut first));
    drop(first);
    assert!(!was_told(&mut second));
    event.notify_all();
    drop(second);
    assert!(!event.try_wait());
}

#[test]
fn one_who_was_told_before_all_were_still_passes_it_on() {
    let event = event();
    let first = waiter(&event);
    event.notify_one();
    event.notify_all();
    drop(first);
    assert!(event.try_wait());
}

#[test]
fn whoever_leaves_leaves_the_others_in_their_order() {
    let event = event();
    let mut waiters: Vec<Waiter> = (0..6).map(|_| waiter(&event)).collect();
    for place in [4, 2, 0] {
        drop(waiters.remove(place));
    }
    event.notify_one();
    event.notify_one();
    let told: Vec<bool> = waiters.iter_mut().map(was_told).collect();
    assert_eq!(told, [true, true, false]);
}

#[test]
fn a_line_that_was_left_by_all_keeps_the_next_notification() {
    let event = event();
    drop((waiter(&event), waiter(&event)));
    event.notify_one();
    assert!(event.try_wait());
    drop(waiter(&event));
    assert!(!event.pulse_one());
    assert!(!event.try_wait());
}

/// The place of one who was told with all is free at once, and the next who comes has it (asyncband#41).
#[test]
fn one_who_was_told_with_all_and_is_dropped_late_takes_nobody_elses_place() {
    let event = event();
    let told = waiter(&event);
    event.notify_all();
    let mut next = waiter(&event);
    drop(told);
    assert_eq!(event.waiting(), 1);
    event.notify_one();
    assert!(was_told(&mut next));
}

#[test]
fn one_who_is_leaked_keeps_no_more_than_its_own() {
    let event = event();
    std::mem::forget(waiter(&event));
    let mut second = waiter(&event);
    event.notify_one();
    assert!(!was_told(&mut second));
    event.notify_one();
    assert!(was_told(&mut second));
}
