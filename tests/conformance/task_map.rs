//! One program with a map, the same on every adapter: in order, as completed, to the end, to the first error, from a queue.

use super::*;
use futures_util::StreamExt;
use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;
use untether::queue::Queue;
use untether::spawn::{LocalRuntime, Runtime, yield_now};
use untether::task::map::Tally;
use untether::task::{map, map_stream};
use untether::time::Timer;

const MS: Duration = Duration::from_millis(1);

/// Sleeps, gives way, or is ready; each fifth fails.
async fn piece(timer: &impl Timer, n: u32) -> Result<u32, u32> {
    match n % 3 {
        0 => timer.sleep(MS).await,
        1 => yield_now().await,
        _ => {}
    }
    if n % 5 == 4 { Err(n) } else { Ok(n) }
}

async fn to_the_end(timer: &impl Timer) {
    let outcomes = map(0..20, |n| piece(timer, n)).limit(4).collect().await;
    assert_eq!(outcomes.len(), 20);
    assert!(outcomes.iter().enumerate().all(|(n, outcome)| outcome.is_ok() == (n % 5 != 4)));

    let (most, running) = (Cell::new(0), Cell::new(0));
    let work = async |n: u32| {
        running.set(running.get() + 1);
        most.set(running.get().max(most.get()));
        timer.sleep(MS).await;
        running.set(running.get() - 1);
        if n == 7 { panic!("on purpose") } else { Ok::<(), ()>(()) }
    };
    let tally = map(0..12, work).limit(3).tally().await;
    assert_eq!(tally, Tally { ok: 11, failed: 0, panicked: 1 });
    assert_eq!(most.get(), 3);
}

async fn one_by_one(timer: &impl Timer) {
    let values: Vec<_> =
        map(0..20, |n| piece(timer, n)).ordered().map(|outcome| outcome.ok()).collect().await;
    assert!(values.into_iter().eq((0..20).map(|n| (n % 5 != 4).then_some(n))));

    let queue = Queue::bounded(2);
    let feed = async {
        for n in 0..20 {
            queue.send(n).await.unwrap();
        }
        queue.close();
    };
    let take = async {
        let mut all = pin!(map_stream(queue.stream(), |n| piece(timer, n)).limit(3).as_completed());
        let mut taken = Vec::new();
        while let Some((index, _)) = all.next().await {
            taken.push(index);
        }
        taken.sort_unstable();
        taken
    };
    let ((), taken) = futures_util::join!(feed, take);
    assert!(taken.into_iter().eq(0..20));
}

async fn to_the_first_error(timer: &impl Timer) {
    let error = map(0..20, |n| piece(timer, n)).limit(1).try_collect().await.unwrap_err();
    assert_eq!(error, 4);
    let all = map(0..4, |n| piece(timer, n)).try_collect().await.unwrap();
    assert_eq!(all, [0, 1, 2, 3]);
}

async fn works(timer: impl Timer) {
    to_the_end(&timer).await;
    one_by_one(&timer).await;
    to_the_first_error(&timer).await;
}

async fn program(rt: impl Runtime) {
    works(rt).await;
}

async fn local_program(rt: impl LocalRuntime) {
    works(rt).await;
}

on_every_runtime!(program, local_program);
