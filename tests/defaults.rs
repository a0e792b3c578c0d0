//! The page of defaults, line by line.
#![cfg(all(feature = "std", feature = "testing"))]

use futures_util::StreamExt;
use std::future::{pending, ready};
use std::time::Duration;
use untether::fault::CircuitBreaker;
use untether::fault::breaker::{Reason, State};
use untether::fault::{Boundary, Hedge};
use untether::limit::adaptive::Aimd;
use untether::limit::{Bulkhead, KeyedLimiter, Quota};
use untether::observe::Lines;
use untether::policy::standard;
use untether::queue::WorkQueue;
use untether::retry::budget::{Budget, RateBudget, RateRules, TokenQuota};
use untether::retry::schedule::{Backoff, Hint, Jitter, exponential};
use untether::retry::{Attempt, Retryable, StopReason};
use untether::spawn::{BoxBlocking, SpawnError};
use untether::task::{Offload, WorkerPool};
use untether::testing::sim::Check;
use untether::testing::{ManualClock, Probe};
use untether::time::{Seed, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// The second column of the line that begins so.
fn said(what: &str) -> &'static str {
    let page = include_str!("../docs/defaults.md");
    let line = page.lines().find(|line| line.starts_with(&format!("| {what} |")));
    line.unwrap_or_else(|| panic!("no line for {what}")).split('|').nth(2).unwrap().trim()
}

fn seconds(backoff: Backoff<impl untether::retry::schedule::Schedule>) -> Vec<u64> {
    backoff.delays(Seed::new(1)).map(|delay| delay.as_secs()).collect()
}

#[test]
fn of_a_retry() {
    assert_eq!(said("retry: calls in all, the first included"), "3");
    assert_eq!(seconds(Backoff::standard()).len(), 2);
    assert_eq!(said("retry: first delay of `Backoff::standard`"), "1 s");
    assert_eq!(said("retry: factor of an exponential backoff"), "2");
    assert_eq!(said("retry: cap"), "60 s, never exceeded");
    let plain = Backoff::standard().jitter(Jitter::NONE);
    assert_eq!(seconds(plain.attempts(9)), [1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(Backoff::default(), exponential(SECOND));
    assert_eq!(said("retry: jitter"), "±50 %, then the cap");
    assert_eq!(Jitter::default(), Jitter::factor(0.5));
    let all = exponential(SECOND).unlimited().delays(Seed::new(1)).take(100);
    assert!(all.skip(1).all(|delay| delay >= SECOND && delay <= 60 * SECOND));
    assert_eq!(said("retry: a hint of the other side"), "at most 5 s longer than our own delay");
    assert_eq!(Hint::default(), Hint::Clamp { extra: 5 * SECOND });
}

#[test]
fn of_what_is_retried_and_told() {
    assert_eq!(said("retry: what"), "every `Err`; never a panic, never a cancellation");
    assert_eq!(said("retry: text of the observer"), "`attempt 1 failed: {error}; retrying in 1.00s`");
    let (clock, told) = (ManualClock::new(), std::cell::RefCell::new(String::new()));
    let schedule = exponential(SECOND).jitter(Jitter::NONE);
    let fails = || ready(Err::<(), _>("refused"));
    let retrying =
        fails.retry(schedule).on_retry(|failed| *told.borrow_mut() = failed.to_string()).on(&clock);
    let mut retrying = Probe::new(Box::pin(retrying));
    retrying.assert_pending();
    assert_eq!(*told.borrow(), "attempt 1 failed: refused; retrying in 1.00s");
    clock.advance(SECOND);
    retrying.assert_pending();
    clock.advance(2 * SECOND);
    assert_eq!(retrying.assert_ready().unwrap_err().reason(), StopReason::Exhausted);
}

#[test]
fn of_a_budget() {
    let what = said("retry budget by rate");
    assert_eq!(what, "0.2 extra calls per first call, and 10 per second, over 10 s");
    let clock = ManualClock::new();
    let budget = RateBudget::new(RateRules::new(), clock.clone());
    (0..10).for_each(|_| budget.deposit());
    assert_eq!(budget.available(), 2 + 10 * 10);
    clock.advance(10 * SECOND);
    assert_eq!(budget.available(), 100);
    assert_eq!(said("retry budget by tokens: an extra call"), "costs 5");
    let quota = TokenQuota::new(100);
    assert!(quota.try_withdraw().is_some() && quota.tokens() == 95);
    assert_eq!(TokenQuota::default().tokens(), 500);
}

#[test]
fn of_a_limit() {
    assert_eq!(said("bulkhead: calls at once"), "10; any number may wait, for ever");
    assert_eq!(Bulkhead::default().stats().size, 10);
    assert_eq!(said("adaptive limit"), "from 10, between 1 and 200, shrinking to 0.9");
    let expected = Aimd::builder().initial(10).min(1).max(200).backoff(0.9).build();
    assert_eq!(Aimd::default(), expected);
    assert_eq!(said("quota: burst"), "as many as come in a period");
    assert_eq!(Quota::per_second(10).burst_size(), 10);
    assert_eq!(said("limiter by key: keys that are remembered"), "10,000");
    let limiter = KeyedLimiter::new(Quota::per_hour(1), ManualClock::new());
    (0..12_000).for_each(|key| limiter.try_acquire(&key, 1).unwrap());
    assert!(limiter.len() <= 10_000 && limiter.len() > 9_000, "{}", limiter.len());
}

#[test]
fn of_hedges_and_boundaries() {
    let (clock, calls) = (ManualClock::new(), std::cell::Cell::new(0));
    let hangs = |_: Attempt| {
        calls.set(calls.get() + 1);
        pending::<Result<(), ()>>()
    };
    assert_eq!(said("hedge: extra attempts"), "1");
    let mut hedging = Probe::new(Hedge::after(Duration::ZERO).run(hangs, &clock));
    hedging.assert_pending();
    assert_eq!(calls.get(), 1 + 1);
    assert_eq!(said("hedge: what counts as a success"), "every `Ok`");

    assert_eq!(
        said("boundary: calls in all, the first included"),
        "3, with the pauses of `Backoff::standard`"
    );
    assert_eq!(said("boundary: what cannot be recovered from"), "a panic");
    assert_eq!(said("boundary: failures are reported"), "yes, where there is an observer");
    let told = std::cell::RefCell::new(Vec::new());
    let lines = Lines::new(|line: &str| told.borrow_mut().push(line.to_string()));
    let boundary = Boundary::new("call").observed(lines);
    let mut running = Probe::new(boundary.run(|_: Attempt| ready(Err::<(), _>("busy")), &clock));
    for longest in [1.5, 3.0] {
        running.assert_pending();
        clock.advance(Duration::from_secs_f64(longest));
    }
    let failure = running.assert_ready().unwrap_err();
    assert_eq!((failure.attempts(), told.borrow().len()), (3, 3));
    let panics = |_: Attempt| -> std::future::Ready<Result<(), ()>> { panic!("a bug") };
    let failure = Probe::new(Boundary::new("call").run(panics, &clock)).assert_ready().unwrap_err();
    assert_eq!((failure.attempts(), failure.reason()), (1, StopReason::Permanent));
}

#[test]
fn of_the_standard_stack() {
    assert_eq!(said("standard stack: for the whole, for each attempt"), "30 s, 5 s");
    let (clock, calls) = (ManualClock::new(), std::cell::Cell::new(0));
    let hangs = || {
        calls.set(calls.get() + 1);
        pending::<Result<(), &str>>()
    };
    let mut running = Probe::new(standard().on(&clock).run(hangs));
    running.assert_pending();
    clock.advance(5 * SECOND - Duration::from_nanos(1));
    running.assert_pending();
    assert_eq!(clock.sleepers(), 2, "the whole and the attempt");
    clock.advance(Duration::from_nanos(1));
    running.assert_pending();
    clock.advance(25 * SECOND);
    let error = running.assert_ready().unwrap_err();
    assert_eq!((error.to_string().as_str(), calls.get()), ("operation timed out after 30s", 2));
}

#[test]
fn of_a_circuit_breaker() {
    assert_eq!(said("circuit breaker: opens"), "after 5 failures in a row, for 30 s ±50 %");
    let (clock, seed) = (ManualClock::new(), Seed::new(1));
    let breaker = CircuitBreaker::builder().entropy(&seed).build(clock.clone());
    let failures = (1..).find(|_| breaker.try_acquire().unwrap().failure().is_some());
    assert_eq!(failures, Some(5));
    for _ in 0..100 {
        let wait = breaker.try_acquire().unwrap_err().retry_after().unwrap();
        assert!(wait >= 15 * SECOND && wait <= 45 * SECOND);
        clock.advance(wait);
        assert!(breaker.try_acquire().unwrap().failure().is_some());
    }
    assert_eq!(said("circuit breaker: closes"), "by 1 probe, which may say nothing for 30 s");
    clock.advance(60 * SECOND);
    let hangs = breaker.try_acquire().unwrap();
    clock.advance(30 * SECOND - Duration::from_nanos(1));
    assert_eq!(breaker.try_acquire().unwrap_err().reason(), Reason::HalfOpen);
    clock.advance(Duration::from_nanos(1));
    assert_eq!(breaker.try_acquire().unwrap_err().reason(), Reason::Open);
    drop(hangs);
    clock.advance(60 * SECOND);
    assert_eq!(breaker.try_acquire().unwrap().success().unwrap().to, State::Closed);
    assert_eq!(said("circuit breaker: a rate"), "over 100 calls, from 20 on");
    let breaker = CircuitBreaker::builder().failure_rate(1.0).build(clock);
    let failures = (1..).find(|_| breaker.try_acquire().unwrap().failure().is_some());
    assert_eq!(failures, Some(20));
    breaker.reset();
    (0..150).for_each(|_| _ = breaker.try_acquire().unwrap().success());
    assert_eq!(breaker.stats().calls, 100);
}

#[test]
fn of_everything_else() {
    let clock = ManualClock::new();
    assert_eq!(said("time-out: its text"), "`operation timed out after 5s`");
    let mut limited = Probe::new(Box::pin(timeout(5 * SECOND, pending::<()>(), &clock)));
    limited.assert_pending();
    clock.advance(5 * SECOND);
    assert_eq!(limited.assert_ready().unwrap_err().to_string(), "operation timed out after 5s");
    assert_eq!(said("work queue: attempts"), "3, then a dead letter; the last 1,000 are kept");
    let queue = WorkQueue::new(clock);
    queue.try_push(1).unwrap();
    for attempt in 1..=3 {
        assert_eq!(queue.try_lease().unwrap().attempt(), attempt);
    }
    assert!(queue.try_lease().is_err() && queue.dead_letters().len() == 1);
}

#[test]
fn of_a_layer() {
    use std::task::{Context, Poll};
    use tower_layer::Layer;
    use tower_service::Service;
    use untether::policy::stack;
    use untether::retry::{Retry, schedule::constant};

    /// Requests that are `Clone`, and go wrong.
    #[derive(Clone)]
    struct Broken;

    impl Service<u8> for Broken {
        type Response = u8;
        type Error = &'static str;
        type Future = std::future::Ready<Result<u8, &'static str>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: u8) -> Self::Future {
            ready(Err("broken"))
        }
    }

    let what = said("layer of tower: how often a request is sent");
    assert_eq!(what, "once, whatever repeats, until it is said how to copy it");
    let policy = stack((Retry::new(constant(Duration::ZERO)),));
    let layer = untether::tower::layer(policy, ManualClock::new());
    let once = Probe::new(layer.layer(Broken).call(7)).assert_ready();
    assert_eq!(once.unwrap_err().attempts(), 1);
    let repeated = Probe::new(layer.cloning().layer(Broken).call(7)).assert_ready();
    assert_eq!(repeated.unwrap_err().attempts(), 3);
}

#[test]
fn of_a_group() {
    use std::task::{Context, Waker};
    use untether::rt::local::Local;
    use untether::task::TaskGroup;

    let mut local = Local::new();
    let spawner = local.spawner();
    let group = || TaskGroup::<_, (), usize>::builder(spawner.clone());
    assert_eq!(said("group: tasks at once"), "10");
    assert_eq!(group().build().stats().limit, Some(10));
    assert_eq!(said("group: a failure"), "cancels the siblings");
    let cancels = group().build();
    cancels.try_spawn(ready(Err(1))).unwrap();
    cancels.try_spawn(pending()).unwrap();
    let kept = "group that does not collect: failures that nobody reads";
    assert_eq!(said(kept), "the first 1,000 are kept");
    let keeps = group().unlimited().continue_on_failure().build();
    (0..1_100).for_each(|n| _ = keeps.try_spawn(ready(Err(n))).unwrap());
    while local.poll_run(&mut Context::from_waker(Waker::noop())).is_pending() {}
    assert_eq!(Probe::new(cancels.join_all()).assert_ready().unwrap_err().cancelled(), 1);
    assert_eq!(Probe::new(keeps.join_all()).assert_ready().unwrap_err().failures().len(), 1_000);
}

#[test]
fn of_what_blocks() {
    /// Keeps what it is passed in mind, and runs none of it but the first.
    #[derive(Clone, Default)]
    struct First(std::sync::Arc<std::sync::atomic::AtomicBool>);
    impl untether::spawn::SpawnBlocking for First {
        fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
            if !self.0.swap(true, std::sync::atomic::Ordering::AcqRel) {
                work.run();
            }
            Ok(())
        }
    }
    assert_eq!(said("offload: closures at once"), "4; any number may wait, for ever");
    let offload = Offload::new(First::default());
    assert_eq!(offload.stats().limit, 4);
    assert_eq!(said("offload: items of a stream that are read ahead"), "16");
    let mut numbers = offload.stream(|| 0..);
    assert!(matches!(Probe::new(numbers.next()).assert_ready(), Some(Ok(0))));
    assert_eq!(numbers.len(), 16 - 1);
}

#[test]
fn of_a_periodic_job() {
    use untether::task::Background;
    use untether::task::background::{OnFailure, Overlap};
    use untether::testing::sim::{Check, Sim};
    use untether::time::{Clock, Timer};

    assert_eq!(said("periodic job: the period"), "none: always given");
    assert_eq!(said("periodic job: the first run"), "after one period");
    assert_eq!((said("periodic job: a beat during a run"), Overlap::default()), ("skipped", Overlap::Skip));
    let then = said("periodic job: after a failure, a panic");
    assert_eq!((then, OnFailure::default()), ("the next beat", OnFailure::Continue));
    assert_eq!(said("periodic jobs: grace at a shutdown"), "30 s");
    Check::random(5).assert(async |sim: Sim| {
        let background = Background::new(sim.clone()).observed(Lines::new(|line: &str| panic!("{line}")));
        let hangs = background.start("hangs", 10 * SECOND, pending::<()>).unwrap();
        sim.sleep(15 * SECOND).await;
        assert_eq!((hangs.status().running, hangs.status().runs), (1, 0));
        let begun = sim.now();
        assert_eq!(background.shutdown().await.aborted, ["hangs"]);
        assert_eq!(sim.now().saturating_duration_since(begun), 30 * SECOND);
    });
}

#[test]
fn of_a_shutdown() {
    use untether::sync::cancel::Cause;
    use untether::task::shutdown::OnFailure;
    use untether::task::{DrainPlan, Shutdown};

    assert_eq!(said("shutdown: in all"), "30 s: 24.5 s to finish, 5 s when cancelled, 0.5 s when aborted");
    let plan = DrainPlan::default();
    assert_eq!(plan.in_all(), 30 * SECOND);
    assert_eq!(plan.shares().map(|share| share.as_secs_f64()), [24.5, 5.0, 0.5]);
    let minute = DrainPlan::new().limit(60 * SECOND).shares();
    assert_eq!(minute.map(|share| share.as_secs_f64()), [54.5, 5.0, 0.5]);
    let six = DrainPlan::new().limit(6 * SECOND).shares();
    assert_eq!(six.map(|share| share.as_secs_f64()), [4.9, 1.0, 0.1]);

    assert_eq!(said("shutdown: a participant that fails early"), "starts it");
    assert_eq!(OnFailure::default(), OnFailure::Start);
    let shutdown = Shutdown::new();
    shutdown.participant("it").unwrap().fail("down");
    assert!(!shutdown.request(Cause::Requested), "it was asked for");

    assert_eq!(said("shutdown: failures that are kept"), "the last 1,000");
    let shutdown = Shutdown::new();
    for _ in 0..1_001 {
        shutdown.participant("it").unwrap().on_failure(OnFailure::Continue).fail("down");
    }
    let report = Probe::new(shutdown.drain(ManualClock::new())).assert_ready();
    assert_eq!((report.failed.len(), report.failed_before), (1_000, 1));
}

#[test]
fn of_a_worker_pool() {
    assert_eq!(said("worker pool: workers, inputs that wait"), "5, 100");
    assert_eq!(
        said("worker pool: a handler that panics"),
        "fails its input; the worker goes on with the next"
    );
    Check::random(1).assert(async |sim| {
        let handler = async |n: u32| if n == 0 { panic!("on purpose") } else { Ok::<_, ()>(n) };
        let pool = WorkerPool::new(&sim, handler).unwrap();
        assert_eq!(pool.stats().size, 5);
        pool.pause();
        let tickets: Vec<_> = (0..100).map(|n| pool.try_submit(n).unwrap()).collect();
        assert!(pool.try_submit(100).is_err());
        let stopped = pool.stop().await;
        assert_eq!((stopped.tally.panicked, stopped.tally.done), (1, 99));
        drop(tickets);
    });
}

#[test]
fn of_a_map() {
    assert_eq!(said("map: items at a time"), "10");
    let begun = std::cell::Cell::new(0);
    let work = |_| {
        begun.set(begun.get() + 1);
        pending::<Result<(), ()>>()
    };
    Probe::new(untether::task::map(0..100, work).tally()).assert_pending();
    assert_eq!((begun.get(), untether::task::map::DEFAULT_LIMIT), (10, 10));
}
