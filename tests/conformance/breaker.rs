//! One program with a breaker, the same on every adapter: it opens, refuses, probes, closes, and tells who follows.

use super::*;
use futures_util::StreamExt;
use std::time::Duration;
use untether::fault::CircuitBreaker;
use untether::fault::breaker::{Reason, RunError, State, Window};
use untether::retry::schedule::{Backoff, Constant, Jitter, constant};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::{Seed, Timer};

const MS: Duration = Duration::from_millis(1);

type Breaker<T> = Arc<CircuitBreaker<T, Backoff<Constant>, Seed>>;

fn breaker<T: Timer>(timer: T) -> Breaker<T> {
    let plan =
        CircuitBreaker::builder().open_for(constant(20 * MS).jitter(Jitter::NONE)).entropy(Seed::new(1));
    let rated = plan.failure_rate(0.5).window(Window::time(Duration::from_secs(600))).min_calls(8);
    Arc::new(rated.build(timer))
}

async fn fails<T: Timer>(breaker: Breaker<T>, timer: T) {
    for _ in 0..2 {
        let fail = async || {
            timer.sleep(MS).await;
            Err::<(), _>("down")
        };
        assert_eq!(breaker.run(fail).await.unwrap_err().failed(), Some("down"));
    }
}

/// After four callers have failed twice each.
async fn is_closed_again<T: Timer>(breaker: Breaker<T>, timer: T) {
    let Err(RunError::Rejected(rejected)) = breaker.run(async || Ok::<_, ()>(7)).await else {
        panic!("it is open")
    };
    assert_eq!(rejected.reason(), Reason::Open);
    let wait = rejected.retry_after().unwrap();
    assert!(wait <= 20 * MS);
    timer.sleep(wait).await;
    assert_eq!(breaker.run(rejected.into_inner()).await.unwrap(), 7);
    assert_eq!((breaker.state(), breaker.stats().opened), (State::Closed, 1));
}

async fn follows<T: Timer>(breaker: Breaker<T>) -> Vec<State> {
    let transitions = CircuitBreaker::transitions_owned(breaker);
    transitions.take(3).map(|told| told.to).collect().await
}

const ALL: [State; 3] = [State::Open, State::HalfOpen, State::Closed];

async fn program(rt: impl Runtime) {
    let breaker = breaker(rt.clone());
    let mut follower = std::pin::pin!(follows(breaker.clone()));
    assert!(futures_util::poll!(follower.as_mut()).is_pending());
    let callers = [(); 4].map(|()| rt.spawn_task(fails(breaker.clone(), rt.clone())).unwrap());
    for caller in callers {
        caller.await.unwrap();
    }
    is_closed_again(breaker, rt).await;
    assert_eq!(follower.await, ALL);
}

async fn local_program(rt: impl LocalRuntime) {
    let breaker = breaker(rt.clone());
    let mut follower = std::pin::pin!(follows(breaker.clone()));
    assert!(futures_util::poll!(follower.as_mut()).is_pending());
    let callers = [(); 4].map(|()| rt.spawn_local_task(fails(breaker.clone(), rt.clone())).unwrap());
    for caller in callers {
        caller.await.unwrap();
    }
    is_closed_again(breaker, rt).await;
    assert_eq!(follower.await, ALL);
}

on_every_runtime!(program, local_program);
