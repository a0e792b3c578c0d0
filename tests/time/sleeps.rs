//! Sleeps: when they register, how they are reset, clocks that step back.

use super::*;

#[test]
fn a_sleep_registers_at_its_first_pending_poll_and_not_before() {
    let clock = ManualClock::new();
    let mut sleep = Probe::new(clock.sleep(SECOND));
    assert_eq!(clock.sleepers(), 0);
    sleep.assert_pending();
    assert_eq!(clock.sleepers(), 1);
    drop(sleep);
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn ready_stays_ready_also_when_the_clock_steps_back() {
    let clock = ManualClock::new();
    let mut sleep = Probe::new(clock.sleep(SECOND));
    sleep.assert_pending();
    clock.advance(SECOND);
    sleep.assert_ready();
    clock.step_back(3_600 * SECOND);
    sleep.assert_ready();
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn a_clock_that_steps_back_before_the_deadline_makes_the_sleep_longer_and_never_early() {
    let clock = ManualClock::new();
    let mut sleep = Probe::new(clock.sleep(10 * SECOND));
    sleep.assert_pending();
    clock.advance(9 * SECOND);
    clock.step_back(5 * SECOND);
    clock.advance(5 * SECOND);
    sleep.assert_pending();
    clock.advance(SECOND);
    assert_eq!(sleep.wakes(), 1);
    sleep.assert_ready();
}

#[test]
fn the_newest_waker_is_woken() {
    let clock = ManualClock::new();
    let mut sleep = Probe::new(clock.sleep(SECOND));
    let (old, new) = (CountingWaker::new(), CountingWaker::new());
    assert!(sleep.poll_with(&old.waker()).is_pending());
    assert!(sleep.poll_with(&new.waker()).is_pending());
    assert_eq!(clock.sleepers(), 1);
    clock.advance(SECOND);
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
}

/// Resets a sleep that was polled, sooner, later, after it fired and to never and back.
fn resets_in_place<T: Timer>(timer: T, clock: &ManualClock) {
    let start = clock.now();
    let at = |seconds: u32| start.saturating_add(seconds * SECOND);
    let mut sleep = Probe::new(timer.sleep_until(at(10)));
    sleep.assert_pending();
    timer.reset(sleep.get_mut(), at(2));
    sleep.assert_pending();
    clock.advance(2 * SECOND);
    assert_eq!(sleep.wakes(), 1, "sooner");
    sleep.assert_ready();
    timer.reset(sleep.get_mut(), at(20));
    sleep.assert_pending();
    timer.reset(sleep.get_mut(), at(30));
    sleep.assert_pending();
    clock.advance(27 * SECOND);
    sleep.assert_pending();
    clock.advance(SECOND);
    sleep.assert_ready();
    timer.reset(sleep.get_mut(), Instant::FAR_FUTURE);
    sleep.assert_pending();
    assert_eq!(clock.sleepers(), 0, "never");
    timer.reset(sleep.get_mut(), at(1));
    sleep.assert_ready();
}

#[test]
fn a_reset_sleep_is_armed_at_its_next_poll() {
    let clock = ManualClock::new();
    resets_in_place(clock.clone(), &clock);
    resets_in_place(&clock, &clock);
    resets_in_place(Rc::new(clock.clone()), &clock);
    resets_in_place(Arc::new(clock.clone()), &clock);
    resets_in_place(DriverTimer(clock.clone()), &clock);
    resets_in_place(AnyTimer::new(clock.clone()), &clock);
}

#[test]
fn an_erased_sleep_is_boxed_at_its_first_poll_and_reset_in_place() {
    let clock = ManualClock::new();
    let timer = AnyTimer::new(clock.clone());
    let count = |body: &mut dyn FnMut()| {
        let before = untether_support::allocations();
        body();
        untether_support::allocations() - before
    };
    let mut cx = Context::from_waker(Waker::noop());
    let mut sleep = None;
    assert_eq!(count(&mut || sleep = Some(timer.sleep(SECOND))), 0);
    let mut sleep = sleep.unwrap();
    let first = count(&mut || assert!(Pin::new(&mut sleep).poll(&mut cx).is_pending()));
    assert!(first >= 1);
    let again = count(&mut || {
        timer.reset(Pin::new(&mut sleep), clock.now().saturating_add(2 * SECOND));
        assert!(Pin::new(&mut sleep).poll(&mut cx).is_pending());
    });
    assert_eq!(again, 0);
    let mut never = timer.sleep(Duration::MAX);
    assert_eq!(count(&mut || assert!(Pin::new(&mut never).poll(&mut cx).is_pending())), 0);
}
