//! One program with a queue of jobs, the same on every adapter: workers that fail and are served again, a pause, a lease that runs out, the end.

use super::*;
use std::sync::Arc;
use std::time::Duration;
use untether::queue::WorkQueue;
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

/// Fails at each third job once, and hangs at the fifth.
async fn work<T: Timer>(queue: Arc<WorkQueue<u32, T>>) -> Vec<u32> {
    let mut done = Vec::new();
    while let Some(job) = queue.lease().await {
        match (*job, job.attempt()) {
            (5, 1) => std::mem::forget(job),
            (n, 1) if n % 3 == 0 => job.nack_after(MS),
            (n, 2) if n % 6 == 0 => drop(job),
            (n, _) => {
                done.push(n);
                job.ack();
            }
        }
    }
    done
}

fn jobs<T: Timer>(timer: T) -> Arc<WorkQueue<u32, T>> {
    Arc::new(WorkQueue::builder(timer).capacity(4).visibility(500 * MS).backoff([MS]).build())
}

async fn put_in<T: Timer>(queue: &WorkQueue<u32, T>) {
    for n in 0..20 {
        queue.push(n).await.unwrap();
    }
    queue.push_after(20, MS).await.unwrap();
    queue.join().await;
    queue.close();
}

fn all_were_done<T: Timer>(queue: &WorkQueue<u32, T>, done: [Vec<u32>; 3]) {
    let mut all = done.concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..21));
    assert_eq!((queue.len(), queue.stats().dead, queue.stats().run_out), (0, 0, 1));
}

async fn program(rt: impl Runtime) {
    let queue = jobs(rt.clone());
    let workers = [(); 3].map(|()| rt.spawn_task(work(queue.clone())).unwrap());
    put_in(&queue).await;
    let mut done = [const { Vec::new() }; 3];
    for (done, worker) in done.iter_mut().zip(workers) {
        *done = worker.await.unwrap();
    }
    all_were_done(&queue, done);
}

async fn local_program(rt: impl LocalRuntime) {
    let queue = jobs(rt.clone());
    let workers = [(); 3].map(|()| rt.spawn_local_task(work(queue.clone())).unwrap());
    put_in(&queue).await;
    let mut done = [const { Vec::new() }; 3];
    for (done, worker) in done.iter_mut().zip(workers) {
        *done = worker.await.unwrap();
    }
    all_were_done(&queue, done);
}

on_every_runtime!(program, local_program);
