//! What it costs to keep one of each key in flight: beside a plain queue, with few keys and with many.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use untether::queue::{KeyedQueue, Queue};
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Receives in line: waits, is told, and goes on.
fn hand_off<F: Future + Unpin>(mut recv: F, waker: &Waker, send: impl FnOnce()) -> F::Output {
    let mut cx = Context::from_waker(waker);
    assert!(Pin::new(&mut recv).poll(&mut cx).is_pending());
    send();
    match Pin::new(&mut recv).poll(&mut cx) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it was its turn"),
    }
}

fn one_at_a_time(waker: &Waker) {
    let (plain, keyed) = (Queue::bounded(100), KeyedQueue::bounded(100));
    let strings = KeyedQueue::bounded(100);
    let key: Arc<str> = "a key".into();
    Table::new("one value, in and out")
        .case("Queue: try_send + try_recv", || {
            plain.try_send(1_u64).unwrap();
            plain.try_recv()
        })
        .case("KeyedQueue: try_send + try_recv + done", || {
            keyed.try_send(1_u64, 1_u64).unwrap();
            keyed.try_recv().map(|value| *value)
        })
        .case("KeyedQueue: the same, keys are Arc<str>", || {
            strings.try_send(key.clone(), 1_u64).unwrap();
            strings.try_recv().map(|value| *value)
        })
        .case("Queue: recv in line, try_send", || {
            hand_off(plain.recv(), waker, || plain.try_send(1_u64).unwrap())
        })
        .case("KeyedQueue: recv in line, try_send, done", || {
            hand_off(keyed.recv(), waker, || keyed.try_send(1_u64, 1_u64).unwrap()).map(|value| *value)
        })
        .print();
}

/// So many keys, of each of which two values wait.
fn waiting(keys: u64) -> KeyedQueue<u64, u64> {
    let queue = KeyedQueue::unbounded();
    (0..2 * keys).for_each(|n| queue.try_send(n % keys, n).unwrap());
    queue
}

/// One comes for the key that has just been served.
fn around(keys: u64) -> impl FnMut() -> u64 {
    let queue = waiting(keys);
    move || {
        let value = queue.try_recv().unwrap();
        queue.try_send(*value.key(), *value).unwrap();
        *value
    }
}

/// One comes for a key that is new, and the oldest goes for good.
fn coming_and_going(keys: u64) -> impl FnMut() {
    let queue = KeyedQueue::unbounded();
    (0..keys).for_each(|key| queue.try_send(key, 0_u64).unwrap());
    let mut next = keys;
    move || {
        queue.try_send(next, 0).unwrap();
        drop(queue.try_recv().unwrap());
        next += 1;
    }
}

fn merged(keys: u64) -> impl FnMut() {
    let (queue, mut next) = (waiting(keys), 0);
    move || {
        // Far apart, as they come.
        next = (next + 7_919) % keys;
        let _ = queue.try_upsert(next, 1, |old, new| *old += new).unwrap();
    }
}

fn main() {
    let waker = CountingWaker::new().waker();
    one_at_a_time(&waker);
    Table::new("keys that stay: try_recv + try_send + done")
        .case("10 keys", around(10))
        .case("1,000 keys", around(1_000))
        .case("100,000 keys", around(100_000))
        .print();
    Table::new("keys that come and go: try_send + try_recv + done")
        .case("10 keys", coming_and_going(10))
        .case("1,000 keys", coming_and_going(1_000))
        .case("100,000 keys", coming_and_going(100_000))
        .print();
    Table::new("try_upsert, merged")
        .case("10 keys", merged(10))
        .case("1,000 keys", merged(1_000))
        .case("100,000 keys", merged(100_000))
        .print();
}
