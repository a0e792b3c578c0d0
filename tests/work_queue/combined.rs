//! All that there is at once, under many schedules: leases of one and of many, that run out, are extended, fail and are given up; keys, a bound,
//! pauses, cancelled jobs, and each way to an end.

use super::*;
use untether::spawn::{Task, yield_now};
use untether::testing::sim::{Check, Sim};
use untether::time::Timer;

type Queue = WorkQueue<u32, Sim, u32>;

const LIMIT: Duration = Duration::from_secs(10);

fn queue(sim: &Sim, [limited, bounded, keyed]: [bool; 3]) -> Arc<Queue> {
    let key: fn(&u32) -> u32 = if keyed { |job| job % 2 } else { |job| *job };
    let mut builder = WorkQueue::builder(sim.clone()).backoff([Duration::ZERO, SECOND]).key(key);
    if limited {
        builder = builder.visibility(LIMIT);
    }
    if bounded {
        builder = builder.capacity(2);
    }
    Arc::new(builder.build())
}

async fn ends(sim: &Sim, job: Job<&Queue>) {
    match sim.choose(6) {
        0 => job.nack(),
        1 => job.nack_after(SECOND),
        2 => _ = job.reject("bad"),
        3 => {
            sim.sleep(LIMIT + SECOND).await;
            job.ack();
        }
        4 => {
            yield_now().await;
            let _ = job.extend(2 * LIMIT);
            sim.sleep(LIMIT + SECOND).await;
            job.ack();
        }
        _ => _ = job.ack(),
    }
}

async fn works(sim: Sim, queue: Arc<Queue>, most: usize) {
    let mut batch = Vec::new();
    loop {
        if most > 1 {
            queue.lease_many(&mut batch, most).await;
        } else {
            batch.extend(queue.lease().await);
        }
        if batch.is_empty() {
            return;
        }
        for job in batch.drain(..) {
            ends(&sim, job).await;
        }
    }
}

/// How many were cancelled.
async fn puts_in(sim: &Sim, queue: &Queue, jobs: u32) -> usize {
    let mut cancelled = 0;
    for job in 0..jobs {
        let after = if sim.choose(3) == 0 { 3 * SECOND } else { Duration::ZERO };
        let id = queue.push_after(job, after).await.unwrap();
        if sim.choose(6) == 0 {
            yield_now().await;
            cancelled += usize::from(queue.cancel(id).is_some());
        }
    }
    cancelled
}

async fn all_at_once(sim: Sim, rules: [bool; 3]) {
    let queue = queue(&sim, rules);
    let workers = [("crashes", 2), ("takes many", 2), ("steady", 1)].map(|(name, most)| {
        let work = works(sim.clone(), queue.clone(), most);
        Task::builder().name(name).spawn(&sim, work).unwrap()
    });
    let mut gone = puts_in(&sim, &queue, 5).await;
    match sim.choose(3) {
        0 => gone += queue.close_now().len(),
        1 => queue.close(),
        _ => {
            queue.join().await;
            queue.close();
        }
    }
    queue.join().await;
    for worker in workers {
        let _ = worker.await;
    }
    let stats = queue.stats();
    assert_eq!(stats.done + stats.dead + gone as u64, 5, "{stats:?}");
    assert_eq!((queue.dead_letters().len() as u64, queue.dead_letters().is_closed()), (stats.dead, true));
    assert_eq!([stats.ready, stats.delayed, stats.blocked, stats.leased], [0; 4]);
    assert_eq!((queue.len(), stats.keys, stats.workers_waiting), (0, 0, 0));
}

#[test]
fn each_job_ends_once_whatever_comes_together() {
    for rules in 0..8 {
        let rules = [1, 2, 4].map(|rule| rules & rule > 0);
        Check::random(100).cancel("crashes").no_leaks().assert(move |sim| all_at_once(sim, rules));
        Check::random(50).spurious_polls().no_leaks().assert(move |sim| all_at_once(sim, rules));
    }
}
