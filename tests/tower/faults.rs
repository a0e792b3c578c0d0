//! What stands against faults, as layers: breakers, hedges, fallbacks, caught panics.

use super::*;
use untether::fault::breaker::State;
use untether::fault::{CircuitBreaker, Fallback, Hedge};
use untether::policy::{CatchPanic, Cause, Timeout, stack};
use untether::tower::{Answer, answer, layer};

#[test]
fn a_breaker_that_is_open_gives_readiness_back_and_says_when_to_come_again() {
    let clock = ManualClock::new();
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).unlimited();
    let breaker = CircuitBreaker::builder().consecutive(2).open_for(ten_seconds).build(&clock);
    let upstream = Strict::doing(1, [Does::Fail, Does::Fail]);
    let shared = upstream.shared.clone();
    let mut service = layer(stack((&breaker,)), &clock).layer(upstream);
    for request in 0..2 {
        assert_eq!(called(&mut service, request).assert_ready().unwrap_err().inner(), Some(&"refused"));
    }
    let refused = called(&mut service, 2).assert_ready().unwrap_err();
    let answer = answer(&refused, |_| unreachable!());
    assert_eq!((answer.status(), answer.retry_after()), (503, Some(10 * SECOND)));
    shared.assert_whole();
    clock.advance(10 * SECOND);
    assert_eq!(called(&mut service, 3).assert_ready().unwrap(), Response(3));
    assert_eq!((breaker.state(), shared.called().len()), (State::Closed, 3));
}

#[test]
fn an_error_of_readiness_counts_for_no_breaker() {
    let clock = ManualClock::new();
    let breaker = CircuitBreaker::builder().consecutive(1).build(&clock);
    let upstream = Strict::new(1);
    upstream.shared.unready.lock().unwrap().push_back("gone");
    let mut service = layer(stack((&breaker,)), &clock).layer(upstream);
    assert!(Probe::new(ask(&mut service, 1)).assert_ready().is_err());
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn a_hedge_calls_a_clone_beside_the_first_and_waits_until_it_is_ready() {
    for slots in [1, 2] {
        let clock = ManualClock::new();
        let upstream = Strict::doing(slots, [Does::Hang]);
        let shared = upstream.shared.clone();
        let hedge = stack((Timeout::new(9 * SECOND), Hedge::after(SECOND)));
        let mut service = layer(hedge, &clock).repeated_by(copied).layer(upstream);
        let mut call = called(&mut service, 7);
        call.assert_pending();
        clock.advance(SECOND);
        if slots == 2 {
            assert_eq!(call.assert_ready().unwrap(), Response(7));
        } else {
            call.assert_pending(); // the first has the only slot
            assert_eq!(shared.called().len(), 1);
            clock.advance(8 * SECOND);
            assert!(call.assert_ready().unwrap_err().is_timeout());
        }
        drop(call);
        assert_eq!(shared.called().len(), slots);
        shared.assert_whole();
    }
}

#[test]
fn a_fallback_answers_what_went_wrong_inside_of_it() {
    let instead =
        Fallback::with(|error: &Error<&str>| Response(answer(error, |_| Answer::new(502)).status().into()));
    let mut service = layer(stack((instead,)), ManualClock::new()).layer(Strict::doing(1, [Does::Fail]));
    assert_eq!(called(&mut service, 1).assert_ready().unwrap(), Response(502));
    assert_eq!(called(&mut service, 2).assert_ready().unwrap(), Response(2));
}

#[test]
fn a_panic_that_is_caught_is_an_answer_without_its_text() {
    let upstream = Strict::doing(1, [Does::Panic]);
    let shared = upstream.shared.clone();
    let mut service = layer(stack((CatchPanic,)), ManualClock::new()).layer(upstream);
    let error = called(&mut service, 1).assert_ready().unwrap_err();
    assert!(matches!(error.cause(), Cause::Panicked(_)));
    let answer = answer(&error, |_| unreachable!());
    assert_eq!((answer.status(), answer.text()), (500, "internal error"));
    shared.assert_whole();
    assert_eq!(called(&mut service, 2).assert_ready().unwrap(), Response(2));
}
