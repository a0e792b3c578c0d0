//! On threads: jobs with random crashes, accounted for one by one.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use untether::rt::threads::Threads;
use untether::time::{Entropy, Seed};
use untether_support::cases;

#[test]
fn a_soak_of_jobs_with_crashes_accounts_for_each() {
    const WORKERS: u64 = 3;
    let jobs = cases(20_000);
    let queue = WorkQueue::builder(Threads::new().unwrap())
        .key(|job: &u32| job % 7)
        .capacity(100)
        .dead_letters(1_000_000)
        .build();
    let begun: Vec<AtomicU32> = (0..jobs).map(|_| AtomicU32::new(0)).collect();
    let done: Vec<AtomicU32> = (0..jobs).map(|_| AtomicU32::new(0)).collect();
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (queue, begun, done) = (&queue, &begun, &done);
            scope.spawn(move || {
                let seed = Seed::new(worker);
                while let Some(job) = queue.lease().wait() {
                    let index = *job as usize;
                    begun[index].fetch_add(1, Ordering::Relaxed);
                    match seed.next_u64() % 5 {
                        0 => drop(job),
                        1 => {
                            let crash = catch_unwind(AssertUnwindSafe(|| {
                                let _job = job;
                                std::panic::resume_unwind(Box::new("on purpose"));
                            }));
                            assert!(crash.is_err());
                        }
                        2 => job.nack(),
                        _ => {
                            done[index].fetch_add(1, Ordering::Relaxed);
                            assert!(job.ack());
                        }
                    }
                }
            });
        }
        for job in 0..jobs {
            queue.push(job).wait().unwrap();
        }
        queue.close();
    });
    let mut ended: Vec<u32> = done.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    while let Ok(letter) = queue.dead_letters().try_recv() {
        assert_eq!(letter.attempts, 3);
        ended[letter.item as usize] += 1;
    }
    assert!(ended.iter().all(|count| *count == 1));
    let begun: u64 = begun.iter().map(|count| u64::from(count.load(Ordering::Relaxed))).sum();
    let stats = queue.stats();
    assert_eq!(begun, stats.done + stats.failed);
    assert_eq!((queue.len(), stats.keys), (0, 0));
}
