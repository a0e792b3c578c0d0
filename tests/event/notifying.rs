//! Which verb tells whom.

use super::*;
use untether::testing::HookWaker;

#[test]
fn a_notification_with_nobody_there_is_kept_for_the_next_and_several_are_one() {
    let event = event();
    event.notify_one();
    event.notify_one();
    let mut first = Probe::new(event.wait());
    first.assert_ready();
    assert!(!was_told(&mut waiter(&event)));
}

#[test]
fn a_pulse_with_nobody_there_is_gone() {
    let event = event();
    assert!(!event.pulse_one());
    assert!(!was_told(&mut waiter(&event)));
}

#[test]
fn one_is_told_at_a_time_in_the_order_in_which_they_came() {
    let event = event();
    let mut waiters: Vec<Waiter> = (0..4).map(|_| waiter(&event)).collect();
    event.notify_one();
    assert!(event.pulse_one());
    let told: Vec<bool> = waiters.iter_mut().map(was_told).collect();
    assert_eq!(told, [true, true, false, false]);
    assert_eq!(event.waiting(), 2);
}

#[test]
fn two_notifications_in_a_row_wake_two_and_none_is_kept() {
    let event = event();
    let (mut first, mut second) = (waiter(&event), waiter(&event));
    event.notify_one();
    event.notify_one();
    assert!(was_told(&mut first) && was_told(&mut second));
    assert!(!event.try_wait());
}

#[test]
fn all_who_wait_are_told_and_nobody_who_comes_after() {
    let event = event();
    let mut waiters: Vec<Waiter> = (0..100).map(|_| waiter(&event)).collect();
    event.notify_all();
    let mut late = waiter(&event);
    assert!(waiters.iter_mut().all(was_told));
    assert!(!was_told(&mut late));
}

/// Telling all in several rounds let those through who came between two of them (tokio#5396).
#[test]
fn all_are_those_who_waited_at_that_moment_also_if_others_come_while_they_are_woken() {
    let event = event();
    let late = Arc::new(AtomicUsize::new(0));
    let mut waits: Vec<_> = (0..100)
        .map(|_| {
            let (event, late) = (event.clone(), late.clone());
            let mut wait = Probe::new(Event::wait_owned(event.clone()));
            let waker = HookWaker::new().on_wake(move || {
                let mut newcomer = Event::wait_owned(event.clone());
                let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
                assert!(newcomer.poll_wait(&mut cx).is_pending());
                // It stays in the line for good.
                std::mem::forget(newcomer);
                late.fetch_add(1, Ordering::Relaxed);
            });
            assert!(wait.poll_with(&waker.waker()).is_pending());
            wait
        })
        .collect();
    event.notify_all();
    assert!(waits.iter_mut().all(|wait| wait.poll().is_ready()));
    assert_eq!((late.load(Ordering::Relaxed), event.waiting()), (100, 100));
}

/// Tells a hundred and calls `meanwhile` from within the first wake, with the last of the hundred.
fn while_all_are_told(event: &Arc<Event>, meanwhile: impl Fn(&mut Waiter) + Send + Sync + 'static) {
    let mut first = Probe::new(Event::wait_owned(event.clone()));
    #[expect(clippy::disallowed_types, reason = "where a waker finds the other future")]
    let slot: Arc<std::sync::Mutex<Option<Waiter>>> = Arc::default();
    let finds = slot.clone();
    let hook = move || meanwhile(finds.lock().unwrap().as_mut().unwrap());
    assert!(first.poll_with(&HookWaker::new().on_wake(hook).waker()).is_pending());
    let mut others: Vec<Waiter> = (0..98).map(|_| waiter(event)).collect();
    *slot.lock().unwrap() = Some(waiter(event));
    event.notify_all();
    others.push(slot.lock().unwrap().take().unwrap());
    assert!(first.poll().is_ready());
    assert!(others.iter_mut().all(|other| other.wakes() <= 1 && other.poll().is_ready()));
}

/// Of those who wait, some were let through and others not yet (tokio#5458).
#[test]
fn when_one_of_all_has_been_woken_each_of_them_is_let_through() {
    let event = event();
    while_all_are_told(&event, |last| last.assert_ready());
    assert!(!event.try_wait() && event.waiting() == 0);
}

/// A notification that follows went to one who had been told already, and was lost (tokio#3661).
#[test]
fn a_notification_that_comes_after_all_were_told_is_for_none_of_them_though_not_all_are_woken_yet() {
    let event = event();
    let notifies = event.clone();
    while_all_are_told(&event, move |_| notifies.notify_one());
    assert!(event.try_wait(), "it is kept");

    let pulses = event.clone();
    while_all_are_told(&event, move |_| assert!(!pulses.pulse_one(), "nobody is there"));

    let newcomer = Arc::new(AtomicBool::new(false));
    let (notifies, says) = (event.clone(), newcomer.clone());
    while_all_are_told(&event, move |_| {
        let mut late = waiter(&notifies);
        notifies.notify_one();
        says.store(was_told(&mut late), Ordering::Relaxed);
    });
    assert!(newcomer.load(Ordering::Relaxed), "it is for who came after");
}

#[test]
fn one_who_was_told_and_leaves_while_all_are_told_passes_it_on_to_none_of_them() {
    let event = event();
    let before = waiter(&event);
    event.notify_one();
    #[expect(clippy::disallowed_types, reason = "what the waker drops")]
    let slot = std::sync::Mutex::new(Some(before));
    while_all_are_told(&event, move |_| drop(slot.lock().unwrap().take()));
    assert!(event.try_wait(), "it is kept");
}

#[test]
fn one_who_was_made_and_not_polled_yet_counts_among_all_and_not_in_the_line() {
    let event = event();
    let (early, earlier) = (event.wait(), event.wait());
    assert!(!event.pulse_one());
    event.notify_all();
    Probe::new(early).assert_ready();
    event.set();
    event.clear();
    Probe::new(earlier).assert_ready();
    Probe::new(event.wait()).assert_pending();
}

#[test]
fn what_is_kept_stays_for_the_next_when_all_are_told() {
    let event = event();
    let early = event.wait();
    event.notify_one();
    event.notify_all();
    Probe::new(early).assert_ready();
    assert!(event.try_wait());
    assert!(!event.try_wait());
}

#[test]
fn while_it_is_set_everybody_passes_and_nothing_is_used_up() {
    let event = event();
    event.notify_one();
    event.set();
    for _ in 0..3 {
        assert!(event.is_set() && event.try_wait());
        Probe::new(event.wait()).assert_ready();
    }
    event.clear();
    assert!(!event.is_set());
    assert!(event.try_wait(), "the notification was kept all the time");
    assert!(!event.try_wait());
}

#[test]
fn who_waited_when_it_was_set_passes_even_if_it_is_cleared_at_once() {
    let event = event();
    let mut waiters: Vec<Waiter> = (0..40).map(|_| waiter(&event)).collect();
    event.set();
    event.clear();
    assert!(waiters.iter_mut().all(was_told));
    assert!(!was_told(&mut waiter(&event)));
}

#[test]
fn a_waker_that_clears_it_leaves_nobody_behind_who_waited_when_it_was_set() {
    let event = event();
    let mut first = Probe::new(event.wait());
    let clears = event.clone();
    assert!(first.poll_with(&HookWaker::new().on_wake(move || clears.clear()).waker()).is_pending());
    let mut others: Vec<Waiter> = (0..40).map(|_| waiter(&event)).collect();
    event.set();
    assert!(!event.is_set());
    assert!(others.iter_mut().all(was_told) && first.poll().is_ready());
}

/// Waking all must cost each of them one step (futures-intrusive#24).
#[test]
fn each_of_ten_thousand_is_woken_once() {
    let event = event();
    let mut waiters: Vec<Waiter> = (0..10_000).map(|_| waiter(&event)).collect();
    event.notify_all();
    assert!(waiters.iter_mut().all(was_told));
    event.notify_all();
    assert!(waiters.iter().all(|waiter| waiter.wakes() == 1));
}
