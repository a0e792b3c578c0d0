//! Retries: what one costs that is not needed, what each failure costs, and one step of a backoff with jitter.
//!
//! The waits are zero, and the timers ready: what is measured is the machinery.

use super::{drive, each};
use crate::row::{Kind, Row};
use backon::{BackoffBuilder, Retryable as _};
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::Waker;
use std::time::Duration;
use untether::retry::schedule::{Jitter, constant, exponential};
use untether::retry::{Attempt, retry};
use untether::time::{Clock, Instant, Seed, Timer};

/// Ready at once, as backon's sleeper is made to be.
#[derive(Clone, Copy)]
struct AtOnce;

impl Clock for AtOnce {
    fn now(&self) -> Instant {
        Instant::from_nanos(1)
    }
}

impl Timer for AtOnce {
    type Sleep = Ready<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        ready(())
    }
}

type Outcome = Result<u32, u32>;

/// Fails so many times; the compiler cannot tell when. (What it gives back stays in registers: to have it pass through memory in two
/// halves and read as one would measure the processor.)
struct Flaky {
    calls: u32,
    failures: u32,
}

impl Flaky {
    const fn new(failures: u32) -> Self {
        Self { calls: 0, failures }
    }

    fn call(&mut self) -> Ready<Outcome> {
        self.calls += 1;
        ready(if black_box(self.calls) > self.failures { Ok(self.calls) } else { Err(self.calls) })
    }
}

fn ours(mut flaky: Flaky) -> impl Future<Output = Result<u32, untether::retry::RetryError<u32>>> {
    let schedule = constant(Duration::ZERO).jitter(Jitter::NONE).attempts(5);
    retry(move |_: Attempt| flaky.call(), schedule).on(AtOnce)
}

fn ours_by_default(mut flaky: Flaky) -> impl Future<Output = Result<u32, untether::retry::RetryError<u32>>> {
    retry(move |_: Attempt| flaky.call(), exponential(Duration::ZERO).attempts(5)).on(AtOnce)
}

fn backon(mut flaky: Flaky) -> impl Future<Output = Outcome> {
    let schedule = backon::ConstantBuilder::default().with_delay(Duration::ZERO).with_max_times(4);
    (move || flaky.call()).retry(schedule).sleep(|_: Duration| ready(()))
}

fn backon_exponential(mut flaky: Flaky) -> impl Future<Output = Outcome> {
    let schedule =
        backon::ExponentialBuilder::default().with_min_delay(Duration::ZERO).with_max_times(4).with_jitter();
    (move || flaky.call()).retry(schedule).sleep(|_: Duration| ready(()))
}

fn tryhard(mut flaky: Flaky) -> impl Future<Output = Outcome> {
    use std::future::IntoFuture as _;
    tryhard::retry_fn(move || flaky.call()).retries(4).into_future()
}

fn bare(failures: u32) -> Outcome {
    let mut flaky = Flaky::new(failures);
    let mut tries = 0;
    loop {
        match drive(flaky.call(), Waker::noop()) {
            Err(error) if tries == 4 => return Err(error),
            Err(_) => tries += 1,
            done => return done,
        }
    }
}

macro_rules! case {
    ($row:ident, $kind:ident, $name:literal, $make:ident, $failures:expr) => {
        let size = size_of_val(&$make(Flaky::new(0))) - size_of::<Flaky>();
        $row = $row.case(
            $name,
            Kind::$kind,
            Some(size),
            each(|| drive($make(Flaky::new($failures)), Waker::noop())),
        );
    };
}

fn first_try() -> Row {
    let mut row = Row::new("retry: first try succeeds", "call").owes(0.8);
    case!(row, Peer, "backon, constant", backon, 0);
    case!(row, Peer, "backon, exponential with jitter", backon_exponential, 0);
    case!(row, Peer, "tryhard", tryhard, 0);
    case!(row, Ours, "retry, constant", ours, 0);
    case!(row, Ours, "retry, exponential with jitter", ours_by_default, 0);
    row.floor("a loop", each(|| bare(0)))
}

fn three_failures() -> Row {
    let mut row = Row::new("retry: three failures, no wait", "call").owes(0.6);
    case!(row, Peer, "backon, constant", backon, 3);
    case!(row, Peer, "backon, exponential with jitter", backon_exponential, 3);
    case!(row, Ours, "retry, constant", ours, 3);
    case!(row, Ours, "retry, exponential with jitter", ours_by_default, 3);
    row.floor("a loop", each(|| bare(3)))
}

/// One run is a schedule of ten delays.
fn step() -> Row {
    const STEPS: u32 = 10;
    let (first, cap) = (Duration::from_millis(10), Duration::from_secs(60));
    let theirs = exponential_backoff::Backoff::new(STEPS + 1, first, Some(cap));
    let seed = Seed::new(1);
    let ours = exponential(first).cap(cap).attempts(STEPS + 1);
    let row = Row::new("backoff: one exponential step with jitter", "delay").count(STEPS.into()).owes(0.8);
    row.peer(
        "exponential-backoff",
        each(move || theirs.iter().flatten().fold(Duration::ZERO, |sum, d| sum + d)),
    )
    .peer(
        "tokio-retry2",
        each(move || {
            let delays = tokio_retry2::strategy::ExponentialBackoff::from_millis(10).factor(2);
            let delays = delays.map(tokio_retry2::strategy::jitter).take(STEPS as usize);
            delays.fold(Duration::ZERO, |sum, delay| sum + delay.min(cap))
        }),
    )
    .peer(
        "backon",
        each(move || {
            let delays = backon::ExponentialBuilder::default().with_min_delay(first).with_max_delay(cap);
            let delays = delays.with_max_times(STEPS as usize).with_jitter().build();
            delays.fold(Duration::ZERO, |sum, delay| sum + delay)
        }),
    )
    .ours("exponential", each(move || ours.delays(&seed).fold(Duration::ZERO, |sum, delay| sum + delay)))
}

pub fn rows() -> Vec<Row> {
    vec![first_try(), three_failures(), step()]
}
