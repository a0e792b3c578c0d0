//! What tasks cost, inside one future: no executor's own cost is in these figures.
#![expect(clippy::disallowed_types, reason = "the bench keeps wakers behind a plain mutex")]

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use untether::rt::local::Local;
use untether::spawn::{SpawnExt, SpawnLocal, yield_every, yield_now};
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Polls until it is ready; everything here wakes itself.
fn drive<F: Future>(future: F, waker: &Waker) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
    }
}

fn tasks(waker: &Waker) {
    Table::new("tasks of a Local, per task")
        .batch("spawn + run, bare", |times| {
            let mut local = Local::new();
            let spawner = local.local_spawner();
            for _ in 0..times {
                spawner.spawn_local(async {}).expect("it is there");
            }
            drive(local.run(), waker);
        })
        .batch("spawn + await, as a Task", |times| {
            let mut local = Local::new();
            let spawner = local.local_spawner();
            drive(
                local.run_until(async {
                    let tasks: Vec<_> = (0..times)
                        .map(|_| spawner.spawn_local_task(async { 1 }).expect("it is there"))
                        .collect();
                    for task in tasks {
                        task.await.expect("it ends");
                    }
                }),
                waker,
            );
        })
        .batch("a yield of one task", |times| {
            let mut local = Local::new();
            let spawner = local.local_spawner();
            let yields = async move {
                for _ in 0..times {
                    yield_now().await;
                }
            };
            spawner.spawn_local(yields).expect("it is there");
            drive(local.run(), waker);
        })
        .batch("a turn that yields every 64th time", |times| {
            let mut breath = yield_every(64);
            drive(
                async {
                    for _ in 0..times {
                        breath.turn().await;
                    }
                },
                waker,
            );
        })
        .print();
}

/// Wakes one task among many, each in its turn; a stride puts successive ones far apart in memory.
fn wake_one_of(tasks: usize, stride: usize, waker: &Waker) -> impl FnMut(u64) {
    let mut local = Local::new();
    let wakers: Arc<Mutex<Vec<Waker>>> = Arc::default();
    let spawner = local.local_spawner();
    for _ in 0..tasks {
        let wakers = wakers.clone();
        let mut noted = false;
        let waits = std::future::poll_fn(move |cx| {
            if !std::mem::replace(&mut noted, true) {
                wakers.lock().expect("nobody panics").push(cx.waker().clone());
            }
            Poll::<()>::Pending
        });
        spawner.spawn_local(waits).expect("it is there");
    }
    let owner = waker.clone();
    assert!(local.poll_run(&mut Context::from_waker(&owner)).is_pending());
    move |times| {
        let wakers = wakers.lock().expect("nobody panics");
        for n in 0..times {
            wakers[(n as usize * stride) % wakers.len()].wake_by_ref();
            assert!(local.poll_run(&mut Context::from_waker(&owner)).is_pending());
        }
    }
}

fn main() {
    let waker = CountingWaker::new().waker();
    tasks(&waker);
    Table::new("wake and poll one task among")
        .batch("10", wake_one_of(10, 1, &waker))
        .batch("1,000", wake_one_of(1_000, 1, &waker))
        .batch("100,000", wake_one_of(100_000, 1, &waker))
        .batch("100,000, far apart in memory", wake_one_of(100_000, 7_919, &waker))
        .print();
}
