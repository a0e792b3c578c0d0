//! Tasks inside one future: spawn and finish ten thousand.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use untether::rt::local::Local;
use untether::spawn::SpawnLocal;
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

const TASKS: u64 = 10_000;

fn drive<F: Future>(future: F, waker: &Waker) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
    }
}

/// So many tasks in all, ten thousand at a time.
fn rounds(times: u64) -> impl Iterator<Item = u64> {
    (0..times.div_ceil(TASKS)).map(move |round| TASKS.min(times - round * TASKS))
}

pub fn run() {
    let waker = &CountingWaker::new().waker();
    Table::new("tasks: spawn + run 10,000 inside one future, per task")
        .batch("FuturesUnordered", |times| {
            for tasks in rounds(times) {
                let mut tasks: FuturesUnordered<_> = (0..tasks)
                    .map(|_| {
                        black_box(async {
                            let _seen = black_box(1);
                        })
                    })
                    .collect();
                drive(async { while tasks.next().await.is_some() {} }, waker);
            }
        })
        .batch("FuturesUnordered of boxed futures, as a Local's are", |times| {
            for tasks in rounds(times) {
                let task = || -> Pin<Box<dyn Future<Output = ()>>> {
                    Box::pin(black_box(async {
                        let _seen = black_box(1);
                    }))
                };
                let mut tasks: FuturesUnordered<_> = (0..tasks).map(|_| task()).collect();
                drive(async { while tasks.next().await.is_some() {} }, waker);
            }
        })
        .batch("untether's Local", |times| {
            for tasks in rounds(times) {
                let mut local = Local::new();
                let spawner = local.local_spawner();
                for _ in 0..tasks {
                    spawner
                        .spawn_local(black_box(async {
                            let _seen = black_box(1);
                        }))
                        .expect("it is there");
                }
                drive(local.run(), waker);
            }
        })
        .print();
}
