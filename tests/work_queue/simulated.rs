//! Under every schedule, with workers that crash at each of their polls.

use super::*;
use std::collections::BTreeMap;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::testing::sim::{Check, Sim};

type Simulated<K = ()> = WorkQueue<u32, Sim, K>;

#[derive(Default)]
struct Notes {
    /// How often each job was begun.
    begun: BTreeMap<u32, u32>,
    done: Vec<u32>,
    /// Which keys are under way.
    busy: Vec<u32>,
}

type Shared = Arc<Mutex<Notes>>;

const MOST: u32 = 3;

/// Says which key is under way while it is.
struct Busy(Shared, u32);

impl Busy {
    fn new(notes: &Shared, key: u32) -> Self {
        let mut noted = notes.lock().unwrap();
        assert!(!noted.busy.contains(&key), "two of {key} at a time");
        noted.busy.push(key);
        drop(noted);
        Self(notes.clone(), key)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.lock().unwrap().busy.retain(|key| *key != self.1);
    }
}

async fn works(sim: Sim, queue: Arc<Simulated<u32>>, notes: Shared) {
    while let Some(job) = queue.lease().await {
        let busy = Busy::new(&notes, *job % 2);
        *notes.lock().unwrap().begun.entry(*job).or_default() += 1;
        yield_now().await;
        let ends = sim.choose(4);
        drop(busy);
        match ends {
            0 => job.nack(),
            1 => job.nack_after(SECOND),
            2 => drop(job),
            _ => {
                notes.lock().unwrap().done.push(*job);
                assert!(job.ack());
            }
        }
        yield_now().await;
    }
}

/// All that went in was done or is among the dead, once, and nothing was begun more often than it may be.
fn assert_accounted_for<K>(queue: &Simulated<K>, notes: &Shared, jobs: u32) {
    let notes = notes.lock().unwrap();
    let mut ended = notes.done.clone();
    while let Ok(letter) = queue.dead_letters().try_recv() {
        assert_eq!(letter.attempts, MOST, "it was tried as often as it may be");
        ended.push(letter.item);
    }
    ended.sort_unstable();
    assert!(ended.into_iter().eq(0..jobs), "each once");
    assert!(notes.begun.values().all(|count| *count <= MOST));
    assert_eq!((queue.len(), queue.stats().keys), (0, 0));
}

async fn workers_crash(sim: Sim) {
    let clone = sim.clone();
    let queue = Arc::new(
        WorkQueue::builder(clone).attempts(MOST).backoff([SECOND]).key(|job| job % 2).capacity(2).build(),
    );
    let notes = Shared::default();
    let workers = ["crashes", "steady"].map(|name| {
        let work = works(sim.clone(), queue.clone(), notes.clone());
        Task::builder().name(name).spawn(&sim, work).unwrap()
    });
    let pushes = queue.clone();
    let producer = sim.spawn_task(async move {
        for job in 0..4 {
            pushes.push(job).await.unwrap();
        }
    });
    producer.unwrap().await.unwrap();
    queue.join().await;
    queue.close();
    for worker in workers {
        let _ = worker.await;
    }
    assert_accounted_for(&queue, &notes, 4);
    assert_eq!(queue.stats().workers_waiting, 0);
}

#[test]
fn a_crash_at_any_poll_loses_no_job_and_none_is_tried_more_often_than_it_may_be() {
    Check::random(1_500).cancel("crashes").no_leaks().assert(workers_crash);
    Check::random(300).spurious_polls().no_leaks().assert(workers_crash);
}

#[test]
fn a_crash_at_any_poll_in_every_order() {
    let scene = async |sim: Sim| {
        let queue = Arc::new(WorkQueue::<u32, _>::new(sim.clone()));
        let workers = ["crashes", "steady"].map(|name| {
            let from = queue.clone();
            let work = async move {
                while let Some(job) = from.lease().await {
                    yield_now().await;
                    job.ack();
                }
            };
            Task::builder().name(name).spawn(&sim, work).unwrap()
        });
        queue.push(1).await.unwrap();
        queue.push(2).await.unwrap();
        queue.close();
        for worker in workers {
            let _ = worker.await;
        }
        queue.join().await;
        let stats = queue.stats();
        assert_eq!((stats.done, stats.dead, stats.workers_waiting), (2, 0, 0));
    };
    let passed = Check::exhaustive(1_000_000).cancel("crashes").no_leaks().run(scene).unwrap();
    assert!(passed.complete, "{passed:?}");
}

/// One worker hangs with what it has, whenever it likes.
async fn workers_hang(sim: Sim) {
    let limit = 10 * SECOND;
    let queue: Arc<Simulated> =
        Arc::new(WorkQueue::builder(sim.clone()).attempts(MOST).visibility(limit).build());
    let notes = Shared::default();
    let hangs = ["hangs", "hangs too"].map(|name| {
        let (timer, from) = (sim.clone(), queue.clone());
        let work = async move {
            use untether::time::Timer;
            while let Some(job) = from.lease().await {
                if timer.choose(2) == 0 {
                    timer.sleep(3 * limit).await;
                }
                job.ack();
            }
        };
        Task::builder().name(name).spawn(&sim, work).unwrap()
    });
    for job in 0..3 {
        queue.push(job).await.unwrap();
    }
    queue.join().await;
    queue.close();
    for worker in hangs {
        let _ = worker.await;
    }
    let stats = queue.stats();
    let dead = std::iter::from_fn(|| queue.dead_letters().try_recv().ok()).count() as u64;
    assert_eq!((stats.done + stats.dead, stats.dead, queue.len()), (3, dead, 0));
    drop(notes);
}

#[test]
fn workers_that_hang_are_waited_for_no_longer_than_the_limit() {
    Check::random(700).no_leaks().assert(workers_hang);
    Check::random(700).cancel("hangs").no_leaks().assert(workers_hang);
}

#[test]
fn nobody_waits_on_after_the_end() {
    let scene = async |sim: Sim| {
        let queue = Arc::new(WorkQueue::builder(sim.clone()).capacity(1).build());
        let tasks = ["fickle", "steady"].map(|name| {
            let queue = queue.clone();
            let work = async move {
                while let Some(job) = queue.lease().await {
                    yield_now().await;
                    drop::<Job<_>>(job);
                }
            };
            Task::builder().name(name).spawn(&sim, work).unwrap()
        });
        let pushes = queue.clone();
        let produces = sim.spawn_task(async move {
            let mut refused = Vec::new();
            for job in 0..3_u32 {
                refused.extend(pushes.push(job).await.map_err(PushError::into_inner).err());
            }
            refused.len()
        });
        yield_now().await;
        let left = queue.close_now().len();
        queue.join().await;
        for task in tasks {
            let _ = task.await;
        }
        let refused = produces.unwrap().await.unwrap();
        let dead = std::iter::from_fn(|| queue.dead_letters().try_recv().ok()).count();
        assert_eq!(left + refused + dead, 3, "each is somewhere");
    };
    Check::random(1_000).cancel("fickle").no_leaks().assert(scene);
}
