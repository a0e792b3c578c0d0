//! One program with an adaptive limit, the same on every adapter: eight callers of what begins as two places and grows.

use super::*;
use std::time::Duration;
use untether::limit::AdaptiveLimit;
use untether::limit::adaptive::{Aimd, Outcome};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

type Shared<T> = Arc<AdaptiveLimit<Aimd, T>>;

fn limit<T: Timer>(timer: T) -> Shared<T> {
    Arc::new(AdaptiveLimit::new(Aimd::builder().initial(2).max(4).build(), timer))
}

async fn calls<T: Timer>(limit: Shared<T>, timer: T) {
    for _ in 0..3 {
        let operation = async || timer.sleep(MS).await;
        limit.run(operation, |()| Some(Outcome::Success)).await.unwrap();
        assert!((2..=4).contains(&limit.limit()) && limit.in_flight() <= 4);
    }
}

/// It has grown under its load, shrinks by an overload, measures by the timer's clock, and is closed.
async fn ends<T: Timer + Clone>(limit: Shared<T>, timer: T) {
    assert_eq!((limit.limit(), limit.in_flight()), (4, 0));
    limit.acquire().await.unwrap().overload();
    assert_eq!(limit.limit(), 3);
    limit.close();
    assert!(limit.acquire().await.is_err());
    let slow = AdaptiveLimit::new(Aimd::builder().timeout(MS).build(), timer.clone());
    let permit = slow.acquire().await.unwrap();
    timer.sleep(3 * MS).await;
    permit.success();
    assert_eq!(slow.limit(), 9);
}

async fn program(rt: impl Runtime) {
    let limit = limit(rt.clone());
    let callers = [(); 8].map(|()| rt.spawn_task(calls(limit.clone(), rt.clone())).unwrap());
    for caller in callers {
        caller.await.unwrap();
    }
    ends(limit, rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let limit = limit(rt.clone());
    let callers = [(); 8].map(|()| rt.spawn_local_task(calls(limit.clone(), rt.clone())).unwrap());
    for caller in callers {
        caller.await.unwrap();
    }
    ends(limit, rt).await;
}

on_every_runtime!(program, local_program);
