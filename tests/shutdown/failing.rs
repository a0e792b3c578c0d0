//! Those who fail: by name in the report, whenever that was, and by policy the beginning of the end.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use untether::task::Failure;

#[test]
fn one_that_fails_early_starts_the_shutdown_and_is_in_the_report_by_name() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let mut run = Probe::new(shutdown.run(clock));
    run.assert_pending();
    Probe::new(participant(&shutdown, "mail").run(ready(Err::<(), _>("no such host")))).assert_ready();
    assert_eq!((run.wakes(), shutdown.phase()), (1, Phase::Draining));
    let report = run.assert_ready();
    assert_eq!((counts(&report), report.exit_code()), ([0, 0, 0, 0, 1], 1));
    let failed = &report.failed[0];
    assert_eq!((failed.to_string().as_str(), failed.phase), ("mail: no such host", Phase::Running));
    let Cause::Error(cause) = &report.cause else { panic!("{:?}", report.cause) };
    assert_eq!(cause.to_string(), "mail, which failed");
    assert_eq!(cause.source().unwrap().to_string(), "no such host");
}

#[test]
fn one_that_may_fail_does_not_end_the_others_and_is_in_the_report_all_the_same() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let connection = participant(&shutdown, "connection").on_failure(OnFailure::Continue);
    Probe::new(connection.run(ready(Err::<(), _>("reset")))).assert_ready();
    assert_eq!(shutdown.phase(), Phase::Running);
    let report = Probe::new(shutdown.drain(clock)).assert_ready();
    assert_eq!((report.failed[0].to_string().as_str(), report.exit_code()), ("connection: reset", 1));
}

#[test]
fn one_that_says_by_hand_that_it_failed_has() {
    let shutdown = Shutdown::new();
    participant(&shutdown, "thread").fail("out of paper");
    assert_eq!((shutdown.phase(), shutdown.participants().len()), (Phase::Draining, 0));
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert_eq!(report.failed[0].to_string(), "thread: out of paper");
}

#[test]
fn a_panic_is_a_failure_and_ends_nobody_elses_poll() {
    let shutdown = Shutdown::new();
    Probe::new(participant(&shutdown, "bug").run(async { panic!("index out of bounds") })).assert_ready();
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert_eq!(report.failed[0].to_string(), "bug: panicked: index out of bounds");
    let Cause::Error(cause) = &report.cause else { panic!("{:?}", report.cause) };
    assert_eq!(cause.to_string(), "bug, which panicked: index out of bounds");
}

#[test]
fn a_participant_that_is_dropped_by_a_panic_has_panicked() {
    let shutdown = Shutdown::new();
    let it = participant(&shutdown, "thread");
    let caught = catch_unwind(AssertUnwindSafe(move || {
        let _it = it;
        panic!("on purpose");
    }));
    assert!(caught.is_err());
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert!(matches!(report.failed[0].failure, Failure::Panicked(_)));
}

#[test]
fn one_that_fails_while_it_drains_is_failed_and_while_it_cleans_up_is_cancelled_with_its_error() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let [first, last] = ["first", "last"].map(|name| participant(&shutdown, name));
    let mut drain = draining(&shutdown, &clock);
    first.fail("one");
    clock.advance(25 * SECOND);
    drain.assert_pending();
    last.fail("two");
    let report = drain.assert_ready();
    assert_eq!(counts(&report), [0, 0, 0, 0, 2]);
    assert!(
        matches!(report.failed[0].failure, Failure::Error(_)) && report.failed[0].phase == Phase::Draining
    );
    assert!(matches!(report.failed[1].failure, Failure::Cancelled(Some(_))));
    assert_eq!(report.failed[1].to_string(), "last: cancelled, and its clean-up failed: two");
}

#[test]
fn of_more_failures_than_are_kept_the_last_are_and_the_others_are_counted() {
    let shutdown = Shutdown::new();
    for number in 0..1_003 {
        let connection = participant(&shutdown, "connection").on_failure(OnFailure::Continue);
        connection.fail(number.to_string());
    }
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert_eq!((report.failed.len(), report.failed_before), (1_000, 3));
    assert_eq!(report.failed[0].to_string(), "connection: 3");
    assert!(
        report
            .to_string()
            .starts_with("shut down in 0.00ns: 0 completed, 0 cancelled, 0 aborted, 0 left, 1003 failed")
    );
}

#[test]
fn two_that_fail_at_once_start_it_once_and_abort_nobody() {
    let shutdown = Shutdown::new();
    let [one, two, three] = ["one", "two", "three"].map(|name| participant(&shutdown, name));
    one.fail("down");
    two.fail("down as well");
    assert_eq!(three.phase(), Phase::Draining);
}
