//! Groups of tasks: spawn ten thousand from within a task, and have what they give.

use super::spawned::{TASKS, answer, each, join_set, smol_bare, tokio_bare};
use crate::place::{OnSmol, OnTokio};
use crate::row::{Kind, Row};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_util::task::{JoinMap, TaskTracker};
use untether::rt::smol::SmolOn;
use untether::rt::tokio::Tokio;
use untether::spawn::Spawn;
use untether::task::TaskGroup;

async fn join_map() -> u64 {
    let mut tasks = JoinMap::new();
    for number in 0..TASKS {
        tasks.spawn(number, answer(number));
    }
    let mut sum = 0;
    while let Some((_, number)) = tasks.join_next().await {
        sum += number.expect("it ends");
    }
    sum
}

/// Keeps no results: they are told by a number.
async fn tracker() -> u64 {
    let (tasks, sum) = (TaskTracker::new(), Arc::new(AtomicU64::new(0)));
    for number in 0..TASKS {
        let sum = sum.clone();
        tasks.spawn(async move { sum.fetch_add(answer(number).await, Ordering::Relaxed) });
    }
    tasks.close();
    tasks.wait().await;
    sum.load(Ordering::Relaxed)
}

type Answer = Result<u64, Infallible>;

async fn sure(number: u64) -> Answer {
    Ok(answer(number).await)
}

async fn as_they_come(spawner: impl Spawn + Send + Sync + 'static) -> u64 {
    let mut tasks = TaskGroup::builder(spawner).unlimited().collecting::<u64>();
    for number in 0..TASKS {
        tasks.try_spawn(sure(number)).expect("it is running");
    }
    let mut sum = 0;
    while let Some(ended) = tasks.join_next().await {
        sum += ended.outcome.ok().expect("it ends");
    }
    sum
}

async fn in_order(spawner: impl Spawn + Send + Sync + 'static) -> u64 {
    let tasks = TaskGroup::builder(spawner).unlimited().collecting::<u64>();
    for number in 0..TASKS {
        tasks.spawn(sure(number)).await.expect("it is running");
    }
    tasks.join_all().await.expect("they end").into_iter().sum()
}

/// Keeps no results, as a tracker does.
async fn counted(spawner: impl Spawn + Send + Sync + 'static) -> u64 {
    let (tasks, sum) = (TaskGroup::<_, (), Infallible>::builder(spawner).unlimited().build(), Arc::new(AtomicU64::new(0)));
    for number in 0..TASKS {
        let sum = sum.clone();
        let task = async move {
            sum.fetch_add(answer(number).await, Ordering::Relaxed);
            Ok(())
        };
        tasks.try_spawn(task).expect("it is running");
    }
    tasks.wait_idle().await;
    sum.load(Ordering::Relaxed)
}

fn on_tokio(name: &str, threads: usize, place: OnTokio) -> Row {
    Row::new(format!("group: spawn + join 10,000: on tokio, {name}"), "task")
        .count(TASKS)
        .threads(threads)
        .floor("tokio::spawn, awaited in turn", each(&place, tokio_bare))
        .peer("JoinSet", each(&place, join_set))
        .peer("JoinMap", each(&place, join_map))
        .peer("TaskTracker (no results)", each(&place, tracker))
        .ours("TaskGroup, as they come", each(&place, || as_they_come(Tokio)))
        .ours("TaskGroup, join_all", each(&place, || in_order(Tokio)))
        .ours("TaskGroup, counted", each(&place, || counted(Tokio)))
        .owes(0.75)
        .owes_of(Kind::Floor, 1.4)
}

fn on_smol(name: &str, threads: usize, place: OnSmol) -> Row {
    let (bare, spawner) = (place.0.clone(), SmolOn::new(&place.0));
    let (next, all) = (spawner.clone(), spawner.clone());
    Row::new(format!("group: spawn + join 10,000: on smol's executor, {name}"), "task")
        .count(TASKS)
        .threads(threads)
        .peer("Executor::spawn, awaited in turn", each(&place, move || smol_bare(bare.clone())))
        .ours("TaskGroup, as they come", each(&place, move || as_they_come(next.clone())))
        .ours("TaskGroup, join_all", each(&place, move || in_order(all.clone())))
        .ours("TaskGroup, counted", each(&place, move || counted(spawner.clone())))
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
