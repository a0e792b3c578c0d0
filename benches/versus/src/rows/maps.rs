//! The same done with each of many items, sixteen at a time, in one task.

use super::{drive, sum_below, waker};
use crate::row::Row;
use futures_concurrency::prelude::*;
use futures_util::StreamExt as _;
use futures_util::stream;
use std::cell::Cell;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use untether::spawn::yield_now;
use untether::task::map;

const LIMIT: usize = 16;

type Said = Result<u64, u64>;

async fn at_once(number: u64) -> Said {
    Ok(black_box(number))
}

async fn later(number: u64) -> Said {
    yield_now().await;
    Ok(black_box(number))
}

fn unordered<F: Future<Output = Said>>(times: u64, work: fn(u64) -> F) {
    let sum = async {
        let (mut sum, mut all) = (0, pin!(stream::iter(0..times).map(work).buffer_unordered(LIMIT)));
        while let Some(said) = all.next().await {
            sum += said.expect("it goes well");
        }
        sum
    };
    assert_eq!(drive(sum, waker()), sum_below(times));
}

fn concurrent<F: Future<Output = Said>>(times: u64, work: fn(u64) -> F) {
    let sum = Cell::new(0);
    let all = stream::iter(0..times).co().map(work).limit(NonZeroUsize::new(LIMIT));
    let all = all.for_each(async |said: Said| sum.set(sum.get() + said.expect("it goes well")));
    drive(all, waker());
    assert_eq!(sum.get(), sum_below(times));
}

/// A permit for each task; what has ended is taken when another begins.
fn spawned<F: Future<Output = Said> + Send + 'static>(runtime: &Runtime, times: u64, work: fn(u64) -> F) {
    let sum = runtime.block_on(async {
        let (mut sum, mut tasks, permits) = (0, JoinSet::new(), Arc::new(Semaphore::new(LIMIT)));
        for number in 0..times {
            let permit = permits.clone().acquire_owned().await.expect("it is open");
            tasks.spawn(async move {
                let said = work(number).await;
                drop(permit);
                said
            });
            while let Some(said) = tasks.try_join_next() {
                sum += said.expect("it ends").expect("it goes well");
            }
        }
        while let Some(said) = tasks.join_next().await {
            sum += said.expect("it ends").expect("it goes well");
        }
        sum
    });
    assert_eq!(sum, sum_below(times));
}

fn completed<F: Future<Output = Said>>(times: u64, work: fn(u64) -> F) {
    let sum = async {
        let (mut sum, mut all) = (0, pin!(map(0..times, work).limit(LIMIT).as_completed()));
        while let Some((_, outcome)) = all.next().await {
            sum += outcome.ok().expect("it goes well");
        }
        sum
    };
    assert_eq!(drive(sum, waker()), sum_below(times));
}

fn tallied<F: Future<Output = Said>>(times: u64, work: fn(u64) -> F) {
    let tally = drive(map(0..times, work).limit(LIMIT).tally(), waker());
    assert_eq!(tally.ok as u64, times);
}

fn row<F: Future<Output = Said> + Send + 'static>(name: &str, work: fn(u64) -> F, owed: f64) -> Row {
    let runtime = Builder::new_current_thread().build().expect("it starts");
    Row::new(format!("map: {name}, 16 at a time, 1 thread"), "item")
        .peer("buffer_unordered", move |times| unordered(times, work))
        .peer("futures-concurrency", move |times| concurrent(times, work))
        .shown("tokio's JoinSet + Semaphore", move |times| spawned(&runtime, times, work))
        .ours("map, as completed", move |times| completed(times, work))
        .ours("map, tally", move |times| tallied(times, work))
        .owes(owed)
}

pub fn rows() -> Vec<Row> {
    vec![row("ready items", at_once, 0.2), row("items that yield once", later, 0.3)]
}
