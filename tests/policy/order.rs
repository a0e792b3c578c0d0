//! Outer to inner, as it is written.

use super::*;

/// Notes when what is inside of it begins and ends.
#[derive(Clone, Copy)]
struct Noted<'a>(&'static str, &'a RefCell<Vec<&'static str>>);

impl<'a, O, E> Policy<O, E> for Noted<'a>
where
    O: Op,
    O::Future: 'a,
{
    type Ok = O::Ok;
    type Err = O::Err;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<O::Ok, O::Err>> + 'a>>;

    fn run(&self, operation: O, _: &E, attempt: Attempt) -> Self::Future {
        let Noted(name, notes) = *self;
        notes.borrow_mut().push(name);
        let future = operation.call(attempt);
        Box::pin(async move {
            let result = future.await;
            notes.borrow_mut().push(name);
            result
        })
    }
}

#[test]
fn the_first_is_the_outermost() {
    on_sim(async |sim| {
        let notes = RefCell::new(Vec::new());
        let calls = stack((Noted("first", &notes), Noted("second", &notes), Noted("third", &notes))).on(&sim);
        let _ = calls.run(fails(0)).await;
        assert_eq!(notes.take(), ["first", "second", "third", "third", "second", "first"]);
    });
}

#[test]
fn a_limit_outside_of_a_retry_is_for_all_attempts() {
    on_sim(async |sim| {
        let calls = stack((Timeout::new(5 * SECOND).named("whole"), every_second(100))).on(&sim);
        let began = sim.now();
        let error = calls.run(fails(1_000)).await.unwrap_err();
        assert_eq!(sim.now().saturating_duration_since(began), 5 * SECOND);
        assert_eq!(error.to_string(), "whole: timed out after 5s");
    });
}

#[test]
fn a_limit_inside_of_a_retry_is_for_each_attempt() {
    on_sim(async |sim| {
        let calls = stack((every_second(3), Timeout::new(5 * SECOND).named("each"))).on(&sim);
        let began = sim.now();
        let error = calls.run(never).await.unwrap_err();
        assert_eq!(sim.now().saturating_duration_since(began), 17 * SECOND);
        assert_eq!(error.to_string(), "each: timed out after 5s (after 3 attempts: no attempt is left)");
    });
}

#[test]
fn a_bulkhead_outside_of_a_retry_is_held_through_its_waits_and_one_inside_is_not() {
    let (clock, outside, inside) = (ManualClock::new(), Bulkhead::new(1), Bulkhead::new(1));
    let calls = stack((&outside, every_second(3), &inside)).on(&clock);
    let mut future = Probe::new(calls.run(fails(1)));
    future.assert_pending();
    assert_eq!((outside.stats().running, inside.stats().running), (1, 0));
    clock.advance(SECOND);
    assert_eq!(future.assert_ready().unwrap(), 2);
    assert_eq!((outside.stats().running, inside.stats().running), (0, 0));
}

#[test]
fn the_operation_is_told_the_attempt_of_the_retry_nearest_to_it() {
    on_sim(async |sim| {
        let seen = RefCell::new(Vec::new());
        let operation = |attempt: Attempt| {
            seen.borrow_mut().push(attempt.number());
            ready(Err::<(), _>("busy"))
        };
        let _ = stack((every_second(2), every_second(3))).on(&sim).run(operation).await;
        assert_eq!(seen.take(), [1, 2, 3, 1, 2, 3]);
    });
}

/// Whatever stands between a retry and the operation hands the number on.
#[test]
fn every_policy_hands_the_attempt_on() {
    on_sim(async |sim| {
        let (breaker, bulkhead) = (opens_after(9, &sim), Bulkhead::new(1));
        let retry = every_second(2);
        assert_eq!(stack((retry, CatchPanic)).on(&sim).run(fails(1)).await.unwrap(), 2);
        assert_eq!(stack((retry, Timeout::new(SECOND))).on(&sim).run(fails(1)).await.unwrap(), 2);
        assert_eq!(stack((retry, &breaker, &bulkhead)).on(&sim).run(fails(1)).await.unwrap(), 2);
        let not_now = Fallback::value(0).when(|_: &Error<&'static str>| false);
        assert_eq!(stack((retry, not_now)).on(&sim).run(fails(1)).await.unwrap(), 2);
        let seen = stack((retry, Seen(not_now))).on(&sim).run(fails(1)).await.unwrap();
        assert_eq!(*seen.value(), 2);
    });
}
