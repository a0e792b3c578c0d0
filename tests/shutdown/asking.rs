//! Who asks for it, and what a second one does.

use super::*;
use futures_util::stream;
use untether::queue::Queue;

/// Signals that are pressed by hand.
fn keys() -> (Arc<Queue<Signal>>, impl stream::Stream<Item = Signal>) {
    let keys = Arc::new(Queue::unbounded());
    (keys.clone(), Queue::stream_owned(keys))
}

#[test]
fn one_that_runs_waits_until_it_is_asked_for_and_asks_no_clock_before() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let it = participant(&shutdown, "it");
    let mut run = Probe::new(shutdown.run(clock.clone()));
    run.assert_pending();
    clock.advance(1_000 * SECOND);
    assert_eq!((run.wakes(), clock.sleepers(), it.phase()), (0, 0, Phase::Running));
    assert!(shutdown.request(Cause::error("config is gone")));
    assert!(!shutdown.request(Cause::Requested), "the first cause stays");
    assert_eq!(run.wakes(), 1);
    run.assert_pending();
    assert_eq!(it.phase(), Phase::Draining, "asking twice is not more than asking");
    drop(it);
    let report = run.assert_ready();
    assert!(matches!(&report.cause, Cause::Error(error) if error.to_string() == "config is gone"));
    assert_eq!(
        report.to_string(),
        "shut down in 0.00ns because of config is gone: 1 completed, 0 cancelled, 0 aborted, 0 left, 0 failed"
    );
}

#[test]
fn the_first_signal_asks_and_the_second_aborts_at_once() {
    let (shutdown, clock, (press, keys)) = (Shutdown::new(), ManualClock::new(), keys());
    let mut stuck = Probe::new(participant(&shutdown, "stuck").run(pending::<()>()));
    stuck.assert_pending();
    let mut run = Probe::new(shutdown.run(clock.clone()).signals(keys));
    run.assert_pending();
    press.try_send(Signal::Interrupt).unwrap();
    run.assert_pending();
    assert_eq!(shutdown.phase(), Phase::Draining);
    assert!(matches!(shutdown.stopping().cause(), Some(Cause::Shutdown)));
    stuck.assert_pending();
    clock.advance(SECOND);
    press.try_send(Signal::Interrupt).unwrap();
    run.assert_pending();
    assert_eq!((shutdown.phase(), shutdown.token().is_cancelled()), (Phase::Aborting, true));
    stuck.assert_ready();
    let report = run.assert_ready();
    assert_eq!((counts(&report), report.elapsed), ([0, 0, 1, 0, 0], SECOND));
    assert_eq!((report.signal, report.exit_code()), (Some(Signal::Interrupt), 130));
}

#[test]
fn who_cannot_be_aborted_is_left_half_a_second_after_the_second_signal() {
    let (shutdown, clock, (press, keys)) = (Shutdown::new(), ManualClock::new(), keys());
    let stays = participant(&shutdown, "stays");
    let mut run = Probe::new(shutdown.run(clock.clone()).signals(keys));
    press.try_send(Signal::Interrupt).unwrap();
    press.try_send(Signal::Terminate).unwrap();
    run.assert_pending();
    assert_eq!(stays.phase(), Phase::Aborting);
    clock.advance(499 * MS);
    run.assert_pending();
    clock.advance(MS);
    let report = run.assert_ready();
    assert_eq!((report.left, report.elapsed), (vec!["stays".into()], 500 * MS));
    drop(stays);
}

#[test]
fn a_step_by_hand_is_as_a_signal() {
    let shutdown = Shutdown::new();
    assert_eq!(shutdown.escalate(Cause::Requested), Phase::Draining);
    assert_eq!(shutdown.escalate(Cause::Requested), Phase::Aborting);
    assert_eq!(shutdown.escalate(Cause::Requested), Phase::Aborting);
}

#[test]
fn signals_that_end_are_not_asked_any_more() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let it = participant(&shutdown, "it");
    let mut run = Probe::new(shutdown.run(clock).signals(stream::iter([Signal::Terminate])));
    run.assert_pending();
    drop(it);
    let report = run.assert_ready();
    assert_eq!((report.signal, report.exit_code()), (Some(Signal::Terminate), 0), "all went in time");
    assert!(report.to_string().starts_with("shut down in 0.00ns on SIGTERM: 1 completed"));
}

#[test]
fn what_takes_work_is_closed_when_it_is_asked_for() {
    let (shutdown, queue) = (Shutdown::new(), Arc::new(Queue::<u8>::bounded(4)));
    let theirs = queue.clone();
    shutdown.stopping().on_cancel(move |_| theirs.close()).detach();
    queue.try_send(1).unwrap();
    shutdown.request(Cause::Shutdown);
    assert!(queue.try_send(2).is_err() && queue.try_recv() == Ok(1));
}

#[test]
fn a_clone_is_the_same_shutdown() {
    let shutdown = Shutdown::default();
    let other = shutdown.clone();
    let _it = participant(&other, "it");
    other.request(Cause::Requested);
    assert_eq!(format!("{shutdown:?}"), "Shutdown { phase: Draining, participants: 1, .. }");
}

#[test]
fn the_first_signal_aborts_nobody_though_it_was_asked_for_before() {
    let (shutdown, clock, (press, keys)) = (Shutdown::new(), ManualClock::new(), keys());
    let it = participant(&shutdown, "it");
    shutdown.request(Cause::Requested); // by hand, and what looks after the program says so as well
    let mut run = Probe::new(shutdown.run(clock).signals(keys));
    press.try_send(Signal::Terminate).unwrap();
    run.assert_pending();
    assert_eq!(it.phase(), Phase::Draining);
    press.try_send(Signal::Terminate).unwrap();
    run.assert_pending();
    assert_eq!(it.phase(), Phase::Aborting);
    drop(it);
    assert_eq!(run.assert_ready().signal, Some(Signal::Terminate));
}
