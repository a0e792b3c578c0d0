//! One program of hedges and boundaries, the same on every adapter: an attempt that hangs, one that fails, one that panics.

use super::*;
use std::future::pending;
use std::time::Duration;
use untether::fault::{Boundary, Fallback, Fault, Hedge, Kind};
use untether::retry::schedule::constant;
use untether::retry::{Attempt, Retry};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::{Seed, Timer};

const MS: Duration = Duration::from_millis(1);

async fn hedged<T: Timer + Clone>(timer: T) {
    let replica = |attempt: Attempt| {
        let timer = timer.clone();
        async move {
            match attempt.number() {
                1 => pending().await,
                2 => Err("down"),
                number => {
                    timer.sleep(MS).await;
                    Ok(number)
                }
            }
        }
    };
    let start = timer.now();
    assert_eq!(Hedge::after(2 * MS).extra(2).run(replica, timer.clone()).await, Ok(3));
    assert!(timer.now().saturating_duration_since(start) >= 5 * MS, "two delays, and its own time");
}

/// Panics without a message on the terminal.
fn bug() -> Result<u32, &'static str> {
    std::panic::resume_unwind(Box::new("a bug"))
}

async fn behind_a_boundary<T: Timer + Clone>(timer: T) {
    let seed = Seed::new(1);
    let retry = Retry::new(constant(MS).attempts(3)).entropy(&seed);
    let boundary = Boundary::new("load").retry(retry).attempt_timeout(2 * MS);
    let boundary = boundary.on_timeout(Fallback::value(0));
    let third = |attempt: Attempt| {
        let timer = timer.clone();
        async move {
            timer.sleep(MS).await;
            if attempt.number() < 3 { Err("busy") } else { Ok(attempt.number()) }
        }
    };
    // A machine that is busy may time it out: then it is known.
    let outcome = boundary.run(third, timer.clone()).outcome().await.unwrap();
    assert!(outcome.is_fallback() || *outcome.value() == 3);
    let hangs = |_: Attempt| pending::<Result<u32, &str>>();
    let outcome = boundary.run(hangs, timer.clone()).outcome().await.unwrap();
    assert_eq!(outcome.because().unwrap().kind(), Kind::TimedOut);
    let panics = |_: Attempt| async { bug() };
    let failure = boundary.run(panics, timer).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Panicked, 1));
}

async fn program(rt: impl Runtime) {
    rt.spawn_task(hedged(rt.clone())).unwrap().await.unwrap();
    rt.spawn_task(behind_a_boundary(rt.clone())).unwrap().await.unwrap();
}

async fn local_program(rt: impl LocalRuntime) {
    rt.spawn_local_task(hedged(rt.clone())).unwrap().await.unwrap();
    rt.spawn_local_task(behind_a_boundary(rt.clone())).unwrap().await.unwrap();
}

on_every_runtime!(program, local_program);
