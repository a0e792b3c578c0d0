//! The loop form.

use super::*;
use untether::retry::budget::TokenQuota;

#[test]
fn the_body_is_run_until_it_breaks_out() {
    let clock = ManualClock::new();
    let mut log = Vec::new();
    let start = clock.now();
    let value = run(&clock, async {
        let mut attempts = Retry::new(every(SECOND)).attempts(&clock);
        while let Some(attempt) = attempts.next().await {
            log.push(attempt.attempt().number());
            if log.len() == 3 {
                return Ok("done");
            }
            attempt.failed("busy")?;
        }
        unreachable!("every attempt failed or ended it")
    });
    assert_eq!((value, log), (Ok::<_, RetryError<&str>>("done"), vec![1, 2, 3]));
    assert_eq!(clock.now().saturating_duration_since(start), 2 * SECOND);
}

#[test]
fn it_gives_up_as_the_other_forms_do() {
    let clock = ManualClock::new();
    let run_through = async |rules: Backoff<_>, quota: &TokenQuota, by: Deadline| {
        let policy = Retry::new(rules).budget(quota).deadline(by);
        let mut attempts = policy.attempts(&clock);
        while let Some(attempt) = attempts.next().await {
            if let Err(error) = attempt.failed("busy") {
                return (error.attempts(), error.reason(), error.into_last());
            }
        }
        unreachable!("it never gave up")
    };
    let (full, empty) = (TokenQuota::new(100), TokenQuota::new(1).cost(1));
    assert_eq!(
        run(&clock, run_through(every(SECOND).attempts(3), &full, Deadline::never())),
        (3, StopReason::Exhausted, "busy")
    );
    assert_eq!(
        run(&clock, run_through(every(SECOND), &empty, Deadline::never())),
        (2, StopReason::Budget, "busy")
    );
    let by = Deadline::after(2 * SECOND, &clock);
    assert_eq!(run(&clock, run_through(every(SECOND), &full, by)), (2, StopReason::Deadline, "busy"));
}

#[test]
fn what_is_not_worth_it_ends_the_loop_and_the_hooks_are_told() {
    let (clock, told) = (ManualClock::new(), Cell::new(0));
    let result: Result<(), RetryError<u16>> = run(&clock, async {
        let policy = Retry::new(every(SECOND)).when(|error: &u16| *error >= 500);
        let mut attempts = policy.attempts(&clock);
        let mut statuses = [500, 502, 404].into_iter();
        while let Some(attempt) = attempts.next().await {
            told.set(told.get() + 1);
            attempt.failed(statuses.next().unwrap())?;
        }
        Ok(())
    });
    let error = result.unwrap_err();
    assert_eq!((error.reason(), error.into_last(), told.get()), (StopReason::Permanent, 404, 3));
}

#[test]
fn an_attempt_that_neither_fails_nor_breaks_out_is_the_last() {
    let clock = ManualClock::new();
    run(&clock, async {
        let mut attempts = Retry::new(every(SECOND)).attempts(&clock);
        drop(attempts.next().await.unwrap());
        assert!(attempts.next().await.is_none());
        assert!(attempts.next().await.is_none());
    });
}

#[test]
fn a_wait_that_is_dropped_is_waited_for_again_until_the_same_moment() {
    let clock = ManualClock::new();
    let mut attempts = Retry::new(every(10 * SECOND)).attempts(&clock);
    Probe::new(attempts.next()).assert_ready().unwrap().failed("busy").unwrap();
    clock.advance(6 * SECOND);
    Probe::new(Box::pin(attempts.next())).assert_pending();
    assert_eq!(clock.sleepers(), 0);
    clock.advance(4 * SECOND);
    assert_eq!(Probe::new(Box::pin(attempts.next())).assert_ready().unwrap().attempt().number(), 2);
}

#[test]
fn success_is_told_to_the_budget_where_it_is_said() {
    let (clock, quota) = (ManualClock::new(), TokenQuota::new(10).cost(5));
    let mut attempts = Retry::new(every(Duration::ZERO)).budget(&quota).attempts(&clock);
    Probe::new(attempts.next()).assert_ready().unwrap().failed("busy").unwrap();
    assert_eq!(quota.tokens(), 5);
    Probe::new(attempts.next()).assert_ready().unwrap().succeeded();
    assert_eq!(quota.tokens(), 10);
}
