//! Code of others that panics, comes back, or asks for what makes no sense, in the middle of a stack.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use untether::observe::{Event, Observer};

/// Is dropped with what runs, and says how many places were taken then.
struct Leaves<'a>(&'a Bulkhead, &'a Cell<usize>);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.1.set(self.0.stats().running);
    }
}

/// Panics when it is told an event of that kind.
#[derive(Clone, Copy)]
struct PanicsAt(&'static str);

impl Observer for PanicsAt {
    fn on(&self, event: &Event<'_>) {
        assert!(event.kind() != self.0, "told of {}", self.0);
    }
}

/// Polls it once and drops it, as a task does that panics.
fn panics<F: Future>(future: F) -> bool {
    catch_unwind(AssertUnwindSafe(|| {
        let _ = Probe::new(future).poll();
    }))
    .is_err()
}

fn half_open(clock: &ManualClock) -> CircuitBreaker<&ManualClock, Backoff<Constant>> {
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).unlimited();
    let breaker = CircuitBreaker::builder().consecutive(1).open_for(ten_seconds).build(clock);
    assert_eq!(breaker.try_acquire().unwrap().failure().unwrap().to, State::Open);
    clock.advance(10 * SECOND);
    breaker
}

#[test]
fn an_operation_that_panics_is_gone_before_its_place_is_free() {
    let (clock, bulkhead, running) = (ManualClock::new(), Bulkhead::new(1), Cell::new(9));
    for catches in [false, true] {
        let operation = || {
            let leaves = Leaves(&bulkhead, &running);
            async move {
                let _leaves = leaves;
                std::panic::resume_unwind(Box::new("in the poll"))
            }
        };
        let operation =
            || -> std::pin::Pin<Box<dyn Future<Output = Result<(), ()>> + '_>> { Box::pin(operation()) };
        if catches {
            let future = stack((CatchPanic, &bulkhead)).on(&clock).run(operation);
            assert_eq!(Probe::new(future).assert_ready().unwrap_err().kind(), Kind::Panicked);
        } else {
            assert!(panics(stack((&bulkhead,)).on(&clock).run(operation)));
        }
        assert_eq!((running.replace(9), bulkhead.stats().running), (1, 0));
    }
}

#[test]
fn a_verdict_that_panics_gives_the_place_of_a_probe_back_and_counts_nothing() {
    let clock = ManualClock::new();
    let breaker = half_open(&clock);
    let verdict = |_: &Result<u32, Error<&'static str>>| -> Verdict { panic!("no idea") };
    assert!(panics(stack((counting(&breaker, verdict),)).on(&clock).run(fails(0))));
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(Probe::new(stack((&breaker,)).on(&clock).run(fails(0))).assert_ready().unwrap(), 1);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn an_observer_that_panics_keeps_no_place_and_no_probe() {
    let clock = ManualClock::new();
    let breaker = half_open(&clock);
    let bulkhead = Bulkhead::builder(1).queue(0).build();
    let env = Env::new(&clock).observed(PanicsAt("breaker"));
    assert!(panics(stack((&bulkhead, &breaker)).on(env).run(fails(0))), "of what became of it");
    assert_eq!(bulkhead.stats().running, 0);
    assert_eq!(Probe::new(stack((&breaker,)).on(&clock).run(fails(0))).assert_ready().unwrap(), 1);

    let held = bulkhead.try_acquire();
    let calls = stack((&breaker, &bulkhead)).on(Env::new(&clock).observed(PanicsAt("refused")));
    assert!(panics(calls.run(fails(0))));
    drop(held);
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap(), 1);
}

#[test]
fn an_observer_that_panics_at_a_retry_gives_back_what_was_paid() {
    let (clock, quota) = (ManualClock::new(), TokenQuota::new(20).cost(10));
    let env = Env::new(&clock).observed(PanicsAt("retry"));
    let calls = stack((every_second(3).budget(&quota),)).on(env);
    assert!(panics(calls.run(fails(9))));
    assert_eq!(quota.tokens(), 20);
}

/// Nothing of ours is locked or half done while somebody is asked or told.
#[test]
fn whoever_is_asked_or_told_may_use_the_stack_it_is_of() {
    struct ComesBack<'a>(&'a Bulkhead, &'a ManualClock, &'a Cell<u32>);
    impl Observer for ComesBack<'_> {
        fn on(&self, _: &Event<'_>) {
            let calls = stack((Timeout::new(SECOND), self.0)).on(self.1);
            let _ = Probe::new(calls.run(fails(0))).poll();
            self.2.set(self.2.get() + 1);
        }
    }
    let (clock, bulkhead, told) = (ManualClock::new(), Bulkhead::builder(1).queue(0).build(), Cell::new(0));
    let observer = ComesBack(&bulkhead, &clock, &told);
    let breaker = half_open(&clock);
    let verdict = |result: &Result<u32, Error<&'static str>>| {
        assert_eq!(Probe::new(stack((&bulkhead,)).on(&clock).run(fails(0))).assert_ready().unwrap(), 1);
        if result.is_ok() { Verdict::Success } else { Verdict::Failure }
    };
    let env = Env::new(&clock).observed(&observer);
    let calls = stack((counting(&breaker, verdict), &bulkhead)).on(env);
    assert_eq!(Probe::new(calls.run(fails(0))).assert_ready().unwrap(), 1);
    assert!(Probe::new(calls.run(fails(9))).assert_ready().is_err());
    let held = bulkhead.try_acquire();
    let _ = Probe::new(stack((&bulkhead,)).on(env).run(fails(0))).assert_ready();
    drop(held);
    assert_eq!(told.get(), 4, "it probes, is closed, opens, and refuses");
}

/// Says that it does not listen, and means it.
#[derive(Clone, Copy)]
struct Deaf;

impl Observer for Deaf {
    fn on(&self, event: &Event<'_>) {
        panic!("{event}");
    }

    fn is_listening(&self) -> bool {
        false
    }
}

#[test]
fn who_does_not_listen_is_told_nothing() {
    on_sim(async |sim| {
        let (breaker, full) = (opens_after(1, &sim), Bulkhead::builder(1).queue(0).build());
        let _held = full.try_acquire();
        let env = Env::new(&sim).observed(Deaf).entropy(&sim).named("users");
        let calls = stack((Fallback::value(7), every_second(2), &breaker)).on(env);
        assert_eq!(calls.run(fails(9)).await.unwrap(), 7);
        assert!(stack((&full,)).on(env).run(fails(0)).await.is_err());
        let hedged = stack((Hedge::after(SECOND), Timeout::new(3 * SECOND))).on(env);
        assert!(hedged.run(never).await.is_err());
    });
}

/// Waits that make no sense, said by what refuses: none at all, and one without an end.
#[test]
fn a_refusal_that_holds_for_ever_is_waited_for_as_long_as_the_schedule_lets_it() {
    on_sim(async |sim| {
        for (open_for, waited) in [(Duration::ZERO, SECOND), (Duration::MAX, SECOND + 2 * 6 * SECOND)] {
            let open_for = constant(open_for).jitter(Jitter::NONE).unlimited();
            let breaker = CircuitBreaker::builder().consecutive(1).open_for(open_for).build(sim.clone());
            let retry = Retry::new(constant(SECOND).jitter(Jitter::NONE).attempts(4));
            let began = sim.now();
            let result = stack((retry, &breaker)).on(&sim).run(fails(1)).await;
            assert_eq!(sim.now().saturating_duration_since(began), waited);
            if let Err(error) = result {
                assert!(error.is_refused() && error.attempts() == 4, "{error}");
            }
        }
    });
}

/// Of the bulkhead's own: a place that came free is for those in line, and not for whoever is quick.
#[test]
fn nobody_in_a_stack_overtakes_who_waits_in_line_outside_of_it() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let calls = stack((&bulkhead,)).on(&clock);
    let held = bulkhead.try_acquire().unwrap();
    let mut first = Probe::new(bulkhead.acquire());
    first.assert_pending();
    drop(held);
    let mut second = Probe::new(calls.run(fails(0)));
    second.assert_pending();
    let permit = first.assert_ready().unwrap();
    second.assert_pending();
    drop(permit);
    assert_eq!((second.wakes(), second.assert_ready().unwrap()), (1, 1));
}

/// Polled by somebody else each time, the last waker is the one that counts, through every layer.
#[test]
fn each_poll_may_bring_another_waker() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let held = bulkhead.try_acquire().unwrap();
    let calls = stack((Timeout::new(9 * SECOND), every_second(3), CatchPanic, &bulkhead)).on(&clock);
    let mut future = std::pin::pin!(calls.run(fails(0)));
    let (early, late) = (untether::testing::CountingWaker::new(), untether::testing::CountingWaker::new());
    for waker in [&early, &late] {
        let waker = waker.waker();
        assert!(future.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    }
    drop(held);
    assert_eq!((early.wakes(), late.wakes()), (0, 1));
}

/// A future that keeps what it has until it is dropped, though it was ready long before.
struct Keeps<'a> {
    goes_well: bool,
    _held: Leaves<'a>,
}

impl Future for Keeps<'_> {
    type Output = Result<(), &'static str>;

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(if self.goes_well { Ok(()) } else { Err("no") })
    }
}

/// Who comes next never meets what is left of the one before, nor does whoever is asked about its result.
#[test]
fn what_is_left_of_an_operation_is_gone_before_its_place_is_free_and_before_anybody_judges() {
    let (clock, bulkhead, running) = (ManualClock::new(), Bulkhead::new(1), Cell::new(9));
    let breaker = CircuitBreaker::new(&clock);
    for ok in [true, false] {
        let verdict = |_: &Result<(), Error<&'static str>>| {
            assert_eq!(running.get(), 1, "it is gone, and was when its place was its own");
            Verdict::Ignore
        };
        let calls = stack((&bulkhead, counting(&breaker, verdict))).on(&clock);
        let mut future =
            Probe::new(calls.run(|| Keeps { goes_well: ok, _held: Leaves(&bulkhead, &running) }));
        assert_eq!(future.assert_ready().is_ok(), ok);
        assert_eq!((running.replace(9), bulkhead.stats().running), (1, 0), "though the future is still here");

        let calls = stack((&bulkhead,)).on(&clock);
        let mut future =
            Probe::new(calls.run(|| Keeps { goes_well: ok, _held: Leaves(&bulkhead, &running) }));
        assert_eq!(future.assert_ready().is_ok(), ok);
        assert_eq!((running.replace(9), bulkhead.stats().running), (1, 0));
    }
}

#[test]
fn a_drop_that_panics_gives_the_place_back_all_the_same() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new("in the drop"));
        }
    }
    struct Holds {
        ends: bool,
        _held: Panics,
    }
    impl Future for Holds {
        type Output = Result<(), &'static str>;
        fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<Self::Output> {
            if self.ends { Poll::Ready(Ok(())) } else { Poll::Pending }
        }
    }
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let calls = stack((&bulkhead,)).on(&clock);
    for ends in [true, false] {
        assert!(panics(calls.run(|| Holds { ends, _held: Panics })));
        assert_eq!(bulkhead.stats().running, 0, "it ends: {ends}");
    }
}
