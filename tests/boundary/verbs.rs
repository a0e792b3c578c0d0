//! How often it is tried, what is caught, what comes out.

use super::*;

#[test]
fn a_success_comes_out_whenever_it_comes() {
    let (clock, boundary) = (ManualClock::new(), Boundary::new("load").retry(each_second()));
    for times in 0..=2 {
        assert_eq!(run(&clock, boundary.run(fails(times), &clock)).unwrap(), times + 1);
    }
}

#[test]
fn without_a_fallback_the_last_error_comes_out_and_says_how_often_it_was_tried() {
    let clock = ManualClock::new();
    let failure = run(&clock, Boundary::new("load").retry(each_second()).run(fails(9), &clock)).unwrap_err();
    assert_eq!((failure.attempts(), failure.reason()), (3, StopReason::Exhausted));
    assert_eq!((failure.last().failed(), failure.kind()), (Some(&"busy"), Kind::Failed));
}

#[test]
fn attempts_count_the_first_call_and_none_are_refused_where_they_are_written() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let counts = |_: Attempt| {
        calls.set(calls.get() + 1);
        ready(Answer::Err("busy"))
    };
    let _ = run(&clock, Boundary::new("load").attempts(5).run(counts, &clock));
    assert_eq!(calls.get(), 5);
    assert!(Boundary::new("load").try_attempts(0).is_none());
    let panic = std::panic::catch_unwind(|| Boundary::new("load").attempts(0)).unwrap_err();
    assert!(panic.downcast_ref::<&str>().unwrap().contains("attempts counts the first call"));
}

#[test]
fn the_fallback_comes_after_the_last_attempt() {
    let (clock, calls) = (ManualClock::new(), RefCell::new(Vec::new()));
    let counts = |attempt: Attempt| {
        calls.borrow_mut().push(attempt.to_string());
        ready(Answer::Err("busy"))
    };
    let cached = Fallback::operation(|failure: &Failure<&str>| {
        calls.borrow_mut().push(format!("the cache, after {}", failure.attempts()));
        ready(Ok(7))
    });
    // Said before the retry, and after it all the same.
    let boundary = Boundary::new("load").fallback(cached).retry(each_second());
    assert_eq!(run(&clock, boundary.run(counts, &clock)).unwrap(), 7);
    assert_eq!(*calls.borrow(), ["attempt 1", "attempt 2", "attempt 3", "the cache, after 3"]);
}

#[test]
fn a_fallback_that_fails_as_well_brings_its_own_error() {
    let clock = ManualClock::new();
    let again =
        Fallback::operation(|failure: &Failure<&'static str>| ready(Err(failure_of("empty", failure))));
    let failure = run(&clock, Boundary::new("load").attempts(1).fallback(again).run(fails(9), &clock));
    assert_eq!(failure.unwrap_err().last().failed(), Some(&"empty"));
}

/// Another failure, since only a retry makes one.
fn failure_of(error: &'static str, _: &Failure<&'static str>) -> Failure<&'static str> {
    let fails = |_: Attempt| ready(Err::<(), _>(error));
    let clock = ManualClock::new();
    run(&clock, Boundary::new("cache").attempts(1).run(fails, &clock)).unwrap_err()
}

#[test]
fn a_fallback_can_be_told_from_an_answer() {
    let clock = ManualClock::new();
    let boundary = Boundary::new("load").attempts(1).fallback(Fallback::value(1));
    let answer = run(&clock, boundary.run(fails(0), &clock).outcome()).unwrap();
    assert!(matches!(answer, Outcome::Answer(1)));
    let instead = run(&clock, boundary.run(fails(1), &clock).outcome()).unwrap();
    assert_eq!((*instead.value(), instead.because().unwrap().attempts()), (1, 1));
}

#[test]
fn a_panic_is_an_error_that_is_not_tried_again_and_that_no_fallback_hides() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let boundary = Boundary::new("load").retry(each_second()).fallback(Fallback::value(1));
    let panics_in_a_poll = |attempt: Attempt| {
        calls.set(calls.get() + 1);
        async move { panics(attempt).await }
    };
    let failure = run(&clock, boundary.run(panics_in_a_poll, &clock)).unwrap_err();
    assert_eq!((failure.attempts(), failure.kind(), calls.get()), (1, Kind::Panicked, 1));
    assert_eq!(failure.last().to_string(), "panicked: a bug");
    let failure = run(&clock, boundary.run(panics, &clock)).unwrap_err();
    assert_eq!(failure.kind(), Kind::Panicked, "of the call itself as well");
}

#[test]
fn it_is_as_any_other_failure_where_it_is_said_that_it_can_be_recovered_from() {
    let clock = ManualClock::new();
    let boundary = Boundary::new("load").retry(each_second()).recoverable(|_: &AttemptError<&str>| true);
    let third = |attempt: Attempt| if attempt.number() < 3 { panics(attempt) } else { ready(Ok(3)) };
    assert_eq!(run(&clock, boundary.run(third, &clock)).unwrap(), 3);
    assert_eq!(run(&clock, boundary.fallback(Fallback::value(9)).run(panics, &clock)).unwrap(), 9);
}

#[test]
fn what_cannot_be_recovered_from_is_neither_tried_again_nor_given_anything() {
    let (clock, calls) = (ManualClock::new(), Cell::new(0));
    let forbidden = |_: Attempt| {
        calls.set(calls.get() + 1);
        ready(Answer::Err("forbidden"))
    };
    let boundary = Boundary::new("load")
        .retry(each_second())
        .recoverable(|error| error.failed() != Some(&"forbidden"))
        .fallback(Fallback::value(9));
    let failure = run(&clock, boundary.run(forbidden, &clock)).unwrap_err();
    assert_eq!((failure.attempts(), failure.reason(), calls.get()), (1, StopReason::Permanent, 1));
    assert_eq!(run(&clock, boundary.run(fails(9), &clock)).unwrap(), 9);
}

#[test]
fn what_is_not_worth_another_attempt_may_still_have_a_fallback() {
    let clock = ManualClock::new();
    let retry = each_second().when(|error: &AttemptError<&str>| error.failed() != Some(&"busy"));
    let boundary = Boundary::new("load")
        .retry(retry)
        .fallback(Fallback::with(|failure: &Failure<&str>| failure.attempts()));
    assert_eq!(run(&clock, boundary.run(fails(9), &clock)).unwrap(), 1);
}

#[test]
fn each_attempt_has_its_time() {
    let clock = ManualClock::new();
    let boundary = Boundary::new("load").retry(each_second()).attempt_timeout(5 * SECOND);
    let second = |attempt: Attempt| {
        let clock = &clock;
        async move {
            clock.sleep(if attempt.is_first() { 60 * SECOND } else { SECOND }).await;
            Ok::<_, &str>(attempt.number())
        }
    };
    assert_eq!(run(&clock, boundary.run(second, &clock)).unwrap(), 2);
    let failure = run(&clock, boundary.run(hangs, &clock)).unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::TimedOut, 3));
}

#[test]
fn a_budget_of_the_retry_is_kept() {
    let (clock, quota) = (ManualClock::new(), untether::retry::budget::TokenQuota::new(5));
    let boundary = Boundary::new("load").retry(each_second().budget(&quota));
    let failure = run(&clock, boundary.run(fails(9), &clock)).unwrap_err();
    assert_eq!((failure.attempts(), failure.reason()), (2, StopReason::Budget));
}

#[test]
fn rules_are_a_value_for_many_runs() {
    const RULES: Boundary = Boundary::new("load").attempt_timeout(SECOND);
    let clock = ManualClock::new();
    (0..3).for_each(|_| assert_eq!(run(&clock, RULES.run(fails(0), &clock)).unwrap(), 1));
    assert_eq!(
        format!("{RULES:?}"),
        "Boundary { watch: Watch { operation: \"load\", recovers: ButPanics, .. }, .. }"
    );
}

#[test]
fn a_thread_can_wait_for_it() {
    let threads = untether::rt::threads::Threads::new().unwrap();
    let boundary = Boundary::new("load").attempts(1).fallback(Fallback::value(9));
    assert_eq!(boundary.run(fails(9), threads).wait().unwrap(), 9);
}
