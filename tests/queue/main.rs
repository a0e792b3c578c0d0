//! What a queue promises: who is served, in which order, and that nothing is lost or kept, whatever is dropped when.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod cancelling;
mod closing;
mod halves;
mod handles;
mod hostile_items;
mod hostile_wakers;
mod kinds;
mod line;
mod linear;
mod looking;
mod model;
mod pair;
mod priorities;
mod rendezvous;
mod room;
mod simulated;
mod simulated_ends;
mod threads;
mod timed;
mod verbs;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use untether::queue::{
    Builder, ByWeight, Fifo, Overflow, Queue, ReserveError, SendError, Storage, TryRecvError,
};
use untether::testing::{HookWaker, Probe};
use untether_support::cases;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Polls once, for nobody.
fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    poll_with(future, Waker::noop())
}

fn poll_with<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// One that has joined the line.
#[track_caller]
fn in_line<F: Future + Unpin>(mut future: F) -> F {
    assert!(poll(&mut future).is_pending(), "it need not wait");
    future
}

/// The same, with a waker that counts.
#[track_caller]
fn probe<F: Future>(future: F) -> Probe<F> {
    let mut probe = Probe::new(future);
    probe.assert_pending();
    probe
}

/// What it ends with, now.
#[track_caller]
fn ready<F: Future + Unpin>(mut future: F) -> F::Output {
    match poll(&mut future) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// How often each was woken.
fn wakes<F: Future>(probes: &[Probe<F>]) -> Vec<usize> {
    probes.iter().map(Probe::wakes).collect()
}

/// A queue of numbers that weigh what they say.
fn by_weight(capacity: usize) -> Builder<ByWeight<usize>> {
    let builder: Builder<Fifo<usize>> = Queue::builder(capacity);
    builder.weight(|weight| *weight)
}

/// A full queue of one.
fn full<T>(item: T) -> Queue<T> {
    let queue = Queue::bounded(1);
    assert!(queue.try_send(item).is_ok());
    queue
}

fn all<T>(queue: &Queue<T, impl Storage<Item = T>>) -> Vec<T> {
    std::iter::from_fn(|| queue.try_recv().ok()).collect()
}
