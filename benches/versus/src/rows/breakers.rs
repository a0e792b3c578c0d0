//! Breakers that are closed: what a call costs that goes well. Those that ask a clock stand apart.

use super::{drive, each, leaked, waker};
use crate::row::Row;
use failsafe::{CircuitBreaker as _, backoff, failure_policy};
use recloser::{AsyncRecloser, Recloser};
use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::hint::black_box;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::{Layer, Service};
use tower_resilience_circuitbreaker::CircuitBreakerLayer;
use untether::fault::CircuitBreaker;
use untether::fault::breaker::{Builder, Window};
use untether::rt::threads::Threads;

const OPEN: Duration = Duration::from_secs(30);
const WINDOW: Duration = Duration::from_secs(10);
const CALLS: u32 = 100;

type Answer = Result<u64, Infallible>;

/// What is called.
fn answers() -> Answer {
    Ok(black_box(7))
}

fn answers_later() -> Ready<Answer> {
    ready(answers())
}

/// As a service, for those who want one.
#[derive(Clone, Copy)]
struct Operation;

impl Service<()> for Operation {
    type Response = u64;
    type Error = Infallible;
    type Future = Ready<Answer>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Ready<Answer> {
        answers_later()
    }
}

type Failsafe<P> = failsafe::StateMachine<P, ()>;

fn of_failsafe<P: failsafe::FailurePolicy + Send + Sync + 'static>(policy: P) -> &'static Failsafe<P> {
    leaked(failsafe::Config::new().failure_policy(policy).build())
}

fn in_a_row() -> &'static Failsafe<impl failsafe::FailurePolicy + Send + Sync + 'static> {
    of_failsafe(failure_policy::consecutive_failures(5, backoff::constant(OPEN)))
}

fn by_time() -> &'static Failsafe<impl failsafe::FailurePolicy + Send + Sync + 'static> {
    of_failsafe(failure_policy::success_rate_over_time_window(0.5, 20, WINDOW, backoff::constant(OPEN)))
}

fn of_recloser() -> Recloser {
    Recloser::custom().error_rate(0.5).closed_len(CALLS as usize).open_wait(OPEN).build()
}

fn failsafe_now<P>(breaker: &'static Failsafe<P>) -> impl FnMut(u64) + 'static
where
    P: failsafe::FailurePolicy + Send + Sync + 'static,
{
    each(move || breaker.call(answers))
}

fn failsafe_later<P>(breaker: &'static Failsafe<P>) -> impl FnMut(u64) + 'static
where
    P: failsafe::FailurePolicy + Send + Sync + 'static,
{
    let waker = waker();
    each(move || drive(failsafe::futures::CircuitBreaker::call(breaker, answers_later()), waker))
}

fn recloser_now() -> impl FnMut(u64) + 'static {
    let breaker = leaked(of_recloser());
    each(|| breaker.call(answers))
}

fn recloser_later() -> impl FnMut(u64) + 'static {
    let (breaker, waker) = (leaked(AsyncRecloser::from(of_recloser())), waker());
    each(move || drive(breaker.call(answers_later()), waker))
}

/// Each caller has a clone, as in a server.
fn tower_resilience(layer: CircuitBreakerLayer) -> impl FnMut(u64) + 'static {
    let (service, waker) = (leaked(layer.layer(Operation)), waker());
    each(move || {
        let call = async {
            let mut service = service.clone();
            poll_fn(|cx| service.poll_ready(cx)).await.expect("it is closed");
            service.call(()).await
        };
        drive(call, waker)
    })
}

fn tower_in_a_row() -> CircuitBreakerLayer {
    let plan = CircuitBreakerLayer::builder().consecutive_failures(5).wait_duration_in_open(OPEN);
    plan.build().expect("it is not 0")
}

fn tower_by_calls() -> CircuitBreakerLayer {
    let plan = CircuitBreakerLayer::builder().failure_rate_threshold(0.5).sliding_window_size(CALLS as usize);
    plan.wait_duration_in_open(OPEN).build().expect("it is not 0")
}

fn of_ours(plan: Builder) -> &'static CircuitBreaker<Threads> {
    leaked(plan.build(Threads::new().expect("there are threads")))
}

fn ours_now(plan: Builder) -> impl FnMut(u64) + 'static {
    let breaker = of_ours(plan);
    each(|| {
        let permit = breaker.try_acquire().ok()?;
        let answer = answers();
        if answer.is_ok() {
            permit.success()
        } else {
            permit.failure()
        };
        Some(answer)
    })
}

fn ours_later(plan: Builder) -> impl FnMut(u64) + 'static {
    let (breaker, waker) = (of_ours(plan), waker());
    each(move || drive(breaker.run(answers_later), waker))
}

/// Nine of ten go well, so that there are always failures in the window.
fn answers_mostly(calls: &mut u32) -> Result<u64, ()> {
    *calls = if *calls == 9 { 0 } else { *calls + 1 };
    if black_box(*calls) == 0 { Err(()) } else { Ok(7) }
}

fn recloser_mostly() -> impl FnMut(u64) + 'static {
    let (breaker, mut calls) = (leaked(of_recloser()), 0);
    each(move || breaker.call(|| answers_mostly(&mut calls)).is_ok())
}

fn ours_mostly(plan: Builder) -> impl FnMut(u64) + 'static {
    let (breaker, mut calls) = (of_ours(plan), 0);
    each(move || {
        let permit = breaker.try_acquire().expect("it is closed");
        if answers_mostly(&mut calls).is_ok() { permit.success() } else { permit.failure() }
    })
}

fn row(name: &str) -> Row {
    Row::new(format!("breaker: closed, {name}"), "call")
}

const FAILSAFE: &str = "failsafe";
const RECLOSER: &str = "recloser";
const TOWER: &str = "tower-resilience";
const OURS: &str = "untether";

pub fn rows() -> Vec<Row> {
    let consecutive = CircuitBreaker::builder().consecutive(5);
    let calls = CircuitBreaker::builder().failure_rate(0.5).window(Window::calls(CALLS));
    let time = CircuitBreaker::builder().failure_rate(0.5).window(Window::time(WINDOW));
    vec![
        row("failures in a row, sync")
            .owes(0.9)
            .peer(FAILSAFE, failsafe_now(in_a_row()))
            .ours(OURS, ours_now(consecutive)),
        row("failures in a row, async")
            .owes(0.8)
            .peer(FAILSAFE, failsafe_later(in_a_row()))
            .peer(TOWER, tower_resilience(tower_in_a_row()))
            .ours(OURS, ours_later(consecutive)),
        row("the last 100 calls, sync").owes(0.9).peer(RECLOSER, recloser_now()).ours(OURS, ours_now(calls)),
        row("the last 100 calls, one in ten fails, sync")
            .owes(0.9)
            .peer(RECLOSER, recloser_mostly())
            .ours(OURS, ours_mostly(calls)),
        row("the last 100 calls, async")
            .owes(0.8)
            .peer(RECLOSER, recloser_later())
            .peer(TOWER, tower_resilience(tower_by_calls()))
            .ours(OURS, ours_later(calls)),
        row("a window of 10 s, with a clock, sync")
            .owes(0.9)
            .peer(FAILSAFE, failsafe_now(by_time()))
            .ours(OURS, ours_now(time)),
        // Without tower-resilience, which keeps each call of those ten seconds and counts them all at each: no end of a run of millions.
        row("a window of 10 s, with a clock, async")
            .owes(0.8)
            .peer(FAILSAFE, failsafe_later(by_time()))
            .ours(OURS, ours_later(time)),
    ]
}
