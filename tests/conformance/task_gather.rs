//! One program of children in one task, the same on every adapter: they wait together, fail, race, borrow, and are tasks themselves.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::spawn::{JoinError, LocalRuntime, Runtime, SpawnExt, Task};
use untether::task::{Outcome, first_ok, gather, race, scope, try_gather};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

/// Sleeps, then says its number, or fails if it is a multiple of seven.
async fn works(timer: &impl Timer, ms: u32, n: u32) -> Result<u32, u32> {
    timer.sleep(ms * MS).await;
    if n % 7 == 0 { Err(n) } else { Ok(n) }
}

async fn in_one_task(timer: &impl Timer) {
    let outcomes = gather((0..50).map(|n| works(timer, n % 3, n))).await;
    let split = outcomes.split();
    assert_eq!((split.values.len(), split.failures.len()), (42, 8));
    let (one, seven) = gather((works(timer, 2, 1), works(timer, 1, 7))).await;
    assert!(matches!((one, seven), (Outcome::Ok(1), Outcome::Err(7))));
    assert_eq!(try_gather((works(timer, 2, 1), works(timer, 1, 2))).await, Ok((1, 2)));
    assert_eq!(try_gather([works(timer, 60_000, 1), works(timer, 1, 14)]).await, Err(14));
    assert_eq!(race((works(timer, 60_000, 1), works(timer, 1, 7))).await, Err(7));
    let slow = (0..20).map(|n| works(timer, if n == 19 { 1 } else { 60_000 }, n + 1));
    assert_eq!(race(slow).await, Some((19, Ok(20))));
    assert_eq!(first_ok([works(timer, 0, 7), works(timer, 1, 3), works(timer, 60_000, 4)]).await, Ok(3));
}

async fn borrowing(timer: &(impl Timer<Sleep: Send> + Sync)) {
    let sum = AtomicUsize::new(0);
    let last = scope(async |s| {
        let children = [1, 2, 3].map(|n| {
            let (own, sum) = (s.clone(), &sum);
            s.spawn(async move {
                timer.sleep(MS).await;
                drop(own.spawn(async move { sum.fetch_add(n, Ordering::Relaxed) }));
                n
            })
        });
        let [_, _, last] = children;
        last.await
    });
    assert_eq!((last.await, sum.into_inner()), (3, 6));
}

async fn of_tasks(tasks: Vec<Task<u32>>, stuck: Task<u32>) {
    stuck.abort();
    let outcomes = gather(tasks.into_iter().chain([stuck])).await.joined();
    assert!(matches!(outcomes[20], Outcome::Cancelled(None)));
    assert_eq!(outcomes.oks().values, (0..20).collect::<Vec<_>>());
}

async fn program(rt: impl Runtime) {
    in_one_task(&rt).await;
    borrowing(&rt).await;
    let start = |n| {
        let own = rt.clone();
        rt.spawn_task(async move {
            own.sleep(MS).await;
            n
        })
        .unwrap()
    };
    of_tasks((0..20).map(start).collect(), rt.spawn_task(std::future::pending()).unwrap()).await;
    let failed: Result<Vec<u32>, JoinError> =
        try_gather([rt.spawn_task(async { panic!("on purpose") }).unwrap()]).await;
    assert!(failed.unwrap_err().is_panic());
}

async fn local_program(rt: impl LocalRuntime) {
    in_one_task(&rt).await;
    let start = |n| {
        let own = rt.clone();
        rt.spawn_local_task(async move {
            own.sleep(MS).await;
            n
        })
        .unwrap()
    };
    of_tasks((0..20).map(start).collect(), rt.spawn_local_task(std::future::pending()).unwrap()).await;
}

on_every_runtime!(program, local_program);
