//! What a task of a group costs beside a bare one, on a Local: no executor's own cost is hidden in it.

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether::rt::local::Local;
use untether::spawn::{SpawnLocal, yield_now};
use untether::task::TaskGroup;
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

/// Starts so many, runs them, and has what they gave.
fn joined(times: u64, yields: bool, waker: &Waker) {
    let mut local = Local::new();
    let group = TaskGroup::<_, (), Infallible>::builder(local.local_spawner()).unlimited().collecting();
    for number in 0..times {
        let task = async move {
            if yields {
                yield_now().await;
            }
            Ok(number)
        };
        group.task().try_spawn_local(task).expect("it is there");
    }
    let values = drive(local.run_until(group.join_all()), waker).expect("none fails");
    assert_eq!(values.len() as u64, times);
}

fn main() {
    let waker = CountingWaker::new().waker();
    Table::new("tasks of a group, per task")
        .batch("a bare one", |times| {
            let mut local = Local::new();
            let spawner = local.local_spawner();
            (0..times).for_each(|_| spawner.spawn_local(async {}).expect("it is there"));
            drive(local.run(), &waker);
        })
        .batch("a bare one that yields", |times| {
            let mut local = Local::new();
            let spawner = local.local_spawner();
            (0..times).for_each(|_| spawner.spawn_local(yield_now()).expect("it is there"));
            drive(local.run(), &waker);
        })
        .batch("of a group, joined", |times| joined(times, false, &waker))
        .batch("of a group, that yields, joined", |times| joined(times, true, &waker))
        .batch("of a group that keeps nothing, with a limit", |times| {
            let mut local = Local::new();
            let group = TaskGroup::<_, (), Infallible>::new(local.local_spawner());
            let starts = async {
                for _ in 0..times {
                    group.spawn_local(async { Ok(()) }).await.expect("it is there");
                }
                group.wait_idle().await;
            };
            drive(local.run_until(starts), &waker);
        })
        .print();
}
