//! What it costs to have something done by a worker: alone, in bulk, and among many.
#![expect(clippy::disallowed_types, reason = "there is one thread")]

use std::future::ready;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use untether::queue::{Queue, WorkQueue};
use untether::rt::threads::Threads;
use untether::spawn::{BoxTask, Spawn, SpawnError, yield_now};
use untether::task::WorkerPool;
use untether::task::worker_pool::{Submission, Tickets};
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Keeps tasks until they are run, so that the executor is not what is measured.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<BoxTask>>>);

impl Spawn for Shelf {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0.lock().unwrap().push(task);
        Ok(())
    }
}

impl Shelf {
    fn run(&self, waker: &Waker) {
        let mut cx = Context::from_waker(waker);
        self.0.lock().unwrap().retain_mut(|task| Pin::new(task).poll(&mut cx).is_pending());
    }
}

fn poll_once<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

fn main() {
    let waker = CountingWaker::new().waker();
    let shelf = Shelf::default();
    let pool = WorkerPool::builder(&shelf).workers(1).capacity(1_000);
    let pool = pool.build(|n: u64| ready(Ok::<_, ()>(n))).expect("it is kept");
    let pools = Shelf::default();
    let five = WorkerPool::builder(&pools).capacity(1_000).build(async |n: u64| {
        yield_now().await;
        Ok::<_, ()>(n)
    });
    let five = five.expect("it is kept");
    Table::new("worker pool, on one thread")
        .case("submit + run + read", || {
            let ticket = pool.try_submit(7).expect("there is room");
            shelf.run(&waker);
            poll_once(ticket, &waker).is_ready()
        })
        .case("submit + abort, 30 + run", || {
            for _ in 0..30 {
                pool.try_submit(7).expect("there is room").abort();
            }
            shelf.run(&waker);
        })
        .batch("submit + run + read, 30 at a time", |times| {
            for _ in 0..times.div_ceil(30) {
                let tickets: [_; 30] = core::array::from_fn(|_| pool.try_submit(7).expect("there is room"));
                shelf.run(&waker);
                tickets.into_iter().for_each(|ticket| drop(poll_once(ticket, &waker)));
            }
        })
        .batch("map", |times| {
            let mut all = pin!(pool.map(0..times).collect());
            while poll_once(all.as_mut(), &waker).is_pending() {
                shelf.run(&waker);
            }
        })
        .batch("map, five workers, one yield in each", |times| {
            let mut all = pin!(five.map(0..times).collect());
            while poll_once(all.as_mut(), &waker).is_pending() {
                pools.run(&waker);
            }
        })
        .print();
    let shelf = Shelf::default();
    let urgent = Queue::builder(1_000).priority(|n: &Submission<u64, u64, ()>| **n).build();
    let urgent = WorkerPool::builder(&shelf).workers(1).queue(urgent).build(|n| ready(Ok(n))).expect("kept");
    let threads = Threads::new().expect("there are threads");
    let jobs = Arc::new(WorkQueue::new(threads));
    let worked = Shelf::default();
    let on_jobs = WorkerPool::builder(&worked).workers(1).work_queue(jobs.clone());
    let on_jobs = on_jobs.build(|n: u64| ready(Ok::<_, ()>(n))).expect("it is kept");
    Table::new("worker pool, on other queues")
        .case("by priority: submit + run + read", || {
            let ticket = urgent.try_submit(7).expect("there is room");
            shelf.run(&waker);
            poll_once(ticket, &waker).is_ready()
        })
        .case("jobs: push + run", || {
            jobs.try_push(7).expect("there is no bound");
            worked.run(&waker);
        })
        .print();
    let _: (&WorkerPool<Tickets<u64, u64, ()>>, _) = (&pool, &on_jobs);
}
