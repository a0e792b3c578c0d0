//! What is given for which failures.

use super::*;

fn once() -> Boundary {
    Boundary::new("load").attempts(1)
}

fn forbidden(_: Attempt) -> Ready<Answer> {
    ready(Err("forbidden"))
}

fn is_forbidden(failure: &Failure<&'static str>) -> bool {
    failure.last().failed() == Some(&"forbidden")
}

#[test]
fn each_failure_has_its_arm_and_the_rest_the_last() {
    let clock = ManualClock::new();
    let boundary = once()
        .attempt_timeout(SECOND)
        .on_timeout(Fallback::value(1))
        .when(is_forbidden, Fallback::with(|_: &Failure<&'static str>| 2))
        .otherwise(Fallback::operation(|_: &Failure<&'static str>| ready(Ok(3))));
    assert_eq!(run(&clock, boundary.run(hangs, &clock)).unwrap(), 1);
    assert_eq!(run(&clock, boundary.run(forbidden, &clock)).unwrap(), 2);
    assert_eq!(run(&clock, boundary.run(fails(1), &clock)).unwrap(), 3);
    assert_eq!(run(&clock, boundary.run(fails(0), &clock)).unwrap(), 1, "an answer has none");
}

#[test]
fn what_no_arm_takes_goes_on() {
    let clock = ManualClock::new();
    let boundary = once().on_timeout(Fallback::value(1)).when(is_forbidden, Fallback::value(2));
    assert_eq!(run(&clock, boundary.run(fails(1), &clock)).unwrap_err().last().failed(), Some(&"busy"));
}

#[test]
fn of_two_that_fit_the_first_that_was_said_is_taken() {
    let clock = ManualClock::new();
    let both = once().when(is_forbidden, Fallback::value(1)).when(is_forbidden, Fallback::value(2));
    assert_eq!(run(&clock, both.run(forbidden, &clock)).unwrap(), 1);
    let after_all = once().fallback(Fallback::value(1)).when(is_forbidden, Fallback::value(2));
    assert_eq!(run(&clock, after_all.run(forbidden, &clock)).unwrap(), 1);
}

#[test]
fn what_is_to_go_on_does_whatever_comes_after_and_not_what_came_before() {
    let clock = ManualClock::new();
    let boundary = once().goes_on(is_forbidden).fallback(Fallback::value(9));
    assert!(run(&clock, boundary.run(forbidden, &clock)).is_err());
    assert_eq!(run(&clock, boundary.run(fails(1), &clock)).unwrap(), 9);
    let too_late = once().fallback(Fallback::value(9)).goes_on(is_forbidden);
    assert_eq!(run(&clock, too_late.run(forbidden, &clock)).unwrap(), 9);
}

#[test]
fn the_rules_of_a_fallback_hold_in_an_arm_as_well() {
    let (clock, log) = (ManualClock::new(), Log::default());
    let picky = Fallback::value(1).when(is_forbidden).observed(&log);
    let boundary = once().when(|_: &Failure<&'static str>| true, picky).fallback(Fallback::value(2));
    assert_eq!(
        run(&clock, boundary.run(fails(1), &clock)).unwrap(),
        2,
        "what it does not cover is the next one's"
    );
    assert!(log.0.borrow().is_empty());
    assert_eq!(run(&clock, boundary.run(forbidden, &clock)).unwrap(), 1);
    assert_eq!(log.0.borrow().len(), 1);
}

#[test]
fn each_question_is_asked_once() {
    let (clock, asked) = (ManualClock::new(), Cell::new(0));
    let asks = |_: &Failure<&'static str>| {
        asked.set(asked.get() + 1);
        false
    };
    let boundary = once().when(asks, Fallback::value(1)).goes_on(asks).when(asks, Fallback::value(2));
    let boundary = boundary.fallback(Fallback::value(3));
    assert_eq!(run(&clock, boundary.run(fails(1), &clock)).unwrap(), 3);
    assert_eq!(asked.get(), 3);
}
