//! What a breaker costs: closed by each rule, open, half open, and followed.

use core::future::{Ready, ready};
use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use futures_util::{FutureExt, StreamExt};
use untether::fault::CircuitBreaker;
use untether::fault::breaker::{Builder, Window};
use untether::retry::schedule::{Jitter, constant};
use untether::rt::threads::Threads;
use untether::testing::ManualClock;
use untether::time::{Clock, Instant};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Costs nothing.
struct Stopped;

impl Clock for Stopped {
    #[inline]
    fn now(&self) -> Instant {
        Instant::from_nanos(1 << 50)
    }
}

/// Polls a future once and drops it.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

fn answers() -> Ready<Result<u64, ()>> {
    ready(Ok(black_box(7)))
}

fn closed(name: &'static str, plan: Builder) {
    let (breaker, timed) = (plan.build(Stopped), plan.build(Threads::new().expect("there are threads")));
    Table::new(name)
        .case("try_acquire + success, a clock that stands still", || {
            breaker.try_acquire().map(|permit| permit.success()).is_ok()
        })
        .case("try_acquire + success", || timed.try_acquire().map(|permit| permit.success()).is_ok())
        .case("run a ready operation", || poll_once(timed.run(answers)).is_ready())
        .print();
}

fn others() {
    let failing = CircuitBreaker::builder().failure_rate(1.0).window(Window::calls(100)).build(Stopped);
    failing.try_acquire().map(|permit| permit.success()).expect("it is closed");
    let (open, forced) = (CircuitBreaker::new(Stopped), CircuitBreaker::new(Stopped));
    (0..5).for_each(|_| _ = open.try_acquire().map(|permit| permit.failure()));
    forced.force_open();
    let clock = ManualClock::new();
    let plan = CircuitBreaker::builder().open_for(constant(SECOND).jitter(Jitter::NONE)).consecutive(1);
    let (round, followed) = (plan.build(clock.clone()), plan.build(clock.clone()));
    let mut transitions = followed.transitions();
    let goes_round = |breaker: &CircuitBreaker<ManualClock>| {
        breaker.try_acquire().map(|permit| permit.failure()).expect("it is closed");
        clock.advance(SECOND);
        breaker.try_acquire().map(|permit| permit.success()).expect("it is time to probe")
    };
    Table::new("breaker, not closed")
        .case("try_acquire + failure + success, the last 100 calls", || {
            failing.try_acquire().map(|permit| permit.failure()).expect("it is closed");
            failing.try_acquire().map(|permit| permit.success()).is_ok()
        })
        .case("try_acquire: refused, open", || open.try_acquire().is_err())
        .case("try_acquire: refused, forced", || forced.try_acquire().is_err())
        .case("opens, probes, closes", || goes_round(&round))
        .case("opens, probes, closes, and is followed", || {
            goes_round(&followed);
            while transitions.next().now_or_never().is_some() {}
        })
        .print();
}

fn main() {
    let plan = CircuitBreaker::builder;
    closed("breaker: failures in a row", plan().consecutive(5));
    closed("breaker: the last 100 calls", plan().failure_rate(0.5).window(Window::calls(100)));
    closed("breaker: a window of 10 s", plan().failure_rate(0.5).window(Window::time(10 * SECOND)));
    closed("breaker: slow calls of the last 100", plan().slow_rate(0.5, SECOND).window(Window::calls(100)));
    others();
}
