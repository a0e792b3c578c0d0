//! What it costs to have a closure run where it may block: beside the bare spawner, and per item of a stream.

use futures_util::StreamExt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use untether::rt::threads::{Threads, block_on};
use untether::spawn::{BoxBlocking, SpawnBlocking, SpawnError, SpawnExt};
use untether::task::Offload;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Runs closures where they are passed: what is left is ours.
#[derive(Clone, Copy)]
struct Inline;

impl SpawnBlocking for Inline {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        work.run();
        Ok(())
    }
}

fn poll_once<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()))
}

fn without_a_thread() {
    let offload = Offload::new(Inline);
    let full = Offload::builder(Threads::new().expect("there are threads")).limit(1).build();
    let (go_on, told) = std::sync::mpsc::channel::<()>();
    let mut held = full.run(move || told.recv().is_err());
    assert!(poll_once(&mut held).is_pending());
    let mut stream = offload.stream(|| 0_u64..).ahead(16);
    let mut map = offload.map(0_u64.., |n| n);
    Table::new("offload, closures run where they are passed")
        .case("the bare spawner: spawn_blocking_task + join", || {
            poll_once(Inline.spawn_blocking_task(|| 7).expect("it runs")).is_ready()
        })
        .case("run", || poll_once(offload.run(|| 7)).is_ready())
        .case("map: an item", || poll_once(map.next()).is_ready())
        .case("stream: an item, 16 ahead", || poll_once(stream.next()).is_ready())
        .case("run: in line and dropped", || poll_once(full.run(|| 7)).is_pending())
        .print();
    drop(go_on);
}

/// So many, one after the other.
fn on_threads(run: impl AsyncFn(&untether::rt::threads::Handle, u64)) -> impl FnMut(u64) {
    let threads = Threads::new().expect("there are threads");
    move |times| threads.block_on(async |rt| run(&rt, times).await)
}

async fn bare(rt: &untether::rt::threads::Handle, times: u64) {
    for n in 0..times {
        rt.spawn_blocking_task(move || n).expect("there is room").await.expect("it ends");
    }
}

async fn runs(rt: &untether::rt::threads::Handle, times: u64) {
    let offload = Offload::new(rt.clone());
    for n in 0..times {
        offload.run(move || n).await.expect("it ends");
    }
}

async fn maps(rt: &untether::rt::threads::Handle, times: u64) {
    let mut map = Offload::new(rt.clone()).map(0..times, |n| n);
    while map.next().await.is_some() {}
}

async fn streams(rt: &untether::rt::threads::Handle, times: u64) {
    let mut stream = Offload::new(rt.clone()).stream(move || 0..times).ahead(64);
    while let Some(item) = stream.next().await {
        item.expect("it does not panic");
    }
}

fn main() {
    without_a_thread();
    block_on(|_| async {});
    Table::new("offload, on threads")
        .batch("the bare spawner, one after the other", on_threads(bare))
        .batch("run, one after the other", on_threads(runs))
        .batch("map, four at once: an item", on_threads(maps))
        .batch("stream, 64 ahead: an item", on_threads(streams))
        .print();
}
