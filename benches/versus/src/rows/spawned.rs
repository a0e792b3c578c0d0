//! Tasks on an executor: spawn ten thousand from within a task and join them there.

use super::sum_below;
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Kind, Row};
use std::hint::black_box;
use std::sync::Arc;
use tokio::task::JoinSet;
use untether::rt::smol::SmolOn;
use untether::rt::tokio::Tokio;
use untether::spawn::{Spawn, SpawnExt, Task};

pub(super) const TASKS: u64 = 10_000;

pub(super) async fn answer(number: u64) -> u64 {
    black_box(number)
}

/// Runs the body, which sums up what its tasks gave, as a task of the place.
pub(super) fn each<F>(place: &impl Place, body: impl Fn() -> F + Send + Clone + 'static) -> impl FnMut(u64) + 'static
where
    F: Future<Output = u64> + Send,
{
    let place = place.clone();
    move |times| {
        let body = body.clone();
        place.run(async move {
            for _ in 0..times {
                assert_eq!(body().await, sum_below(TASKS));
            }
        });
    }
}

pub(super) async fn tokio_bare() -> u64 {
    let tasks: Vec<_> = (0..TASKS).map(|number| tokio::spawn(answer(number))).collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await.expect("it ends");
    }
    sum
}

pub(super) async fn join_set() -> u64 {
    let mut tasks: JoinSet<u64> = (0..TASKS).map(answer).collect();
    let mut sum = 0;
    while let Some(number) = tasks.join_next().await {
        sum += number.expect("it ends");
    }
    sum
}

pub(super) async fn smol_bare(executor: Arc<smol::Executor<'static>>) -> u64 {
    let tasks: Vec<_> = (0..TASKS).map(|number| executor.spawn(answer(number))).collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await;
    }
    sum
}

async fn ours(spawner: impl Spawn) -> u64 {
    let start = |number| spawner.spawn_task(answer(number)).expect("it is running");
    let tasks: Vec<Task<u64>> = (0..TASKS).map(start).collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await.expect("it ends");
    }
    sum
}

fn on_tokio(name: &str, threads: usize, place: OnTokio) -> Row {
    Row::new(format!("spawn + join 10,000: on tokio, {name}"), "task")
        .count(TASKS)
        .threads(threads)
        .floor("tokio::spawn, awaited in turn", each(&place, tokio_bare))
        .size_of::<tokio::task::JoinHandle<u64>>()
        .peer("JoinSet", each(&place, join_set))
        .ours("Tokio.spawn_task, awaited in turn", each(&place, || ours(Tokio)))
        .size_of::<Task<u64>>()
        .owes(0.75)
        .owes_of(Kind::Floor, 1.4)
}

fn on_smol(name: &str, threads: usize, place: OnSmol) -> Row {
    let (bare, spawner) = (place.0.clone(), SmolOn::new(&place.0));
    Row::new(format!("spawn + join 10,000: on smol's executor, {name}"), "task")
        .count(TASKS)
        .threads(threads)
        .peer("Executor::spawn, awaited in turn", each(&place, move || smol_bare(bare.clone())))
        .size_of::<smol::Task<u64>>()
        .ours("SmolOn.spawn_task, awaited in turn", each(&place, move || ours(spawner.clone())))
        .size_of::<Task<u64>>()
        .owes(1.4)
}

pub fn rows() -> Vec<Row> {
    vec![
        on_tokio("1 thread", 1, OnTokio::this_thread()),
        on_tokio("2 threads", 2, OnTokio::threads(2)),
        on_smol("1 thread", 1, OnSmol::this_thread()),
        on_smol("2 threads", 2, OnSmol::two_threads()),
    ]
}
