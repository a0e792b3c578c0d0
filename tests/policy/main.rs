//! The stack: what each policy does in it, in which order, what comes out, and what it costs.
#![cfg(all(feature = "std", feature = "testing"))]

mod allocating;
mod breakers;
mod errors;
mod events;
mod fallbacks;
mod gates;
mod hedges;
mod hostile;
mod keeping;
mod order;
mod repeating;
mod simulated;
mod verbs;

use std::cell::{Cell, RefCell};
use std::future::{Future, Ready, pending, ready};
use std::sync::Arc;
use std::time::Duration;
use untether::fault::breaker::{Reason, State};
use untether::fault::{CircuitBreaker, Fallback, Fault, Hedge, Kind};
use untether::limit::adaptive::{Aimd, Fixed};
use untether::limit::bulkhead::AcquireError;
use untether::limit::{AdaptiveLimit, Bulkhead, Quota, RateLimiter};
use untether::observe::Lines;
use untether::policy::{
    CatchPanic, Cause, Env, Error, Op, Policy, Reject, Seen, Timeout, Verdict, counting, once, stack,
    standard,
};
use untether::retry::budget::{RateBudget, RateRules, TokenQuota, Within};
use untether::retry::schedule::{Backoff, Constant, Jitter, constant};
use untether::retry::{self, Attempt, Body, Plan, Retry, StopReason};
use untether::testing::sim::{Check, Sim};
use untether::testing::{ManualClock, Probe};
use untether::time::{Clock, Instant, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Fails so often, and then gives the number of the attempt.
fn fails(times: u32) -> impl Fn(Attempt) -> Ready<Result<u32, &'static str>> + Clone {
    move |attempt| ready(if attempt.number() <= times { Err("busy") } else { Ok(attempt.number()) })
}

/// Up to so many attempts, a second between them.
fn every_second(attempts: u32) -> Retry<Body, Plan<Backoff<Constant>>> {
    Retry::new(constant(SECOND).jitter(Jitter::NONE).attempts(attempts))
}

/// Runs it on virtual time.
#[track_caller]
fn on_sim<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) {
    Check::random(1).no_leaks().assert(body);
}

async fn never() -> Result<u32, &'static str> {
    pending().await
}

/// For ten seconds each time.
fn opens_after(failures: u32, sim: &Sim) -> CircuitBreaker<&Sim, Backoff<Constant>> {
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).unlimited();
    CircuitBreaker::builder().consecutive(failures).open_for(ten_seconds).build(sim)
}
