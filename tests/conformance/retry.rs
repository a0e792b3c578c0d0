//! One program of retries, the same on every adapter: failures and waits, an attempt that hangs, a deadline, the loop form.

use super::*;
use std::time::Duration;
use untether::retry::schedule::{Jitter, constant};
use untether::retry::{Attempt, AttemptError, Retry, RetryError, StopReason, retry, retry_async, retry_with};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::{Seed, Timer};

const MS: Duration = Duration::from_millis(1);

async fn third<T: Timer>(timer: T, attempt: Attempt) -> Result<u32, &'static str> {
    timer.sleep(MS).await;
    if attempt.number() < 3 { Err("busy") } else { Ok(attempt.number()) }
}

async fn every_form<T: Timer + Clone>(timer: T) {
    let schedule = constant(2 * MS).attempts(5);
    let start = timer.now();
    let call = |attempt| third(timer.clone(), attempt);
    assert_eq!(retry(call, schedule).entropy(Seed::new(1)).on(&timer).await, Ok(3));
    assert!(
        timer.now().saturating_duration_since(start) >= 5 * MS,
        "three calls, and two waits of at least a millisecond"
    );

    let carried = |calls: u32, attempt| {
        let call = third(timer.clone(), attempt);
        async move { (calls + 1, call.await) }
    };
    assert_eq!(retry_with(0, carried, schedule).entropy(Seed::new(1)).on(&timer).await, (3, Ok(3)));

    let mut calls = 0;
    let borrows = async |attempt: Attempt| {
        calls += 1;
        third(&timer, attempt).await
    };
    assert_eq!(retry_async(borrows, schedule).entropy(Seed::new(1)).on(&timer).await, Ok(3));
    assert_eq!(calls, 3);

    let in_a_loop = async {
        let mut attempts = Retry::new(schedule).entropy(Seed::new(1)).attempts(&timer);
        while let Some(attempt) = attempts.next().await {
            match third(&timer, attempt.attempt()).await {
                Ok(value) => return Ok(value),
                Err(error) => attempt.failed(error)?,
            }
        }
        unreachable!("it returns or fails")
    };
    assert_eq!(in_a_loop.await, Ok::<_, RetryError<&str>>(3));
}

async fn limits_end<T: Timer + Clone>(timer: T) {
    let schedule = constant(MS).jitter(Jitter::NONE).unlimited();
    let hangs = |_: Attempt| std::future::pending::<Result<(), ()>>();
    let error = retry(hangs, schedule.attempts(2)).attempt_timeout(MS).on(timer.clone()).await.unwrap_err();
    assert!(matches!(error.last(), AttemptError::TimedOut(_)) && error.attempts() == 2);
    let fails = |_: Attempt| async { Err::<(), _>(()) };
    let error = retry(fails, schedule).within(20 * MS).on(&timer).await.unwrap_err();
    assert_eq!(error.reason(), StopReason::Deadline);
}

async fn program(rt: impl Runtime) {
    rt.spawn_task(every_form_sent(rt.clone())).unwrap().await.unwrap();
    every_form(rt.clone()).await;
    limits_end(rt).await;
}

/// What needs not borrow can be spawned on any thread.
async fn every_form_sent<T: Timer<Sleep: Send> + Clone + Send + Sync + 'static>(timer: T) {
    let call_timer = timer.clone();
    let call = move |attempt| third(call_timer.clone(), attempt);
    assert_eq!(retry(call, constant(MS)).entropy(Seed::new(1)).on(timer).await, Ok(3));
}

async fn local_program(rt: impl LocalRuntime) {
    rt.spawn_local_task(every_form(rt.clone())).unwrap().await.unwrap();
    limits_end(rt).await;
}

on_every_runtime!(program, local_program);
