//! The queue with keys: the order for each key, one of each in flight, and nothing lost, whatever is dropped when.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod closing;
mod hostile_users;
mod hostile_wakers;
mod in_flight;
mod line;
mod merging;
mod model;
mod order;
mod simulated;
mod threads;
mod verbs;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use untether::queue::keyed::{InFlight, Recv, Send, Upsert, Upserted};
use untether::queue::{KeyedQueue, SendError, TryRecvError};
use untether::testing::CountingWaker;

/// Keys and values are numbers, mostly.
type Numbers = KeyedQueue<u32, u32>;

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
fn counted<F: Future + Unpin>(mut future: F) -> (F, CountingWaker) {
    let waker = CountingWaker::new();
    assert!(poll_with(&mut future, &waker.waker()).is_pending(), "it need not wait");
    (future, waker)
}

/// What it ends with, now.
#[track_caller]
fn ready<F: Future + Unpin>(mut future: F) -> F::Output {
    match poll(&mut future) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// What is received now.
#[track_caller]
fn received<'q, K, V>(recv: &mut Recv<&'q KeyedQueue<K, V>>) -> InFlight<&'q KeyedQueue<K, V>> {
    match poll(recv) {
        Poll::Ready(received) => received.expect("it is not over"),
        Poll::Pending => panic!("it waits"),
    }
}

fn queue_of<const N: usize>(entries: [(u32, u32); N]) -> Numbers {
    let queue = KeyedQueue::unbounded();
    entries.into_iter().for_each(|(key, value)| queue.try_send(key, value).unwrap());
    queue
}

/// All there is, one after the other, each done before the next.
fn served<K: Copy, V: Copy>(queue: &KeyedQueue<K, V>) -> Vec<(K, V)> {
    let serve = || queue.try_recv().ok().map(|value| (*value.key(), *value));
    std::iter::from_fn(serve).collect()
}

/// What a panic was about.
fn panics<R>(body: impl FnOnce() -> R) -> String {
    let panic = catch_unwind(AssertUnwindSafe(body)).err().expect("it panics");
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Nothing is left of anything.
#[track_caller]
fn assert_left_by_all<K, V>(queue: &KeyedQueue<K, V>) {
    let stats = queue.stats();
    assert_eq!(
        (stats.len, stats.keys, stats.ready, stats.in_flight, stats.reserved),
        (0, 0, 0, 0, 0),
        "{stats:?}"
    );
    assert_eq!((stats.senders_waiting, stats.receivers_waiting, stats.granted), (0, 0, 0), "{stats:?}");
}
