//! What it costs to borrow an object: one that lies there, one that is made, one that is waited for, and one among many tasks.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use untether::resource::Pool;
use untether::resource::pool::Object;
use untether::rt::local::Local;
use untether::rt::threads::Threads;
use untether::spawn::{SpawnLocal, yield_now};
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

type Create = fn() -> std::future::Ready<Result<u64, ()>>;

const CREATE: Create = || std::future::ready(Ok(1));
const HOUR: std::time::Duration = std::time::Duration::from_secs(3600);

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
    let (pool, fifo) = (Pool::new(4, CREATE), Pool::builder(4, CREATE).fifo().build());
    let threads = Threads::new().expect("there are threads");
    let timer = &threads;
    let limited = Pool::builder(4, CREATE).timer(timer).wait_limit(HOUR).recycle_limit(HOUR).build();
    let ages = Pool::builder(4, CREATE).timer(timer).max_lifetime(HOUR).idle_time(HOUR).build();
    let makes = Pool::new(4, CREATE);
    for pool in [&pool, &fifo] {
        assert!(poll_once(pool.replenish(4), waker).is_ready());
    }
    Table::new("pool, nobody waiting")
        .case("get + return", || poll_once(pool.get(), waker).is_ready())
        .case("get + return, first in first out", || poll_once(fifo.get(), waker).is_ready())
        .case("get + return, with limits", || poll_once(limited.get(), waker).is_ready())
        .case("get + return, with ages", || poll_once(ages.get(), waker).is_ready())
        .case("try_get + return", || pool.try_get().is_ok())
        .case("get + take: one is made each time", || match poll_once(makes.get(), waker) {
            Poll::Ready(Ok(object)) => Object::take(object),
            _ => panic!("it is made at once"),
        })
        .print();
}

/// The one object there is goes from hand to hand.
fn hand_off(waker: &Waker) {
    let pool = leaked(Pool::new(1, CREATE));
    let get = || Box::pin(pool.get());
    let mut held = match poll_once(pool.get(), waker) {
        Poll::Ready(object) => object.ok(),
        Poll::Pending => None,
    };
    let mut waits = get();
    assert!(poll_once(waits.as_mut(), waker).is_pending());
    Table::new("pool, in line")
        .case("hand-off, the future boxed", || {
            drop(held.take());
            let mut next = get();
            assert!(poll_once(next.as_mut(), waker).is_pending());
            let mut first = std::mem::replace(&mut waits, next);
            if let Poll::Ready(object) = Pin::new(&mut first).poll(&mut Context::from_waker(waker)) {
                held = object.ok();
            }
        })
        .print();
}

/// Tasks of one `Local` that hold an object for a yield.
fn contended(tasks: u64, objects: usize, waker: &Waker) -> impl FnMut(u64) {
    let pool = leaked(Pool::new(objects, CREATE));
    move |times| {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        for _ in 0..tasks {
            let turns = async move {
                for _ in 0..times.div_ceil(tasks) {
                    let _object = pool.get().await.expect("nobody closes it");
                    yield_now().await;
                }
            };
            spawner.spawn_local(turns).expect("it is there");
        }
        let mut run = pin!(local.run());
        while poll_once(run.as_mut(), waker).is_pending() {}
    }
}

fn main() {
    let waker = CountingWaker::new().waker();
    nobody_waiting(&waker);
    hand_off(&waker);
    Table::new("pool, among tasks").batch("64 tasks on 4 objects", contended(64, 4, &waker)).print();
}
