//! One program with a pool, the same on every adapter: six borrowers of two objects, limits, maintenance, the end.

use super::*;
use std::future::{pending, ready};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use untether::resource::Pool;
use untether::resource::pool::GetError;
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

type Create = fn() -> std::future::Ready<Result<u32, ()>>;

async fn borrows<T: Timer>(pool: Arc<Pool<Create, T>>, timer: T) {
    for _ in 0..3 {
        let mut uses = pool.get().await.unwrap();
        *uses += 1;
        timer.sleep(MS).await;
    }
}

async fn limits_end<T: Timer + Clone>(timer: T) {
    let calls = AtomicU32::new(0);
    let create = || async {
        match calls.fetch_add(1, Ordering::AcqRel) {
            0 => Ok::<_, ()>(0),
            _ => pending().await,
        }
    };
    let pool = Pool::builder(2, create).timer(timer).wait_limit(MS).create_limit(MS).build();
    let held = pool.get().await.unwrap();
    assert_eq!(pool.get().await.unwrap_err(), GetError::CreateTimedOut);
    pool.resize(1);
    assert_eq!(pool.get().await.unwrap_err(), GetError::WaitTimedOut);
    drop(held);
    assert!(pool.get().await.is_ok());
}

fn pool<T: Timer>(timer: T) -> Arc<Pool<Create, T>> {
    let create: Create = || ready(Ok(0));
    Arc::new(Pool::builder(2, create).min_idle(1).timer(timer).idle_time(MS).build())
}

/// What all of them did together is there, since nothing was let go while it was in use.
async fn ends<T: Timer>(pool: Arc<Pool<Create, T>>, timer: &T) {
    while pool.stats().detached == 0 {
        timer.sleep(MS).await;
    }
    pool.close();
    pool.drained().await;
    let stats = pool.stats();
    assert_eq!((stats.size, stats.created, stats.recycled > 0), (0, stats.detached, true));
}

async fn program(rt: impl Runtime) {
    let pool = pool(rt.clone());
    let borrowers = [(); 6].map(|()| rt.spawn_task(borrows(pool.clone(), rt.clone())).unwrap());
    for borrower in borrowers {
        borrower.await.unwrap();
    }
    let maintains = rt.spawn_task(pool.maintained(2 * MS, rt.clone())).unwrap();
    ends(pool, &rt).await;
    maintains.await.unwrap();
    limits_end(rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let pool = pool(rt.clone());
    let borrowers = [(); 6].map(|()| rt.spawn_local_task(borrows(pool.clone(), rt.clone())).unwrap());
    for borrower in borrowers {
        borrower.await.unwrap();
    }
    let maintains = rt.spawn_local_task(pool.maintained(2 * MS, rt.clone())).unwrap();
    ends(pool, &rt).await;
    maintains.await.unwrap();
    limits_end(rt).await;
}

on_every_runtime!(program, local_program);
