//! What is told, and how it reads.

use super::*;

#[test]
fn the_lines_read_well() {
    let (clock, lines) = (ManualClock::new(), RefCell::new(Vec::new()));
    let push = |line: &str| lines.borrow_mut().push(line.to_string());
    let boundary = Boundary::new("load profile").retry(each_second()).observed(Lines::new(&push));
    let _ = run(&clock, boundary.run(fails(9), &clock));
    let _ = run(&clock, boundary.fallback(Fallback::value(1)).run(panics, &clock));
    let timed = boundary.attempts(1).attempt_timeout(SECOND).fallback(Fallback::value(1));
    let _ = run(&clock, timed.run(hangs, &clock));
    let expected = [
        "load profile: attempt 1 failed: busy; retrying in 1.00s",
        "load profile: attempt 2 failed: busy; retrying in 1.00s",
        "load profile: failed after 3 attempts: busy",
        "load profile: failed after 1 attempt, not to be recovered from: panicked: a bug",
        "load profile: failed after 1 attempt: operation timed out after 1s",
        "load profile: the fallback is used: operation timed out after 1s",
    ];
    assert_eq!(*lines.borrow(), expected);
}

#[test]
fn the_facts_of_a_failure_are_its_fields() {
    let (clock, log) = (ManualClock::new(), Log::default());
    let boundary = Boundary::new("load").retry(each_second()).observed(&log).fallback(Fallback::value(1));
    let _ = run(&clock, boundary.attempts(2).run(fails(9), &clock));
    let failure = "load: failure error=busy error_type=&str operation=load";
    let expected = [
        format!("{failure} attempts=1 recoverable=true delay=1s"),
        format!("{failure} attempts=2 recoverable=true"),
        "load: fallback error=busy".to_string(),
    ];
    assert_eq!(*log.0.borrow(), expected);
    log.0.borrow_mut().clear();
    let _ = run(&clock, boundary.run(panics, &clock));
    let panicked = "error=panicked: a bug error_type=untether::spawn::panicked::Panicked operation=load";
    assert_eq!(*log.0.borrow(), [format!("load: failure {panicked} attempts=1 recoverable=false")]);
}

#[test]
fn an_answer_is_no_news() {
    let (clock, log) = (ManualClock::new(), Log::default());
    let _ = run(&clock, Boundary::new("load").observed(&log).run(fails(0), &clock));
    assert!(log.0.borrow().is_empty());
}

#[test]
fn reports_can_be_turned_off_and_a_fallback_is_told_all_the_same() {
    let (clock, log) = (ManualClock::new(), Log::default());
    let boundary = Boundary::new("load").retry(each_second()).observed(&log).report(false);
    let _ = run(&clock, boundary.fallback(Fallback::value(1)).run(fails(9), &clock));
    assert_eq!(*log.0.borrow(), ["load: fallback error=busy"]);
}

#[test]
fn errors_that_nobody_is_told_of_need_not_be_readable() {
    #[derive(Debug, PartialEq)]
    struct Opaque;
    let clock = ManualClock::new();
    let fails = |_: Attempt| ready(Err::<u32, _>(Opaque));
    let failure = run(&clock, Boundary::new("load").attempts(1).run(fails, &clock)).unwrap_err();
    assert_eq!(failure.last().failed(), Some(&Opaque));
}

/// Has nothing to do with what happens, and says so.
#[derive(Clone, Copy)]
struct Deaf;

impl Observer for Deaf {
    fn on(&self, event: &Event<'_>) {
        panic!("told {event}");
    }

    fn is_listening(&self) -> bool {
        false
    }
}

#[test]
fn who_does_not_listen_is_told_nothing() {
    let clock = ManualClock::new();
    let boundary = Boundary::new("load").retry(each_second()).observed(Deaf);
    assert!(run(&clock, boundary.run(fails(9), &clock)).is_err());
    assert!(run(&clock, boundary.fallback(Fallback::value(1)).run(fails(9), &clock)).is_ok());
    let _ = boundary.scope().recovered("busy");
    drop(boundary.scope());
}
