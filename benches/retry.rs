//! What a retry costs that is not needed, what each failure costs, and one delay of each curve.

use core::time::Duration;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Waker};
use untether::retry::budget::{RateBudget, RateRules, TokenQuota};
use untether::retry::schedule::{Backoff, Schedule, constant, decorrelated, exponential, fibonacci, linear};
use untether::retry::{Attempt, RetryError, Retryable};
use untether::testing::ManualClock;
use untether::time::Seed;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Polls it once, and it is ready.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn now<F: Future>(future: F) -> F::Output {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    let std::task::Poll::Ready(output) = polled else { panic!("it waits") };
    output
}

fn fails(times: u32) -> impl Fn(Attempt) -> Ready<Result<u32, u32>> {
    move |attempt| ready(if black_box(attempt.number()) > times { Ok(1) } else { Err(2) })
}

type Outcome = Result<u32, RetryError<u32>>;

fn ten<C: Schedule>(backoff: Backoff<C>, seed: &Seed) -> Duration {
    backoff.attempts(11).delays(seed).sum()
}

fn main() {
    let (clock, seed) = (ManualClock::new(), Seed::new(1));
    let at_once = constant(Duration::ZERO).attempts(5);
    let (rate, quota) = (RateBudget::new(RateRules::new(), clock.clone()), TokenQuota::new(1 << 40));
    Table::new("an operation that is ready")
        .case("goes well at once", || -> Outcome { now(fails(0).retry(at_once).on(&clock)) })
        .case("fails three times, no wait", || -> Outcome { now(fails(3).retry(at_once).on(&clock)) })
        .case("the same, with a predicate, a hint, a deadline and a token quota", || -> Outcome {
            let retry = fails(3).retry(at_once).when(|error| *error == 2).hint(|_| None);
            now(retry.within(SECOND).budget(&quota).on(&clock))
        })
        .case("goes well at once, with a rate budget", || -> Outcome {
            now(fails(0).retry(at_once).budget(&rate).on(&clock))
        })
        .print();
    Table::new("ten delays with jitter")
        .case("constant", || ten(constant(SECOND), &seed))
        .case("linear", || ten(linear(SECOND, SECOND), &seed))
        .case("exponential", || ten(exponential(SECOND), &seed))
        .case("exponential, factor 1.5", || ten(exponential(SECOND).factor(1.5), &seed))
        .case("fibonacci", || ten(fibonacci(SECOND), &seed))
        .case("decorrelated", || ten(decorrelated(SECOND), &seed))
        .case("and", || ten(constant(SECOND).attempts(11).and(exponential(SECOND).attempts(11)), &seed))
        .print();
}
