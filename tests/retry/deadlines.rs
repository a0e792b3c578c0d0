//! When it has to be done.

use super::*;
use std::future::pending;
use untether::retry::retry_async;

fn since(clock: &ManualClock, start: Instant) -> Duration {
    clock.now().saturating_duration_since(start)
}

#[test]
fn no_wait_is_begun_that_no_attempt_can_follow() {
    let clock = ManualClock::new();
    let start = clock.now();
    let by = Deadline::after(3_500 * MS, &clock);
    let error = run(&clock, retry(fails(99), every(SECOND)).deadline(by).on(&clock)).unwrap_err();
    assert_eq!((error.reason(), error.attempts()), (StopReason::Deadline, 4));
    assert_eq!((since(&clock, start), error.elapsed()), (3 * SECOND, 3 * SECOND), "not slept to the end");
    assert_eq!(error.to_string(), "gave up after 4 attempts: the next would begin after the deadline");
}

/// An attempt that would begin in the very moment is too late as well.
#[test]
fn no_attempt_begins_at_the_deadline() {
    let clock = ManualClock::new();
    let by = Deadline::after(3 * SECOND, &clock);
    assert_eq!(
        run(&clock, retry(fails(99), every(SECOND)).deadline(by).on(&clock)).unwrap_err().attempts(),
        3
    );
}

/// backon's counts its sleeps alone, retry-policies' looks at the system's clock.
#[test]
fn the_time_of_the_attempts_counts() {
    let clock = ManualClock::new();
    let slow = || async {
        clock.sleep(2 * SECOND).await;
        Err::<(), _>("slow")
    };
    let error = run(&clock, slow.retry(every(SECOND)).within(6 * SECOND).on(&clock)).unwrap_err();
    assert_eq!((error.attempts(), error.reason()), (2, StopReason::Deadline), "2 + 1 + 2 + 1");
    let schedule = every(SECOND).during(4 * SECOND);
    assert_eq!(
        run(&clock, slow.retry(schedule).on(&clock)).unwrap_err().attempts(),
        3,
        "0 + 1 + 2 + 1, from the first failure"
    );
}

#[test]
fn a_limit_begins_with_the_first_pending_poll_and_not_when_it_is_said() {
    let clock = ManualClock::new();
    let mut retrying = Probe::new(Box::pin(retry(fails(99), every(SECOND)).within(2_500 * MS).on(&clock)));
    clock.advance(60 * SECOND);
    retrying.assert_pending();
    let error = run(&clock, async { retrying.get_mut().await }).unwrap_err();
    assert_eq!(error.attempts(), 3);
}

#[test]
fn a_limit_begins_with_the_first_pending_poll_in_the_async_form_as_well() {
    let clock = ManualClock::new();
    let slow = async |_: Attempt| {
        clock.sleep(2 * SECOND).await;
        Err::<(), _>("slow")
    };
    let error = run(&clock, retry_async(slow, every(SECOND)).within(6 * SECOND).on(&clock)).unwrap_err();
    assert_eq!((error.attempts(), error.reason()), (2, StopReason::Deadline), "2 + 1 + 2 + 1");
}

/// It would last ten years longer.
#[test]
fn a_limit_outlasts_no_clock_that_steps_back() {
    let (decade, clock) = (Duration::from_secs(10 * 365 * 86_400), ManualClock::new());
    clock.advance(2 * decade);
    let steps = |attempt: Attempt| {
        if attempt.number() == 3 {
            clock.step_back(decade);
        }
        ready(Err::<(), _>("busy"))
    };
    let error = run(&clock, retry(steps, every(SECOND)).within(60 * SECOND).on(&clock)).unwrap_err();
    assert_eq!((error.attempts(), error.reason()), (62, StopReason::Deadline), "anew, from the step on");
}

#[test]
fn the_limit_said_last_is_the_one() {
    let clock = ManualClock::new();
    let by = Deadline::after(3_500 * MS, &clock);
    let both = retry(fails(99), every(SECOND)).within(9_500 * MS).deadline(by);
    assert_eq!(run(&clock, both.on(&clock)).unwrap_err().attempts(), 4);
    let both = retry(fails(99), every(SECOND)).deadline(by).within(9_500 * MS);
    assert_eq!(run(&clock, both.on(&clock)).unwrap_err().attempts(), 10);
}

#[test]
fn a_first_attempt_is_made_after_the_deadline_too_and_may_take_as_long_as_it_likes() {
    let clock = ManualClock::new();
    let past = Deadline::at(Instant::from_nanos(0));
    assert_eq!(run(&clock, retry(fails(0), every(SECOND)).deadline(past).on(&clock)), Ok(1));
    let mut hung =
        Probe::new(Box::pin(pending::<Result<(), ()>>.retry(every(SECOND)).deadline(past).on(&clock)));
    hung.assert_pending();
    assert_eq!(clock.sleepers(), 0, "it is not cut off, and has no timer");
}

/// backoff's hint passes its maximum, Polly's generator its own.
#[test]
fn a_hint_does_not_pass_the_deadline() {
    let clock = ManualClock::new();
    let hinted =
        retry(fails(99), every(SECOND).hint(Hint::Exact)).hint(|_| Some(3_600 * SECOND)).within(60 * SECOND);
    let error = run(&clock, hinted.on(&clock)).unwrap_err();
    assert_eq!(
        (error.attempts(), error.reason(), error.elapsed()),
        (1, StopReason::Deadline, Duration::ZERO)
    );
}

#[test]
fn endless_limits_are_none() {
    let clock = ManualClock::new();
    assert_eq!(run(&clock, retry(fails(5), every(SECOND)).within(Duration::MAX).on(&clock)), Ok(6));
    assert_eq!(run(&clock, retry(fails(5), every(SECOND)).deadline(Deadline::never()).on(&clock)), Ok(6));
    let mut never = Probe::new(Box::pin(retry(fails(5), every(Duration::MAX)).on(&clock)));
    never.assert_pending();
    clock.advance(Duration::from_secs(1 << 40));
    never.assert_pending();
}
