//! One program with a pool of workers, the same on every adapter: inputs that fail, panic and hang, a size that changes, ends of each kind.

use super::*;
use std::time::Duration;
use untether::queue::WorkQueue;
use untether::spawn::Runtime;
use untether::task::{Outcome, WorkerPool};

const MS: Duration = Duration::from_millis(1);

async fn work<R: Runtime>(rt: R, n: u32) -> Result<u32, &'static str> {
    match n {
        5 => Err("five"),
        7 => panic!("on purpose"),
        100.. => std::future::pending().await,
        _ => {
            rt.sleep(MS).await;
            Ok(10 * n)
        }
    }
}

async fn tickets_and_maps(rt: impl Runtime) {
    let own = rt.clone();
    let pool = WorkerPool::builder(&rt).workers(3).capacity(4).build(move |n| work(own.clone(), n)).unwrap();
    let mut told = 0;
    let outcomes = pool.map(0..20).progress(|completed, total| told = total * completed).collect().await;
    assert_eq!((outcomes.len(), told), (20, 400));
    for (n, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Outcome::Ok(tenfold) => assert_eq!(tenfold as usize, 10 * n),
            Outcome::Err(_) => assert_eq!(n, 5),
            Outcome::Panicked(_) => assert_eq!(n, 7),
            Outcome::Cancelled(_) => panic!("nobody cancels"),
        }
    }
    pool.resize(1).unwrap();
    let (hangs, waits) = (pool.submit(100).await.unwrap(), pool.submit(1).await.unwrap());
    hangs.abort();
    assert!(matches!(hangs.await, Outcome::Cancelled(None)));
    assert_eq!(waits.await.ok(), Some(10));
    pool.wait_idle().await;
    let (hangs, left) = (pool.submit(101).await.unwrap(), pool.submit(2).await.unwrap());
    let stopped = pool.stop_within(2 * MS, &rt).await;
    assert!(stopped.unstarted.is_empty() || stopped.unstarted == [2] || stopped.unstarted == [101, 2]);
    assert!(matches!(hangs.await, Outcome::Cancelled(None)));
    drop(left);
    assert_eq!(pool.submit(3).await.unwrap_err().into_inner(), 3);
    assert_eq!(pool.stats().workers, 0);
}

async fn jobs(rt: impl Runtime) {
    let queue = Arc::new(WorkQueue::builder(rt.clone()).attempts(2).backoff([MS]).build());
    let own = rt.clone();
    let pool = WorkerPool::builder(&rt).workers(2).work_queue(queue.clone());
    let pool = pool.build(move |n| work(own.clone(), n)).unwrap();
    for n in 0..10 {
        queue.push(n).await.unwrap();
    }
    let stopped = pool.stop().await;
    assert_eq!((stopped.tally.done, stopped.tally.failed, stopped.tally.panicked), (8, 2, 2));
    assert_eq!((queue.stats().done, queue.stats().dead), (8, 2));
}

async fn program(rt: impl Runtime) {
    tickets_and_maps(rt.clone()).await;
    jobs(rt).await;
}

on_every_runtime! { program:
    threads = on_threads;
    tokio = on_tokio;
    tokio_on = from_outside_of_tokio;
    smol = on_smol;
    smol_on = on_an_executor;
    async_std = on_async_std;
    futures_pool = on_a_thread_pool;
    erased = on_any_runtime;
    sim = in_a_simulation;
}
