//! Beats, and what becomes of ticks that nobody took.

use super::*;

/// The offsets from the start at which ticks came, and what they missed, when each is followed by the next pause.
fn beats(missed: Missed, pauses: &[u32]) -> Vec<(u64, u64)> {
    let clock = ManualClock::new();
    let start = clock.now();
    let mut beat = Interval::new(10 * SECOND, &clock).missed(missed);
    let mut ticks = Vec::new();
    for pause in pauses {
        clock.advance(*pause * SECOND);
        while let Poll::Ready(tick) = beat.poll_tick(&mut Context::from_waker(Waker::noop())) {
            ticks.push((tick.at.saturating_duration_since(start).as_secs(), tick.missed));
        }
    }
    ticks
}

#[test]
fn missed_ticks_are_skipped_and_the_beat_is_kept() {
    assert_eq!(beats(Missed::Skip, &[10, 35, 5, 10]), [(10, 0), (40, 2), (50, 0), (60, 0)]);
}

#[test]
fn missed_ticks_are_made_up_for_in_a_burst() {
    assert_eq!(beats(Missed::Burst, &[10, 35, 5]), [(10, 0), (20, 0), (30, 0), (40, 0), (50, 0)]);
}

#[test]
fn missed_ticks_delay_the_beat() {
    assert_eq!(beats(Missed::Delay, &[10, 35, 9, 1]), [(10, 0), (20, 2), (55, 0)]);
}

#[test]
fn a_tick_is_due_or_it_is_not_there_is_no_tolerance() {
    let clock = ManualClock::new();
    let mut beat = Interval::new(SECOND, &clock);
    clock.advance(SECOND - Duration::from_nanos(1));
    assert!(Probe::new(beat.tick()).poll().is_pending());
    clock.advance(Duration::from_nanos(1));
    assert_eq!(Probe::new(beat.tick()).assert_ready().missed, 0);
}

#[test]
fn a_beat_that_is_always_taken_late_does_not_drift() {
    Check::random(5).assert(async |sim| {
        let start = sim.now();
        let mut beat = Interval::new(SECOND, &sim);
        for n in 1..=1_000 {
            let tick = beat.tick().await;
            assert_eq!((tick.at, tick.missed), (start.saturating_add(n * SECOND), 0));
            sim.sleep(Duration::from_millis(u64::from(n) % 999)).await;
        }
    });
}

#[test]
fn the_first_tick_comes_after_one_period_or_when_it_is_told_to() {
    let clock = ManualClock::new();
    let mut later = Interval::new(SECOND, &clock);
    assert!(Probe::new(later.tick()).poll().is_pending());
    let mut now = Interval::new(SECOND, &clock).first_at(clock.now());
    assert_eq!(Probe::new(now.tick()).assert_ready().at, clock.now());
}

#[test]
fn a_dropped_wait_loses_no_tick() {
    let clock = ManualClock::new();
    let mut beat = Interval::new(SECOND, &clock);
    let mut wait = Probe::new(beat.tick());
    wait.assert_pending();
    clock.advance(SECOND);
    assert_eq!(wait.wakes(), 1);
    drop(wait);
    assert_eq!(Probe::new(beat.tick()).assert_ready().missed, 0);
}

#[test]
fn a_period_of_zero_is_refused() {
    assert!(Interval::try_new(Duration::ZERO, ManualClock::new()).is_err());
    let error = Interval::try_new(Duration::ZERO, ManualClock::new()).unwrap_err();
    assert_eq!(error.to_string(), "the period of an interval is zero");
    let panic = std::panic::catch_unwind(|| Interval::new(Duration::ZERO, ManualClock::new())).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("must not be zero"));
}

#[test]
fn an_endless_period_never_ticks() {
    let clock = ManualClock::new();
    let mut beat = Interval::new(Duration::MAX, &clock);
    assert!(Probe::new(beat.tick()).poll().is_pending());
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn a_beat_that_is_reset_begins_anew() {
    let clock = ManualClock::new();
    let mut beat = Interval::new(10 * SECOND, &clock);
    assert!(Probe::new(beat.tick()).poll().is_pending());
    clock.advance(25 * SECOND);
    beat.reset();
    assert!(Probe::new(beat.tick()).poll().is_pending());
    clock.advance(10 * SECOND);
    assert_eq!(Probe::new(beat.tick()).assert_ready().missed, 0);
}

#[test]
fn a_clock_that_steps_back_makes_the_beat_wait_and_nothing_else() {
    let clock = ManualClock::new();
    let mut beat = Interval::new(10 * SECOND, &clock);
    let mut wait = Probe::new(beat.tick());
    wait.assert_pending();
    clock.advance(10 * SECOND);
    clock.step_back(5 * SECOND);
    wait.assert_pending();
    clock.advance(5 * SECOND);
    wait.assert_ready();
}

#[test]
fn an_interval_is_a_stream_and_costs_one_box() {
    use futures_util::StreamExt as _;
    let clock = ManualClock::new();
    let mut beat = Interval::new(SECOND, &clock);
    let mut cx = Context::from_waker(Waker::noop());
    let mut allocated = Vec::new();
    for _ in 0..10 {
        let before = untether_support::allocations();
        assert!(beat.poll_next_unpin(&mut cx).is_pending());
        clock.advance(SECOND);
        assert!(matches!(beat.poll_next_unpin(&mut cx), Poll::Ready(Some(tick)) if tick.missed == 0));
        allocated.push(untether_support::allocations() - before);
    }
    assert!(allocated[0] > 0);
    assert_eq!(allocated[1..], [0; 9]);
}
