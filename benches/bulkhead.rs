//! What it costs to be let in: into a bulkhead, and past a limit that learns; alone, in line, and among many tasks.

use std::future::ready;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::limit::adaptive::{Aimd, Outcome};
use untether::limit::{AdaptiveLimit, Bulkhead};
use untether::rt::local::Local;
use untether::rt::threads::Threads;
use untether::spawn::{SpawnLocal, yield_now};
use untether::testing::{CountingWaker, ManualClock};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const HOUR: Duration = Duration::from_secs(3600);

/// Polls a future once and drops it.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

/// Lasts as long as the program, as those who wait for it do.
fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn nobody_waiting(waker: &Waker) {
    let (bulkhead, full) = (Bulkhead::new(4), Bulkhead::builder(1).queue(0).build());
    let threads = Threads::new().expect("there are threads");
    let limited = Bulkhead::builder(4).queue(8).max_wait(HOUR, &threads).build();
    let _held = full.try_acquire();
    Table::new("bulkhead, nobody waiting")
        .case("run a ready operation", || poll_once(bulkhead.run(|| ready(7)), waker).is_ready())
        .case("run, with limits", || poll_once(limited.run(|| ready(7)), waker).is_ready())
        .case("acquire + return", || poll_once(bulkhead.acquire(), waker).is_ready())
        .case("try_acquire + return", || bulkhead.try_acquire().is_ok())
        .case("run: refused, full", || poll_once(full.run(|| ready(7)), waker).is_ready())
        .print();
}

fn learning(waker: &Waker) {
    let threads = Threads::new().expect("there are threads");
    let (timed, stopped) = (
        AdaptiveLimit::new(Aimd::default(), &threads),
        AdaptiveLimit::new(Aimd::default(), ManualClock::new()),
    );
    let swings = AdaptiveLimit::new(Aimd::builder().initial(2).min(2).build(), ManualClock::new());
    let well = |_: &u32| Some(Outcome::Success);
    Table::new("adaptive limit, nobody waiting")
        .case("acquire + success", || {
            poll_once(timed.acquire(), waker).map(|permit| permit.unwrap().success())
        })
        .case("acquire + success, a clock that stands still", || {
            poll_once(stopped.acquire(), waker).map(|permit| permit.unwrap().success())
        })
        .case("try_acquire + ignore, a clock that stands still", || stopped.try_acquire().is_ok())
        .case("acquire + success + overload: it grows and shrinks", || {
            swings.try_acquire().expect("there is room").success();
            swings.try_acquire().expect("there is room").overload();
        })
        .case("run a ready operation", || poll_once(timed.run(|| ready(7), well), waker).is_ready())
        .print();
}

/// The one place there is goes from hand to hand.
fn hand_off(waker: &Waker) {
    let bulkhead = leaked(Bulkhead::new(1));
    let mut held = bulkhead.try_acquire().ok();
    let mut waits = bulkhead.acquire();
    assert!(poll_once(&mut waits, waker).is_pending());
    Table::new("bulkhead, in line")
        .case("hand-off", || {
            drop(held.take());
            let mut next = bulkhead.acquire();
            assert!(poll_once(&mut next, waker).is_pending());
            let mut first = std::mem::replace(&mut waits, next);
            if let Poll::Ready(permit) = Pin::new(&mut first).poll(&mut Context::from_waker(waker)) {
                held = permit.ok();
            }
        })
        .print();
}

/// Tasks of one `Local` that run an operation of one yield.
fn contended(tasks: u64, places: usize, waker: &Waker) -> impl FnMut(u64) {
    let bulkhead = leaked(Bulkhead::new(places));
    move |times| {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        for _ in 0..tasks {
            let calls = async move {
                for _ in 0..times.div_ceil(tasks) {
                    bulkhead.run(yield_now).await.expect("nobody closes it");
                }
            };
            spawner.spawn_local(calls).expect("it is there");
        }
        let mut run = pin!(local.run());
        while poll_once(run.as_mut(), waker).is_pending() {}
    }
}

fn main() {
    let waker = CountingWaker::new().waker();
    nobody_waiting(&waker);
    hand_off(&waker);
    Table::new("bulkhead, among tasks").batch("64 tasks on 4 places", contended(64, 4, &waker)).print();
    learning(&waker);
}
