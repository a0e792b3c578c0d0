//! Retry: when, how often, at whose expense, and what comes out.
#![cfg(all(feature = "std", feature = "testing"))]

mod allocating;
mod attempts;
mod budgets;
mod cancelling;
mod deadlines;
mod guarded;
mod hints;
mod jitter;
mod laws;
mod schedules;
mod simulated;
mod threads;
mod verbs;
mod watched;

use std::cell::{Cell, RefCell};
use std::future::{Ready, ready};
use std::rc::Rc;
use std::time::Duration;
use untether::retry::schedule::{
    Backoff, Hint, Jitter, Schedule, Step, constant, decorrelated, exponential, fibonacci, from_iter, linear,
};
use untether::retry::{Attempt, Failed, Retry, RetryError, Retryable, StopReason, Verdict, retry};
use untether::testing::{ManualClock, Probe};
use untether::time::{Clock, Deadline, Entropy, Instant, Seed, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

/// Without jitter or cap, and as long as one likes.
fn every(delay: Duration) -> Backoff<untether::retry::schedule::Constant> {
    constant(delay).jitter(Jitter::NONE).uncapped().unlimited()
}

/// An operation that fails so many times and then tells which attempt it was.
fn fails(times: u32) -> impl Fn(Attempt) -> Ready<Result<u32, &'static str>> + Clone {
    move |attempt| ready(if attempt.number() > times { Ok(attempt.number()) } else { Err("busy") })
}

fn seed() -> Seed {
    Seed::new(7)
}

/// Moves the clock from wait to wait until it is ready.
fn run<F: Future>(clock: &ManualClock, future: F) -> F::Output {
    let mut probe = Probe::new(Box::pin(future));
    for _ in 0..100_000 {
        if let std::task::Poll::Ready(output) = probe.poll() {
            return output;
        }
        clock.advance_to_next();
    }
    panic!("it never ends");
}
