//! TaskGroup: tasks that belong together.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod cancelling;
mod closing;
mod hostile;
mod joining;
mod limits;
mod local;
mod policies;
mod simulated;

use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use untether::rt::local::Local;
use untether::spawn::yield_now;
use untether::task::group::{Ended, GroupError};
use untether::task::{Failure, Outcome, TaskGroup};
use untether::testing::CountingWaker;
use untether::testing::sim::{Check, Sim};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

type Group = TaskGroup<Sim, u32, &'static str>;

/// In one schedule, without time.
fn in_order<F: Future<Output = ()> + 'static>(scene: impl Fn(Sim) -> F) {
    Check::random(1).no_leaks().assert(scene);
}

/// Counts those that are alive.
#[derive(Clone, Default)]
struct Alive(Arc<AtomicUsize>);

struct Living(Arc<AtomicUsize>);

impl Alive {
    fn one(&self) -> Living {
        self.0.fetch_add(1, Ordering::AcqRel);
        Living(self.0.clone())
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    /// A task that never ends by itself.
    fn stuck(&self) -> impl Future<Output = Result<u32, &'static str>> + Send + use<> {
        let living = self.one();
        async move {
            let _living = living;
            pending().await
        }
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What a group's tasks left, in short.
fn word<T: std::fmt::Debug>(ended: &Ended<T, &'static str>) -> String {
    match &ended.outcome {
        Outcome::Ok(value) => format!("{value:?}"),
        Outcome::Err(error) => (*error).to_string(),
        Outcome::Cancelled(None) => "cancelled".to_string(),
        Outcome::Cancelled(Some(error)) => format!("cancelled, {error}"),
        Outcome::Panicked(panicked) => panicked.to_string(),
    }
}

fn said(error: &GroupError<&'static str>) -> Vec<String> {
    error.failures().iter().map(|failed| failed.failure.to_string()).collect()
}

/// Polls for as long as anybody is woken.
fn settle(local: &mut Local) -> Poll<()> {
    let woken = CountingWaker::new();
    let waker = woken.waker();
    loop {
        let before = woken.wakes();
        let polled = local.poll_run(&mut Context::from_waker(&waker));
        if polled.is_ready() || woken.wakes() == before {
            return polled;
        }
    }
}
