//! The worker pool: each input that was accepted has exactly one outcome, or comes back, whoever fails, panics, gives up or is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod hostile;
mod simulated;
mod stopping;
mod threads;
mod verbs;
mod workers;

use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use untether::spawn::{SpawnExt, yield_now};
use untether::task::worker_pool::{OnPanic, Source, Stopped, Submission, SubmitError, Ticket, Tickets};
use untether::task::{Failure, Outcome, WorkerPool};
use untether::testing::Probe;
use untether::testing::sim::{Check, Sim};
use untether::time::{Clock, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// What the handlers of these tests do with a number: it is doubled, fails if it is divisible by 7, panics if by 11, and hangs if by 13.
async fn work(sim: Sim, n: u32) -> Result<u32, &'static str> {
    match n {
        _ if n % 13 == 0 => pending().await,
        _ if n % 11 == 0 => panic!("on purpose"),
        _ if n % 7 == 0 => return Err("seven"),
        _ if n % 3 == 0 => sim.sleep(SECOND).await,
        _ if n % 2 == 0 => yield_now().await,
        _ => {}
    }
    Ok(2 * n)
}

type Numbers = WorkerPool<Tickets<u32, u32, &'static str>>;

fn pool(sim: &Sim, workers: usize, capacity: usize) -> Numbers {
    let own = sim.clone();
    let builder = WorkerPool::builder(sim).workers(workers).capacity(capacity);
    builder.build(move |n| work(own.clone(), n)).unwrap()
}

fn value<T, E>(outcome: Outcome<T, E>) -> T {
    outcome.ok().expect("it ended well")
}

/// Runs the body under a few hundred schedules.
fn in_any_order<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) {
    Check::random(200).no_leaks().assert(body);
}
