//! Timeouts: around what is ready, around what is pending once, and very many of them.

use crate::timers::{AsyncIo, Tokio};
use futures_util::future::{Either, select};
use smol_timeout::TimeoutExt as _;
use std::future::{pending, ready};
use std::pin::{Pin, pin};
use std::task::{Context, Waker};
use std::time::Duration;
use untether::rt::threads::Threads;
use untether::testing::CountingWaker;
use untether::time::timeout;
use untether_support::stopwatch::Table;

const MINUTE: Duration = Duration::from_secs(60);

#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> bool {
    pin!(future).poll(&mut Context::from_waker(waker)).is_ready()
}

/// Creates so many, polls each once and drops them all.
fn at_once<F: Future>(times: u64, waker: &Waker, mut make: impl FnMut() -> F) {
    let mut left = times;
    while left > 0 {
        let count = left.min(100_000);
        let mut futures: Vec<Pin<Box<F>>> = (0..count).map(|_| Box::pin(make())).collect();
        for future in &mut futures {
            assert!(future.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        }
        left -= count;
    }
}

pub fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _context = runtime.enter();
    let waker = &CountingWaker::new().waker();
    let threads = Threads::new().expect("a thread");

    // Built by hand on futures-util: the race that a program without any crate for it writes.
    let race = || async {
        matches!(select(pin!(ready(1)), pin!(async_io::Timer::after(MINUTE))).await, Either::Left(_))
    };
    Table::new("timeout: around a ready future")
        .case("tokio", || poll_once(tokio::time::timeout(MINUTE, ready(1)), waker))
        .case("untether on tokio's timer", || poll_once(timeout(MINUTE, ready(1), Tokio), waker))
        .case("untether on threads", || poll_once(timeout(MINUTE, ready(1), &threads), waker))
        .case("smol-timeout", || poll_once(ready(1).timeout(MINUTE), waker))
        .case("select with async-io's timer", || poll_once(race(), waker))
        .print();

    Table::new("timeout: around a future pending once")
        .case("tokio", || poll_once(tokio::time::timeout(MINUTE, pending::<()>()), waker))
        .case("untether on tokio's timer", || poll_once(timeout(MINUTE, pending::<()>(), Tokio), waker))
        .print();
    Table::new("timeout: around a future pending once")
        .case("smol-timeout (async-io)", || poll_once(pending::<()>().timeout(MINUTE), waker))
        .case("untether on async-io's timer", || poll_once(timeout(MINUTE, pending::<()>(), AsyncIo), waker))
        .case("untether on threads", || poll_once(timeout(MINUTE, pending::<()>(), &threads), waker))
        .print();

    Table::new("timeout: 100,000 at once, boxed, created and dropped")
        .batch("tokio", |n| at_once(n, waker, || tokio::time::timeout(MINUTE, pending::<()>())))
        .batch("untether on tokio's timer", |n| at_once(n, waker, || timeout(MINUTE, pending::<()>(), Tokio)))
        .print();
    Table::new("timeout: 100,000 at once, boxed, created and dropped")
        .batch("smol-timeout (async-io)", |n| at_once(n, waker, || pending::<()>().timeout(MINUTE)))
        .batch("untether on async-io's timer", |n| {
            at_once(n, waker, || timeout(MINUTE, pending::<()>(), AsyncIo))
        })
        .batch("untether on threads", |n| at_once(n, waker, || timeout(MINUTE, pending::<()>(), &threads)))
        .print();
}
