//! What the parts cost: no row can be cheaper than what it is made of.

use super::drive;
use crate::place::OnTokio;
use crate::row::Row;
use smol::LocalExecutor;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use untether::rt::smol::Smol;
use untether::rt::threads::Threads;
use untether::rt::tokio::{Tokio, TokioOn};
use untether::testing::CountingWaker;
use untether::time::Clock;
use untether_support::stopwatch::each;

pub fn rows() -> Vec<Row> {
    vec![parts(), clocks(), executor()]
}

fn parts() -> Row {
    let word = AtomicU64::new(0);
    let other = AtomicU64::new(0);
    let mutex = Mutex::new(0_u64);
    let waker = CountingWaker::new().waker();
    Row::new("floor: parts", "call")
        .floor(
            "load + compare_exchange",
            each(move || {
                let seen = black_box(&word).load(Ordering::Acquire);
                word.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Acquire)
            }),
        )
        .floor("fetch_add", each(move || black_box(&other).fetch_add(1, Ordering::AcqRel)))
        .floor(
            "std Mutex, lock + unlock",
            each(move || *black_box(&mutex).lock().expect("nobody panics") += 1),
        )
        .floor("waker of an Arc, clone + drop", each(move || drop(black_box(&waker).clone())))
        .floor("box of 64 bytes, new + drop", each(|| black_box(Box::new([0_u64; 8]))))
}

fn clocks() -> Row {
    let (threads, runtime) = (Threads::new().expect("a thread"), OnTokio::this_thread().0);
    let on = TokioOn(runtime.handle().clone());
    Row::new("floor: clocks", "reading")
        .floor("std's Instant::now", each(Instant::now))
        .floor("tokio's Instant::now", each(tokio::time::Instant::now))
        .ours("Clock::now of Tokio", each(|| Tokio.now()))
        .ours("Clock::now of TokioOn", each(move || on.now()))
        .ours("Clock::now of Smol", each(|| Smol.now()))
        .ours("Clock::now of Threads", each(move || threads.now()))
}

fn executor() -> Row {
    let yielding = Rc::new(LocalExecutor::new());
    let spawning = yielding.clone();
    Row::new("floor: smol's LocalExecutor", "call")
        .floor("yield", move |times| {
            let task = yielding.spawn(async move {
                for _ in 0..times {
                    smol::future::yield_now().await;
                }
            });
            let waker = CountingWaker::new().waker();
            drive(yielding.run(task), &waker);
        })
        .floor("spawn + join", move |times| {
            let waker = CountingWaker::new().waker();
            let body = async {
                for number in 0..times {
                    assert_eq!(spawning.spawn(async move { black_box(number) }).await, number);
                }
            };
            drive(spawning.run(body), &waker);
        })
}
