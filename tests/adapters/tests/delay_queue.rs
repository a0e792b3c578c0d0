//! The delay queue on the timers of runtimes, whose sleeps cannot all be moved, and which may be gone before the queue is.

use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use untether::queue::DelayQueue;
use untether::rt::smol::Smol;
use untether::rt::tokio::{Tokio, TokioOn};
use untether::spawn::{Runtime as AnyOne, SpawnExt};
use untether::time::Clock;

const SECOND: Duration = Duration::from_secs(1);

fn paused() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// Tasks take what is due, in time and in order, and end when it is closed.
async fn takes_turns<R: AnyOne>(rt: R, unit: Duration) {
    let queue = Arc::new(DelayQueue::new(rt.clone()));
    let takers = [(); 3].map(|()| {
        let (queue, clock) = (queue.clone(), rt.clone());
        let task = async move {
            let mut taken = Vec::new();
            while let Some(expired) = queue.recv().await {
                assert!(clock.now() >= expired.deadline, "early");
                taken.push(expired.item);
            }
            taken
        };
        rt.spawn_task(task).unwrap()
    });
    for item in [5, 1, 3, 2, 4] {
        queue.insert(item, item * unit).unwrap();
    }
    queue.close();
    let mut all = Vec::new();
    for taker in takers {
        let taken = taker.await.unwrap();
        assert!(taken.is_sorted());
        all.extend(taken);
    }
    all.sort_unstable();
    assert_eq!(all, [1, 2, 3, 4, 5]);
}

#[test]
fn tasks_take_turns_on_every_runtime() {
    let workers = Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    workers.block_on(takes_turns(Tokio, SECOND / 500));
    workers.block_on(takes_turns(TokioOn(workers.handle().clone()), SECOND / 500));
    smol::block_on(takes_turns(Smol, SECOND / 500));
}

#[test]
fn a_paused_clock_of_tokio_is_kept() {
    paused().block_on(async {
        let start = Tokio.now();
        takes_turns(Tokio, 3_600 * SECOND).await;
        let passed = Tokio.now().saturating_duration_since(start);
        assert!((5 * 3_600 * SECOND..6 * 3_600 * SECOND).contains(&passed), "{passed:?}");
    });
}

#[test]
fn a_queue_in_a_static_outlives_the_runtime_of_its_first_waiter() {
    static QUEUE: DelayQueue<u32, Tokio> = DelayQueue::new(Tokio);
    for item in 0..3 {
        paused().block_on(async {
            QUEUE.insert(item, SECOND).unwrap();
            assert_eq!(QUEUE.recv().await.unwrap().item, item);
        });
    }
}
