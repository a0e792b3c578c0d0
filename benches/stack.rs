//! What a stack costs beside its parts: alone, each in a stack, and all together around a ready operation.

use std::future::{Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::fault::{CircuitBreaker, Hedge};
use untether::limit::Bulkhead;
use untether::policy::{Timeout, stack, standard};
use untether::retry::schedule::{Jitter, constant};
use untether::retry::{Attempt, Retry, retry};
use untether::rt::threads::Threads;
use untether::testing::{CountingWaker, ManualClock};
use untether::time::timeout;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Polls a future once and drops it.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

/// Lasts as long as the program, as those who wait for it do.
fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn call() -> Ready<Result<u32, &'static str>> {
    ready(Ok(7))
}

fn around_a_ready_operation(waker: &Waker) {
    let rt: &'static Threads = leaked(Threads::new().expect("there are threads"));
    let (bulkhead, breaker) = (leaked(Bulkhead::new(4)), leaked(CircuitBreaker::new(rt)));
    let (long, again) = (Timeout::new(30 * SECOND), Retry::new(constant(SECOND)));
    let hedge = Hedge::after(SECOND);
    let (whole, tries) = (stack((long,)).on(rt), stack((again,)).on(rt));
    let (guarded, placed) = (stack((breaker,)).on(rt), stack((bulkhead,)).on(rt));
    let hedged = stack((hedge,)).on(rt);
    let four = stack((long, again, breaker, bulkhead)).on(rt);
    let five = stack((long, again, breaker, bulkhead, Timeout::new(5 * SECOND))).on(rt);
    let usual = standard().on(rt);
    let plain = |_: Attempt| call();
    Table::new("a ready operation")
        .case("timeout, alone", || poll_once(timeout(30 * SECOND, call(), rt), waker).is_ready())
        .case("retry, alone", || poll_once(retry(plain, constant(SECOND)).on(rt), waker).is_ready())
        .case("breaker, alone", || poll_once(breaker.run(call), waker).is_ready())
        .case("bulkhead, alone", || poll_once(bulkhead.run(call), waker).is_ready())
        .case("timeout, in a stack", || poll_once(whole.run(call), waker).is_ready())
        .case("retry, in a stack", || poll_once(tries.run(call), waker).is_ready())
        .case("breaker, in a stack", || poll_once(guarded.run(call), waker).is_ready())
        .case("bulkhead, in a stack", || poll_once(placed.run(call), waker).is_ready())
        .case("hedge, in a stack", || poll_once(hedged.run(call), waker).is_ready())
        .case("timeout + retry + breaker + bulkhead", || poll_once(four.run(call), waker).is_ready())
        .case("and a timeout of each attempt", || poll_once(five.run(call), waker).is_ready())
        .case("standard", || poll_once(usual.run(call), waker).is_ready())
        .print();
}

fn around_one_that_fails(waker: &Waker) {
    let clock = leaked(ManualClock::new());
    let (bulkhead, breaker) = (leaked(Bulkhead::new(4)), leaked(CircuitBreaker::new(clock)));
    let at_once = Retry::new(constant(Duration::ZERO).jitter(Jitter::NONE).attempts(4));
    let four = stack((Timeout::new(30 * SECOND), at_once, breaker, bulkhead)).on(clock);
    let last_is_good =
        |attempt: Attempt| ready(if attempt.number() < 4 { Err("busy") } else { Ok(attempt.number()) });
    Table::new("three failures, then well")
        .case("timeout + retry + breaker + bulkhead", || poll_once(four.run(last_is_good), waker).is_ready())
        .print();
}

fn main() {
    let waker = CountingWaker::new().waker();
    around_a_ready_operation(&waker);
    around_one_that_fails(&waker);
}
