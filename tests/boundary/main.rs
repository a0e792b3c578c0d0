//! Boundary: caught, tried again, answered otherwise, reported.
#![cfg(all(feature = "std", feature = "testing"))]

mod allocating;
mod arms;
mod cancelling;
mod reported;
mod scopes;
mod simulated;
mod verbs;

use std::cell::{Cell, RefCell};
use std::future::{Ready, pending, ready};
use std::sync::Arc;
use std::time::Duration;
use untether::fault::boundary::Failure;
use untether::fault::fallback::Outcome;
use untether::fault::{Boundary, Fallback, Fault, Kind};
use untether::observe::{Event, Lines, Observer};
use untether::retry::schedule::{Backoff, Constant, Jitter, constant};
use untether::retry::{Attempt, AttemptError, Body, Plan, Retry, StopReason};
use untether::testing::{ManualClock, Probe};
use untether::time::Timer;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Answer = Result<u32, &'static str>;

/// Three attempts, a second apart.
fn each_second() -> Retry<Body, Plan<Backoff<Constant>>> {
    Retry::new(constant(SECOND).jitter(Jitter::NONE).attempts(3))
}

/// An operation that fails so many times, and then tells which attempt it was.
fn fails(times: u32) -> impl Fn(Attempt) -> Ready<Answer> + Copy {
    move |attempt| ready(if attempt.number() > times { Ok(attempt.number()) } else { Err("busy") })
}

fn panics(_: Attempt) -> Ready<Answer> {
    panic!("a bug")
}

fn hangs(_: Attempt) -> std::future::Pending<Answer> {
    pending()
}

/// Moves the clock from event to event until it is ready.
fn run<F: Future>(clock: &ManualClock, future: F) -> F::Output {
    let mut probe = Probe::new(future);
    for _ in 0..1_000 {
        if let std::task::Poll::Ready(output) = probe.poll() {
            return output;
        }
        clock.advance_to_next();
    }
    panic!("it never ends");
}

/// Keeps each event, with its fields.
#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Observer for Log {
    fn on(&self, event: &Event<'_>) {
        let fields: Vec<_> = event.fields().map(|(key, value)| format!("{key}={value}")).collect();
        let name = event.name().unwrap_or("nobody");
        self.0.borrow_mut().push(format!("{name}: {} {}", event.kind(), fields.join(" ")));
    }
}
