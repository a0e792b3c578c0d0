//! The form for a body.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn told(
    body: impl FnOnce(
        Boundary<
            Plan<Backoff<untether::retry::schedule::Exponential>>,
            untether::fault::boundary::NoArms,
            Watched<'_>,
        >,
    ),
) -> Vec<String> {
    let log = Log::default();
    body(Boundary::new("load").observed(&log));
    log.0.into_inner()
}

type Watched<'a> = untether::fault::boundary::Watch<
    untether::fault::boundary::ButPanics,
    untether::fault::boundary::Observed<&'a Log>,
>;

#[test]
fn a_success_gives_its_value_back_and_is_no_news() {
    assert!(told(|boundary| assert_eq!(boundary.scope().success(7), 7)).is_empty());
}

#[test]
fn a_failure_is_told_and_given_back() {
    let told = told(|boundary| {
        boundary.scope().recovered("busy");
        assert_eq!(boundary.scope().failed("forbidden"), "forbidden");
    });
    let failure = |error, recoverable| {
        format!(
            "load: failure error={error} error_type=&str operation=load attempts=1 recoverable={recoverable}"
        )
    };
    assert_eq!(told, [failure("busy", true), failure("forbidden", false)]);
}

#[test]
fn one_that_is_dropped_without_a_word_was_cancelled_and_is_told_as_such() {
    let told = told(|boundary| {
        let body = async {
            let scope = boundary.scope();
            pending::<()>().await;
            scope.success(());
        };
        let mut body = Probe::new(body);
        body.assert_pending();
    });
    assert_eq!(told, ["load: cancelled operation=load panicking=false"]);
}

#[test]
fn a_panic_goes_through_and_is_told() {
    let told = told(|boundary| {
        let panics = AssertUnwindSafe(|| {
            let _scope = boundary.scope();
            panic!("a bug");
        });
        catch_unwind(panics).unwrap_err();
    });
    assert_eq!(told, ["load: cancelled operation=load panicking=true"]);
}

#[test]
fn the_lines_read_well() {
    let lines = RefCell::new(Vec::new());
    let boundary = Boundary::new("load profile")
        .observed(Lines::new(|line: &str| lines.borrow_mut().push(line.to_string())));
    drop(boundary.scope());
    boundary.scope().recovered("busy");
    let _ = boundary.scope().failed("forbidden");
    let expected = [
        "load profile: cancelled",
        "load profile: failed after 1 attempt: busy",
        "load profile: failed after 1 attempt, not to be recovered from: forbidden",
    ];
    assert_eq!(*lines.borrow(), expected);
}

#[test]
fn without_reports_nothing_is_told() {
    let told = told(|boundary| {
        let boundary = boundary.report(false);
        drop(boundary.scope());
        let _ = boundary.scope().failed("forbidden");
    });
    assert!(told.is_empty());
}

#[test]
fn an_observer_that_panics_while_a_panic_unwinds_does_not_end_the_program() {
    struct Panics;
    impl Observer for Panics {
        fn on(&self, _: &Event<'_>) {
            panic!("the log is full");
        }
    }
    let boundary = Boundary::new("load").observed(Panics);
    let panics = AssertUnwindSafe(|| {
        let _scope = boundary.scope();
        panic!("a bug");
    });
    assert_eq!(catch_unwind(panics).unwrap_err().downcast_ref::<&str>(), Some(&"a bug"));
}
