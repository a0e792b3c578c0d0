//! The limiter: what it lets through and when, who waits for it in which order, who is woken, and what becomes of it whatever is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod changing;
mod clock;
mod hostile_wakers;
mod keyed;
mod line;
mod reserving;
mod simulated;
mod threads;
mod throttling;
mod verbs;

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use untether::limit::rate::{Acquire, TryAcquireError};
use untether::limit::{Quota, RateLimiter};
use untether::testing::{ManualClock, Probe};
use untether::time::Clock;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

type Limiter = RateLimiter<ManualClock>;
type Waiter = Probe<Acquire<Arc<Limiter>, ManualClock>>;

fn limiter(quota: Quota) -> (Arc<Limiter>, ManualClock) {
    let clock = ManualClock::new();
    (Arc::new(RateLimiter::new(quota, clock.clone())), clock)
}

/// One per second, one at once, and that one is taken.
fn exhausted() -> (Arc<Limiter>, ManualClock) {
    let (limiter, clock) = limiter(Quota::per_second(1));
    limiter.try_acquire(1).unwrap();
    (limiter, clock)
}

/// One that waits and was not polled yet.
fn acquire(limiter: &Arc<Limiter>, n: u32) -> Waiter {
    Probe::new(RateLimiter::acquire_owned(limiter.clone(), n))
}

/// One that is in the line.
#[track_caller]
fn waiter(limiter: &Arc<Limiter>, n: u32) -> Waiter {
    let mut waiter = acquire(limiter, n);
    waiter.assert_pending();
    waiter
}

fn denied(wait: Duration) -> Result<(), TryAcquireError> {
    Err(TryAcquireError::Denied { wait })
}

fn wakes(waiters: &[Waiter]) -> usize {
    waiters.iter().map(Probe::wakes).sum()
}
