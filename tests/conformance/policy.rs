//! One program behind a whole stack, the same on every adapter: flaky, slow and refused calls, spawned and in place.

use super::*;
use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::fault::{CircuitBreaker, Hedge};
use untether::limit::Bulkhead;
use untether::policy::{Cause, Timeout, stack};
use untether::retry::schedule::{Backoff, Constant, Jitter, constant};
use untether::retry::{Attempt, Retry};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

const PAUSE: Backoff<Constant> = constant(MS).jitter(Jitter::NONE);
const OPEN: Backoff<Constant> = constant(Duration::from_secs(600)).jitter(Jitter::NONE).unlimited();

/// Fails twice for each call that goes well.
async fn flaky(attempt: Attempt, calls: Arc<AtomicU32>) -> Result<u32, &'static str> {
    calls.fetch_add(1, Ordering::Relaxed);
    if attempt.number() < 3 { Err("busy") } else { Ok(attempt.number()) }
}

async fn what_goes_wrong<T: Timer + Clone>(timer: T) {
    let breaker = CircuitBreaker::builder().consecutive(2).open_for(OPEN).build(timer.clone());
    let calls = stack((Retry::new(PAUSE.attempts(2)), &breaker, Timeout::new(MS))).on(timer.clone());
    let error = calls.run(pending::<Result<(), &str>>).await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 2);
    let refused = stack((&breaker,)).on(timer.clone()).run(async || Ok::<_, &str>(())).await.unwrap_err();
    assert!(matches!(refused.cause(), Cause::Open { .. }));
    let hedged = stack((Timeout::new(Duration::from_secs(600)), Hedge::after(MS))).on(timer);
    let hangs_once = |attempt: Attempt| async move {
        if attempt.is_first() {
            pending::<()>().await;
        }
        Ok::<_, &str>(attempt.number())
    };
    assert_eq!(hedged.run(hangs_once).await.unwrap(), 2);
}

async fn program(rt: impl Runtime) {
    let (bulkhead, made) = (Arc::new(Bulkhead::new(2)), Arc::new(AtomicU32::new(0)));
    let breaker = Arc::new(CircuitBreaker::builder().consecutive(100).open_for(OPEN).build(rt.clone()));
    let (whole, each) = (Timeout::new(Duration::from_secs(600)), Timeout::new(Duration::from_secs(60)));
    let calls = stack((whole, Retry::new(PAUSE), breaker, bulkhead.clone(), each)).on(rt.clone());
    let callers = [(); 8].map(|()| {
        let made = made.clone();
        rt.spawn_task(calls.run(move |attempt| flaky(attempt, made))).unwrap()
    });
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), 3);
    }
    assert_eq!((made.load(Ordering::Relaxed), bulkhead.stats().running), (24, 0));
    what_goes_wrong(rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let (bulkhead, made) = (Rc::new(Bulkhead::new(2)), Arc::new(AtomicU32::new(0)));
    let calls = stack((Retry::new(PAUSE), Timeout::new(Duration::from_secs(60)))).on(rt.clone());
    let callers = [(); 8].map(|()| {
        let (made, bulkhead) = (made.clone(), bulkhead.clone());
        let call = calls.run(move |attempt| flaky(attempt, made));
        rt.spawn_local_task(async move { bulkhead.run(|| call).await.unwrap() }).unwrap()
    });
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), 3);
    }
    assert_eq!(made.load(Ordering::Relaxed), 24);
    what_goes_wrong(rt).await;
}

on_every_runtime!(program, local_program);
