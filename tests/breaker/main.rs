//! The breaker: who is let through, what opens it and closes it, and that no late word is heard.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod following;
mod hostile;
mod probes;
mod simulated;
mod threads;
mod time;
mod verbs;

use std::future::{Ready, pending, ready};
use std::sync::Arc;
use std::time::Duration;
use untether::fault::CircuitBreaker;
use untether::fault::breaker::{
    Builder, EveryError, Permit, Reason, Rejected, RunError, State, Transition, Verdict, Why, Window,
};
use untether::retry::schedule::{Backoff, Constant, Jitter, constant, exponential, from_iter};
use untether::testing::{ManualClock, Probe};
use untether::time::{Clock, Instant, Seed};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// A breaker in a test: it stays open for ten seconds to the nanosecond.
type Breaker<C = ManualClock> = CircuitBreaker<C, Backoff<Constant>, Seed>;

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Instant {
        Instant::from_nanos(1)
    }
}

type Plan = Builder<Backoff<Constant>, Seed>;

/// Opens for ten seconds.
fn plan() -> Plan {
    let schedule = constant(10 * SECOND).jitter(Jitter::NONE);
    CircuitBreaker::builder().open_for(schedule).entropy(Seed::new(1))
}

#[track_caller]
fn let_through<C: Clock>(breaker: &Breaker<C>) -> Permit<&Breaker<C>> {
    breaker.try_acquire().expect("calls are let through")
}

#[track_caller]
fn refused<C: Clock>(breaker: &Breaker<C>) -> Rejected {
    breaker.try_acquire().expect_err("calls are refused")
}

#[track_caller]
fn fail<C: Clock>(breaker: &Breaker<C>, times: u32) -> Option<Transition> {
    (0..times).map(|_| let_through(breaker).failure()).last().flatten()
}

#[track_caller]
fn succeed<C: Clock>(breaker: &Breaker<C>, times: u32) -> Option<Transition> {
    (0..times).map(|_| let_through(breaker).success()).last().flatten()
}

/// Open, and it is time to probe.
fn due(plan: Plan) -> (ManualClock, Breaker) {
    let clock = ManualClock::new();
    let breaker = plan.consecutive(1).build(clock.clone());
    fail(&breaker, 1);
    clock.advance(10 * SECOND);
    (clock, breaker)
}

fn says(result: Result<u32, &'static str>) -> impl FnOnce() -> Ready<Result<u32, &'static str>> {
    move || ready(result)
}

/// The output of a future that is ready at once.
#[track_caller]
fn now<F: Future>(future: F) -> F::Output {
    Probe::new(Box::pin(future)).assert_ready()
}
