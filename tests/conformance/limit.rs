//! One program with a limiter, the same on every adapter: tasks that wait in one line, a stream, a limit that gives up, a reservation.

use super::*;
use std::time::Duration;
use untether::limit::{Quota, RateLimiter};
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::{TimeoutExt, Timer};

const MS: Duration = Duration::from_millis(1);

/// One each two milliseconds.
fn limiter<T>(timer: T) -> RateLimiter<T> {
    RateLimiter::new(Quota::per(1, 2 * MS), timer)
}

async fn waits_gives_up_and_reserves<T: Timer>(timer: T) {
    let (limiter, start) = (limiter(&timer), timer.now());
    assert!(limiter.acquire(2).await.is_err());
    let items = futures_util::stream::iter(0..3);
    let mut items = Box::pin(limiter.throttle(items));
    while futures_util::StreamExt::next(&mut items).await.is_some() {}
    assert!(timer.now().saturating_duration_since(start) >= 4 * MS, "no item before its time");

    limiter.set_quota(Quota::per_hour(1));
    limiter.acquire(1).await.unwrap(); // of the old pace
    let never = limiter.acquire(1).timeout(2 * MS, &timer).await;
    assert!(never.is_err() && limiter.stats().waiting == 0);
    limiter.set_quota(Quota::per(1, 2 * MS));
    let reservation = limiter.reserve(1, Duration::MAX).unwrap();
    timer.sleep_until(reservation.ready_at()).await;
    reservation.spend();
}

async fn program(rt: impl Runtime) {
    let (limiter, start) = (Arc::new(limiter(rt.clone())), rt.now());
    let tasks = [1, 2, 3, 4, 5].map(|_| {
        let limiter = limiter.clone();
        rt.spawn_task(async move { limiter.acquire(1).await.is_ok() }).unwrap()
    });
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert!(rt.now().saturating_duration_since(start) >= 8 * MS);
    waits_gives_up_and_reserves(&rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let (limiter, start) = (Rc::new(limiter(rt.clone())), rt.now());
    let tasks = [1, 2, 3, 4, 5].map(|_| {
        let limiter = limiter.clone();
        rt.spawn_local_task(async move { limiter.acquire(1).await.is_ok() }).unwrap()
    });
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert!(rt.now().saturating_duration_since(start) >= 8 * MS);
    waits_gives_up_and_reserves(&rt).await;
}

on_every_runtime!(program, local_program);
