//! Tasks inside one future: spawn ten thousand and join them.

use super::{drive, sum_below};
use crate::row::Row;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::cell::Cell;
use std::hint::black_box;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Waker;
use untether::rt::local::Local;
use untether::spawn::{SpawnExt, SpawnLocal, Task};
use untether::testing::CountingWaker;

const TASKS: u64 = 10_000;

fn join_all<F: Future<Output = u64>>(task: impl Fn(u64) -> F, waker: &Waker) {
    let mut tasks: FuturesUnordered<F> = (0..TASKS).map(task).collect();
    let sum = async {
        let mut sum = 0;
        while let Some(number) = tasks.next().await {
            sum += number;
        }
        sum
    };
    assert_eq!(drive(sum, waker), sum_below(TASKS));
}

fn boxed(number: u64) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move { black_box(number) })
}

/// Tasks without a handle, which tell their number by a cell.
fn bare(waker: &Waker) {
    let mut local = Local::new();
    let (spawner, sum) = (local.local_spawner(), Rc::new(Cell::new(0)));
    for number in 0..TASKS {
        let sum = sum.clone();
        let task = async move { sum.set(sum.get() + black_box(number)) };
        spawner.spawn_local(task).expect("it is there");
    }
    drive(local.run(), waker);
    assert_eq!(sum.get(), sum_below(TASKS));
}

fn awaited(waker: &Waker) {
    let mut local = Local::new();
    let spawner = local.local_spawner();
    let body = local.run_until(async move {
        let start = |number| spawner.spawn_local_task(async move { black_box(number) }).expect("it is there");
        let tasks: Vec<Task<u64>> = (0..TASKS).map(start).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.expect("it ends");
        }
        sum
    });
    assert_eq!(drive(body, waker), sum_below(TASKS));
}

fn each(run: fn(&Waker)) -> impl FnMut(u64) {
    let waker = CountingWaker::new().waker();
    move |times| (0..times).for_each(|_| run(&waker))
}

pub fn rows() -> Vec<Row> {
    let row = Row::new("spawn + join 10,000: inside one future", "task")
        .count(TASKS)
        .peer("FuturesUnordered", each(|waker| join_all(|number| async move { black_box(number) }, waker)))
        .peer("FuturesUnordered of boxes", each(|waker| join_all(boxed, waker)))
        .ours("Local, without handles", each(bare))
        .ours("Local, tasks awaited in turn", each(awaited))
        .size_of::<Task<u64>>()
        .owes(1.0);
    vec![row]
}
