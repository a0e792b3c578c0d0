//! One program with a bulkhead, the same on every adapter: eight callers of two places, limits, a size that changes, the end.

use super::*;
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::limit::Bulkhead;
use untether::limit::bulkhead::AcquireError;
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

type Shared<T> = Arc<Bulkhead<T>>;

fn bulkhead<T: Timer>(timer: T) -> Shared<T> {
    Arc::new(Bulkhead::builder(2).queue(6).max_wait(Duration::from_secs(600), timer).build())
}

async fn calls<T: Timer>(bulkhead: Shared<T>, running: Arc<AtomicUsize>, timer: T) {
    for _ in 0..3 {
        let operation = async || {
            assert!(running.fetch_add(1, Ordering::AcqRel) < 2);
            timer.sleep(MS).await;
            running.fetch_sub(1, Ordering::AcqRel);
        };
        bulkhead.run(operation).await.unwrap();
    }
}

async fn limits_end<T: Timer + Clone>(timer: T) {
    let bulkhead = Bulkhead::builder(1).queue(1).max_wait(MS, timer.clone()).build();
    let held = bulkhead.acquire().await.unwrap();
    let rejected = bulkhead.run(pending::<()>).await.unwrap_err();
    assert_eq!(rejected.reason(), AcquireError::TimedOut);
    bulkhead.resize(2);
    bulkhead.run(async || timer.sleep(2 * MS).await).await.unwrap();
    bulkhead.close();
    assert_eq!(bulkhead.acquire().await.unwrap_err(), AcquireError::Closed);
    drop(held);
    assert_eq!(bulkhead.stats().running, 0);
}

async fn program(rt: impl Runtime) {
    let (bulkhead, running) = (bulkhead(rt.clone()), Arc::new(AtomicUsize::new(0)));
    let callers =
        [(); 8].map(|()| rt.spawn_task(calls(bulkhead.clone(), running.clone(), rt.clone())).unwrap());
    for caller in callers {
        caller.await.unwrap();
    }
    limits_end(rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let (bulkhead, running) = (bulkhead(rt.clone()), Arc::new(AtomicUsize::new(0)));
    let callers =
        [(); 8].map(|()| rt.spawn_local_task(calls(bulkhead.clone(), running.clone(), rt.clone())).unwrap());
    for caller in callers {
        caller.await.unwrap();
    }
    limits_end(rt).await;
}

on_every_runtime!(program, local_program);
