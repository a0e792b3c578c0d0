//! One deadline, and what is told when.

use super::*;

#[test]
fn nobody_waits_when_all_have_gone() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let report = Probe::new(shutdown.drain(clock)).assert_ready();
    assert_eq!((counts(&report), report.elapsed, report.exit_code()), ([0; 5], Duration::ZERO, 0));
    assert_eq!(shutdown.phase(), Phase::Draining, "nobody had to be cancelled");
}

#[test]
fn who_is_asked_finishes_and_is_told_to_drop_it_when_its_time_is_over() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let [quick, slow, deaf] = ["quick", "slow", "deaf"].map(|name| participant(&shutdown, name));
    let mut drain = draining(&shutdown, &clock);
    assert!(quick.stopping().is_cancelled() && !quick.token().is_cancelled());
    assert!(shutdown.participant("late").is_err());
    clock.advance(SECOND);
    drop(quick);
    drain.assert_pending();

    clock.advance(23 * SECOND + 499 * MS);
    drain.assert_pending();
    assert_eq!(shutdown.phase(), Phase::Draining);
    clock.advance(MS);
    drain.assert_pending();
    assert_eq!((shutdown.phase(), slow.token().is_cancelled()), (Phase::Cancelling, true));
    assert!(matches!(slow.token().cause(), Some(Cause::Shutdown)));
    drop(slow);

    clock.advance(5 * SECOND);
    drain.assert_pending();
    assert_eq!(shutdown.phase(), Phase::Aborting);
    clock.advance(499 * MS);
    drain.assert_pending();
    clock.advance(MS);
    let report = drain.assert_ready();
    assert_eq!(report.elapsed, 30 * SECOND);
    let names = (report.completed, report.cancelled, report.aborted, report.left);
    let expected = (vec!["quick".into()], vec!["slow".into()], vec![], vec!["deaf".into()]);
    assert_eq!(names, expected);
    drop(deaf);
}

#[test]
fn the_drain_is_over_when_the_last_one_goes() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let [first, last] = ["first", "last"].map(|name| participant(&shutdown, name));
    let mut drain = draining(&shutdown, &clock);
    clock.advance(SECOND);
    drop(first);
    assert_eq!(drain.wakes(), 0);
    drop(last);
    assert_eq!(drain.wakes(), 1);
    let report = drain.assert_ready();
    assert_eq!((counts(&report), report.elapsed, clock.sleepers()), ([2, 0, 0, 0, 0], SECOND, 0));
}

#[test]
fn what_runs_under_it_is_dropped_at_the_end_and_is_no_left_over() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let held = Arc::new(());
    let theirs = held.clone();
    let mut stuck = Probe::new(participant(&shutdown, "stuck").run(async move {
        let _theirs = theirs;
        pending::<()>().await;
    }));
    stuck.assert_pending();
    let mut drain = draining(&shutdown, &clock);
    clock.advance(25 * SECOND);
    drain.assert_pending();
    assert_eq!(stuck.wakes(), 0);
    clock.advance(4 * SECOND + 500 * MS);
    drain.assert_pending();
    assert_eq!((stuck.wakes(), Arc::strong_count(&held)), (1, 2));
    stuck.assert_ready();
    assert_eq!(Arc::strong_count(&held), 1);
    let report = drain.assert_ready();
    assert_eq!((report.aborted, report.elapsed), (vec!["stuck".into()], 29 * SECOND + 500 * MS));
}

#[test]
fn a_limit_of_nothing_aborts_at_once() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let stays = participant(&shutdown, "stays");
    let plan = DrainPlan::new().limit(Duration::ZERO);
    let report = Probe::new(shutdown.drain(clock).plan(plan)).assert_ready();
    assert_eq!((counts(&report), report.elapsed), ([0, 0, 0, 1, 0], Duration::ZERO));
    assert!(stays.token().is_cancelled() && stays.phase() == Phase::Aborting);
}

#[test]
fn a_share_that_is_more_than_all_leaves_nothing_for_those_before() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let stays = participant(&shutdown, "stays");
    let plan = DrainPlan::new().limit(SECOND).cancelling(Duration::MAX);
    let mut drain = Probe::new(shutdown.drain(clock).plan(plan));
    drain.assert_pending();
    assert_eq!(stays.phase(), Phase::Cancelling);
}

#[test]
fn a_limit_that_never_ends_waits_for_ever_and_can_be_aborted() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let stays = participant(&shutdown, "stays");
    let plan = DrainPlan::new().limit(Duration::MAX);
    let mut drain = Probe::new(shutdown.drain(clock.clone()).plan(plan));
    drain.assert_pending();
    clock.advance(1_000_000 * SECOND);
    drain.assert_pending();
    assert_eq!(stays.phase(), Phase::Draining);
    shutdown.abort();
    drain.assert_pending();
    clock.advance(500 * MS);
    assert_eq!(counts(&drain.assert_ready()), [0, 0, 0, 1, 0]);
}

#[test]
fn a_clock_that_steps_back_takes_nothing_back() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    clock.advance(100 * SECOND);
    let stays = participant(&shutdown, "stays");
    let mut drain = draining(&shutdown, &clock);
    clock.advance(25 * SECOND);
    drain.assert_pending();
    clock.step_back(20 * SECOND);
    drain.assert_pending();
    assert_eq!(stays.phase(), Phase::Cancelling);
    clock.advance(24 * SECOND + 500 * MS);
    drain.assert_pending();
    assert_eq!(stays.phase(), Phase::Aborting);
    clock.advance(SECOND);
    assert_eq!(drain.assert_ready().elapsed, 30 * SECOND + 500 * MS);
}

#[test]
fn a_drain_that_is_dropped_leaves_the_shutdown_where_it_is() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let stays = participant(&shutdown, "stays");
    let mut drain = draining(&shutdown, &clock);
    clock.advance(25 * SECOND);
    drain.assert_pending();
    drop(drain);
    assert_eq!((clock.sleepers(), stays.phase()), (0, Phase::Cancelling));
    let mut again = draining(&shutdown, &clock);
    clock.advance(SECOND);
    drop(stays);
    let report = again.assert_ready();
    assert_eq!((report.cancelled, report.elapsed), (vec!["stays".into()], SECOND));
}
