//! Four policies around a ready operation: as one stack, each by itself, and as layers of tower-resilience.

use super::{drive, each, leaked};
use crate::row::{Kind, Row};
use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::hint::black_box;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tower::{Layer, Service};
use tower_resilience_bulkhead::BulkheadLayer;
use tower_resilience_circuitbreaker::CircuitBreakerLayer;
use tower_resilience_retry::RetryLayer;
use tower_resilience_timelimiter::TimeLimiterLayer;
use untether::fault::CircuitBreaker;
use untether::limit::Bulkhead;
use untether::policy::{Timeout, stack};
use untether::retry::schedule::constant;
use untether::retry::{Attempt, Retry, retry};
use untether::testing::ManualClock;
use untether::time::timeout;

const SECOND: Duration = Duration::from_secs(1);
const HALF_MINUTE: Duration = Duration::from_secs(30);

/// The compiler cannot tell what it brings.
fn call() -> Ready<Result<u32, u32>> {
    ready(Ok(black_box(7)))
}

/// The same as a service.
#[derive(Clone)]
struct Calls;

impl Service<()> for Calls {
    type Response = u32;
    type Error = Infallible;
    type Future = Ready<Result<u32, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        ready(Ok(black_box(7)))
    }
}

/// Beside each part by itself, one after the other.
fn of_its_parts() -> Row {
    let clock: &'static ManualClock = leaked(ManualClock::new());
    let (bulkhead, breaker) = (leaked(Bulkhead::new(4)), leaked(CircuitBreaker::new(clock)));
    let policies =
        (Timeout::new(HALF_MINUTE), Retry::new(constant(SECOND)), &*breaker, &*bulkhead);
    let calls = stack(policies).on(clock);
    let waker = Waker::noop();
    let mut row = Row::new("stack: timeout + retry + breaker + bulkhead", "call").owes(1.1);
    let size = size_of_val(&calls.run(call));
    row = row.case("Stack", Kind::Ours, Some(size), each(move || drive(calls.run(call), waker)));
    row.peer(
        "its parts, one after the other",
        each(move || {
            let whole = black_box(drive(timeout(HALF_MINUTE, call(), clock), waker));
            let tried = black_box(drive(retry(|_: Attempt| call(), constant(SECOND)).on(clock), waker));
            let let_through = black_box(drive(breaker.run(call), waker).is_ok());
            let placed = black_box(drive(bulkhead.run(call), waker).is_ok());
            (whole, tried, let_through, placed)
        }),
    )
}

/// Beside the layers of the same names.
fn of_layers() -> Row {
    let clock: &'static ManualClock = leaked(ManualClock::new());
    let (bulkhead, breaker) = (leaked(Bulkhead::new(4)), leaked(CircuitBreaker::new(clock)));
    let policies =
        (Timeout::new(HALF_MINUTE), Retry::new(constant(SECOND)), &*breaker, &*bulkhead);
    let calls = stack(policies).on(clock);
    let runtime: &'static tokio::runtime::Runtime =
        leaked(tokio::runtime::Builder::new_current_thread().enable_time().build().expect("it starts"));
    let waker = Waker::noop();
    let placed = BulkheadLayer::builder().max_concurrent_calls(4).build().expect("it is not 0").layer(Calls);
    let guarded = CircuitBreakerLayer::builder().build().expect("it has defaults").layer(placed);
    let tried = RetryLayer::builder().max_attempts(3).fixed_backoff(SECOND).build().layer(guarded);
    let theirs = TimeLimiterLayer::builder().timeout_duration(HALF_MINUTE).build().layer(tried);
    let theirs = leaked(theirs);
    let row = Row::new("stack: the same four as layers", "call").owes(0.5);
    row.ours("Stack", each(move || drive(calls.run(call), waker))).peer("tower-resilience", move |times| {
        let _within = runtime.enter();
        for _ in 0..times {
            let mut service = theirs.clone();
            let called = async move {
                poll_fn(|cx| service.poll_ready(cx)).await.expect("it is open");
                service.call(()).await.is_ok()
            };
            black_box(drive(called, waker));
        }
    })
}

pub fn rows() -> Vec<Row> {
    vec![of_its_parts(), of_layers()]
}
