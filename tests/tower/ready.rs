//! Which service is called, and what becomes of its readiness.

use super::*;
use untether::limit::{Bulkhead, Quota, RateLimiter};
use untether::policy::{Cause, Reject, Timeout, stack};
use untether::retry::StopReason;

#[test]
fn the_service_that_was_polled_ready_is_the_one_called() {
    let upstream = Strict::new(1);
    let shared = upstream.shared.clone();
    let mut service =
        untether::tower::layer(stack((Timeout::new(SECOND),)), ManualClock::new()).layer(upstream);
    for round in 0..3 {
        assert_eq!(called(&mut service, round).assert_ready().unwrap(), Response(round));
        shared.assert_whole();
    }
    assert_eq!(shared.called(), [(0, 0), (1, 1), (2, 2)], "each clone takes the place of the one before");
    assert_eq!(service.get_ref().number, 3);
}

#[test]
fn readiness_is_that_of_the_service_inside() {
    let mut upstream = Strict::new(1);
    let shared = upstream.shared.clone();
    let layer = untether::tower::layer(stack((Timeout::new(SECOND),)), ManualClock::new());
    let mut service = layer.layer(upstream.clone());
    assert!(is_ready(&mut upstream));
    assert!(!is_ready(&mut service));
    drop(upstream);
    assert!(is_ready(&mut service), "asked again, it is");
    drop(service);
    shared.assert_whole();
}

#[test]
fn an_error_of_readiness_is_typed_and_not_repeated() {
    let upstream = Strict::new(1);
    upstream.shared.unready.lock().unwrap().push_back("gone");
    let policy = stack((after_a_second(),));
    let layer = untether::tower::layer(policy, ManualClock::new()).repeated_by(copied);
    let mut service = layer.layer(upstream);
    let error: Error<&str> = Probe::new(ask(&mut service, 1)).assert_ready().unwrap_err();
    assert_eq!((error.inner(), error.attempts(), error.stopped()), (Some(&"gone"), 1, None));
}

#[test]
fn who_lets_nothing_through_gives_readiness_back() {
    let clock = ManualClock::new();
    let upstream = Strict::new(1);
    let shared = upstream.shared.clone();
    let (closed, limiter) = (Bulkhead::new(1), RateLimiter::new(Quota::per_second(1).burst(1), &clock));
    closed.close();
    limiter.try_acquire(1).unwrap();

    let mut full = untether::tower::layer(stack((&closed,)), &clock).layer(upstream.clone());
    let mut refused = called(&mut full, 1);
    let error = refused.assert_ready().unwrap_err();
    shared.assert_whole(); // though the future is still there
    assert!(matches!(error.cause(), Cause::Full(_)));

    let mut limited = untether::tower::layer(stack((Reject(&limiter),)), &clock).layer(upstream);
    let mut refused = called(&mut limited, 2);
    assert!(refused.assert_ready().unwrap_err().retry_after().is_some());
    shared.assert_whole();
    assert_eq!(shared.called(), []);
}

#[test]
fn who_waits_in_the_line_of_a_policy_keeps_its_readiness() {
    let upstream = Strict::new(2);
    let shared = upstream.shared.clone();
    let bulkhead = Bulkhead::new(1);
    let mut service = untether::tower::layer(stack((&bulkhead,)), ManualClock::new()).layer(upstream);
    let place = bulkhead.try_acquire().unwrap();
    let mut waits = called(&mut service, 7);
    waits.assert_pending();
    assert_eq!((shared.slots.available(), shared.called()), (1, vec![]));
    drop(place);
    assert_eq!(waits.assert_ready().unwrap(), Response(7));
    assert_eq!(shared.called(), [(0, 7)], "with the service that was ready then");
    shared.assert_whole();
}

#[test]
fn a_repeat_waits_until_its_clone_is_ready() {
    let upstream = Strict::doing(1, [Does::Fail]);
    let shared = upstream.shared.clone();
    let clock = ManualClock::new();
    let policy = stack((after_a_second(),));
    let mut service = untether::tower::layer(policy, &clock).repeated_by(copied).layer(upstream.clone());
    let mut call = called(&mut service, 7);
    call.assert_pending();
    shared.assert_whole(); // nothing is held while it waits for its next attempt
    let mut other = upstream;
    assert!(is_ready(&mut other));
    clock.advance(SECOND);
    call.assert_pending();
    assert_eq!(shared.called().len(), 1, "the clone is not ready");
    drop(other);
    assert_eq!(call.assert_ready().unwrap(), Response(7));
    assert_eq!(shared.called().len(), 2);
    shared.assert_whole();
}

#[test]
fn a_clone_whose_readiness_fails_is_a_failed_attempt() {
    let upstream = Strict::doing(1, [Does::Fail]);
    let shared = upstream.shared.clone();
    let policy = stack((Retry::new(constant(Duration::ZERO).attempts(3)),));
    let mut service =
        untether::tower::layer(policy, ManualClock::new()).repeated_by(copied).layer(upstream.clone());
    assert!(is_ready(&mut service));
    shared.unready.lock().unwrap().push_back("gone");
    assert_eq!(Probe::new(service.call(Request(7))).assert_ready().unwrap(), Response(7));
    assert_eq!(shared.called().len(), 2, "the second attempt met a service that was gone");

    shared.script.lock().unwrap().push_back(Does::Fail);
    assert!(is_ready(&mut service));
    shared.unready.lock().unwrap().extend(["gone", "gone"]);
    let error = Probe::new(service.call(Request(7))).assert_ready().unwrap_err();
    assert_eq!((error.inner(), error.stopped()), (Some(&"gone"), Some(StopReason::Exhausted)));
    shared.assert_whole();
}
