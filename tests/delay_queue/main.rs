//! The delay queue: what is due when, who gets it, who is woken for it, and what becomes of it whatever is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod cancelling;
mod closing;
mod hostile;
mod hostile_wakers;
mod inserting;
mod removing_resetting;
mod simulated;
mod threads;
mod waiting;
mod wakes;

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use untether::queue::DelayQueue;
use untether::queue::delay::{DelayKey, Expired, Recv, RecvStream, TryRecvError};
use untether::testing::{ManualClock, Probe};
use untether::time::{Clock, Instant, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Queue = DelayQueue<u32, ManualClock>;
type Waiter = Probe<Recv<Arc<Queue>, u32, ManualClock>>;

fn queue() -> (Arc<Queue>, ManualClock) {
    let clock = ManualClock::new();
    (Arc::new(DelayQueue::new(clock.clone())), clock)
}

/// One that waits and was not polled yet.
fn recv(queue: &Arc<Queue>) -> Waiter {
    Probe::new(DelayQueue::recv_owned(queue.clone()))
}

/// One that is in the line.
#[track_caller]
fn waiter(queue: &Arc<Queue>) -> Waiter {
    let mut waiter = recv(queue);
    waiter.assert_pending();
    waiter
}

/// Puts `item` in, due in so many seconds.
#[track_caller]
fn put(queue: &Queue, item: u32, seconds: u32) -> DelayKey {
    queue.insert(item, seconds * SECOND).unwrap()
}

/// What it gives now.
#[track_caller]
fn got(waiter: &mut Waiter) -> u32 {
    waiter.assert_ready().expect("the queue is open").item
}

/// All that is due now.
fn due(queue: &Queue) -> Vec<u32> {
    std::iter::from_fn(|| queue.try_recv().ok()).map(Expired::into_inner).collect()
}

fn in_seconds(clock: &ManualClock, seconds: u32) -> Instant {
    clock.now().saturating_add(seconds * SECOND)
}

fn wakes(waiters: &[Waiter]) -> usize {
    waiters.iter().map(Probe::wakes).sum()
}
