//! What is compared.

use super::model::{Request, through};
use std::sync::Arc;
use std::time::Duration;
use untether::fault::breaker::Window;
use untether::fault::{CircuitBreaker, Hedge};
use untether::policy::{Env, Timeout, stack};
use untether::retry::Retry;
use untether::retry::budget::{RateBudget, RateRules};
use untether::retry::schedule::{Jitter, constant, exponential};
use untether::testing::sim::Sim;

/// How long an attempt may take. A call takes 50 ms when all is well.
const ATTEMPT: Timeout = Timeout::new(Duration::from_millis(400));
const PAUSE: Duration = Duration::from_millis(100);

/// A name, and what makes the stack of one process.
pub(crate) type Contestant = (&'static str, fn(Sim) -> Request);

pub(crate) const ALL: &[Contestant] = &[
    ("no retry", |sim| through(stack((ATTEMPT,)).on(sim))),
    ("retry at once", |sim| {
        let retry = Retry::new(constant(Duration::ZERO));
        through(stack((retry, ATTEMPT)).on(env(sim)))
    }),
    ("retry, full jitter", |sim| {
        let retry = Retry::new(exponential(PAUSE).jitter(Jitter::FULL));
        through(stack((retry, ATTEMPT)).on(env(sim)))
    }),
    ("... and a budget", |sim| {
        let retry = Retry::new(exponential(PAUSE).jitter(Jitter::FULL)).budget(budget(&sim));
        through(stack((retry, ATTEMPT)).on(env(sim)))
    }),
    ("... and a breaker", |sim| {
        let retry = Retry::new(exponential(PAUSE).jitter(Jitter::FULL));
        through(stack((retry, breaker(&sim), ATTEMPT)).on(env(sim)))
    }),
    (BOTH, |sim| {
        let retry = Retry::new(exponential(PAUSE).jitter(Jitter::FULL)).budget(budget(&sim));
        through(stack((retry, breaker(&sim), ATTEMPT)).on(env(sim)))
    }),
    ("hedge", |sim| through(stack((ATTEMPT, Hedge::after(PAUSE).extra(2))).on(env(sim)))),
    ("hedge and a budget", |sim| {
        let hedge = Hedge::after(PAUSE).extra(2).budget(budget(&sim));
        through(stack((ATTEMPT, hedge)).on(env(sim)))
    }),
];

pub(crate) const BOTH: &str = "... and both";

fn env(sim: Sim) -> Env<Sim, (), Sim> {
    Env::new(sim.clone()).entropy(sim)
}

/// One retry to ten requests; none of those that are free.
fn budget(sim: &Sim) -> Arc<RateBudget<Sim>> {
    Arc::new(RateBudget::new(RateRules::new().ratio(0.1).reserve(0), sim.clone()))
}

/// Opens when half of the last twenty calls failed, for two seconds, more or less.
fn breaker(sim: &Sim) -> Arc<Breaker> {
    let rules = CircuitBreaker::builder().failure_rate(0.5).window(Window::calls(20));
    let rules = rules.open_for(constant(Duration::from_secs(2)).unlimited()).entropy(sim.clone());
    Arc::new(rules.build(sim.clone()))
}

type Breaker =
    CircuitBreaker<Sim, untether::retry::schedule::Backoff<untether::retry::schedule::Constant>, Sim>;
