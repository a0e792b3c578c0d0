//! Functions go in, results come out.

use super::*;
use untether::spawn::SpawnExt;

#[test]
fn a_stack_runs_functions_with_and_without_an_attempt_and_operations() {
    on_sim(async |sim| {
        let calls = stack((Timeout::new(SECOND),)).on(&sim);
        assert_eq!(calls.run(async || Ok::<_, ()>(1)).await.unwrap(), 1);
        assert_eq!(calls.run(|attempt: Attempt| ready(Ok::<_, ()>(attempt.number()))).await.unwrap(), 1);
        let text = String::from("not cloned");
        let given = calls.run(once(move || ready(Ok::<_, ()>(text)))).await;
        assert_eq!(given.unwrap(), "not cloned");
    });
}

#[test]
fn one_stack_runs_operations_of_any_types() {
    on_sim(async |sim| {
        let calls = standard().on(Env::new(&sim).entropy(&sim));
        assert_eq!(calls.run(async || Ok::<_, u8>("text")).await.unwrap(), "text");
        assert_eq!(calls.run(async || Ok::<_, String>(7)).await.unwrap(), 7);
    });
}

#[test]
fn an_operation_may_borrow() {
    on_sim(async |sim| {
        let (name, calls_made) = (String::from("ada"), Cell::new(0));
        let operation = || {
            calls_made.set(calls_made.get() + 1);
            async { if calls_made.get() < 3 { Err("busy") } else { Ok(name.as_str()) } }
        };
        let calls = stack((Timeout::new(60 * SECOND), every_second(3))).on(&sim);
        assert_eq!(calls.run(operation).await.unwrap(), "ada");
    });
}

#[test]
fn what_a_stack_makes_can_be_spawned() {
    fn sendable<T: Send + 'static>(future: T) -> T {
        future
    }
    on_sim(async |sim| {
        let bulkhead = Arc::new(Bulkhead::new(1));
        let calls = stack((Timeout::new(SECOND), every_second(3), bulkhead)).on(sim.clone());
        let future = sendable(calls.run(fails(0)));
        assert_eq!(future.await.unwrap(), 1);
    });
}

#[test]
fn a_stack_stands_in_a_stack() {
    on_sim(async |sim| {
        let inner = stack((every_second(3), Timeout::new(SECOND)));
        let calls = stack((Timeout::new(60 * SECOND), inner)).on(&sim);
        assert_eq!(calls.run(fails(2)).await.unwrap(), 3);
    });
}

#[test]
fn eight_policies_are_a_stack() {
    on_sim(async |sim| {
        let one = Timeout::new(SECOND);
        let calls = stack((one, one, one, one, one, one, one, every_second(3))).on(&sim);
        let _ = calls.run(fails(0)).await.unwrap();
        let inner = stack((one, one, one, one));
        assert_eq!(
            stack((one, one, one, one, one, one, one, inner)).on(&sim).run(fails(0)).await.unwrap(),
            1
        );
    });
}

/// The guides' defaults: 30 s for all of it, 5 s for each attempt, three of them.
#[test]
fn the_standard_stack_gives_five_seconds_to_each_of_three_attempts() {
    on_sim(async |sim| {
        let made = Cell::new(0);
        let began = sim.now();
        let operation = || {
            made.set(made.get() + 1);
            never()
        };
        let error = standard().on(Env::new(&sim).entropy(&sim)).run(operation).await.unwrap_err();
        let took = sim.now().saturating_duration_since(began);
        assert_eq!((made.get(), error.attempts()), (3, 3));
        assert!(took >= 15 * SECOND && took <= 20 * SECOND, "{took:?}");
        assert!(error.to_string().starts_with("operation timed out after 5s (after 3 attempts"), "{error}");
    });
}

#[test]
fn nothing_is_admitted_before_the_first_poll() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(1));
    let calls = stack((every_second(3), &bulkhead)).on(&clock);
    let made = Cell::new(0);
    let operation = || {
        made.set(made.get() + 1);
        never()
    };
    let mut future = Probe::new(calls.run(operation));
    assert_eq!((made.get(), bulkhead.stats().running), (0, 0));
    future.assert_pending();
    assert_eq!((made.get(), bulkhead.stats().running), (1, 1));
    drop(future);
    assert_eq!(bulkhead.stats().running, 0);
}

/// What waits or repeats calls when it is polled. Where none does, it is as with a limit around a future: that has to be made first.
#[test]
fn an_operation_is_called_at_once_where_nothing_around_it_may_wait() {
    let (clock, bulkhead, made) = (ManualClock::new(), Bulkhead::new(1), Cell::new(0));
    let operation = || {
        made.set(made.get() + 1);
        never()
    };
    let around = (Fallback::value(0), Timeout::new(SECOND), CatchPanic);
    let _future = stack(around).on(&clock).run(operation);
    assert_eq!(made.replace(0), 1);
    let mut future = Probe::new(stack((stack(around), &bulkhead)).on(&clock).run(operation));
    assert_eq!(made.get(), 0);
    future.assert_pending();
    assert_eq!(made.get(), 1);
}

/// Its three attempts do not take that long, unless the machine slept.
#[test]
fn the_standard_stack_gives_thirty_seconds_to_all_of_it() {
    let clock = ManualClock::new();
    let mut future = Probe::new(standard().on(&clock).run(never));
    future.assert_pending();
    clock.advance(30 * SECOND);
    assert_eq!(future.assert_ready().unwrap_err().to_string(), "operation timed out after 30s");
}

/// Where an error has a lifetime, as a text has, they say `&str` and not `&'static str`: the compiler asks of a task that they are for any.
#[test]
fn functions_that_look_at_results_can_be_spawned_with_the_rest() {
    fn is_ok(result: &Result<u32, Error<&str>>) -> bool {
        result.is_ok()
    }
    on_sim(async |sim| {
        let breaker = Arc::new(CircuitBreaker::new(sim.clone()));
        let verdict = |result: &Result<u32, Error<&str>>| match result {
            Ok(_) => Verdict::Success,
            Err(_) => Verdict::Failure,
        };
        let fallback = Fallback::value(0).when(|error: &Error<&str>| !error.is_refused());
        let retry = every_second(3).when(|error: &Error<&str>| error.inner().is_some());
        let hedge = Hedge::after(SECOND).accept(is_ok);
        let calls = stack((fallback, retry, counting(breaker, verdict), hedge)).on(sim.clone());
        let task = sim.spawn_task(async move { calls.run(fails(0)).await }).unwrap();
        assert_eq!(task.await.unwrap().unwrap(), 1);
    });
}
