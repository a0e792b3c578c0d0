//! What is repeated: nothing, or what can be copied.

use super::*;
use untether::limit::{Bulkhead, Quota, RateLimiter};
use untether::policy::{Timeout, stack};
use untether::retry::StopReason;

fn at_once() -> Retry<Body, Plan<Backoff<Constant>>> {
    Retry::new(constant(Duration::ZERO))
}

#[test]
fn a_request_that_cannot_be_copied_goes_through_a_whole_stack_once() {
    let clock = ManualClock::new();
    let (bulkhead, limiter) = (Bulkhead::new(1), RateLimiter::new(Quota::per_second(9), &clock));
    let limit = Timeout::new(SECOND);
    let layer = untether::tower::layer(stack((limit, at_once(), &limiter, &bulkhead, limit)), &clock);
    let upstream = Strict::doing(1, [Does::Fail]);
    let shared = upstream.shared.clone();
    let mut service = layer.layer(upstream);
    let error = called(&mut service, 7).assert_ready().unwrap_err();
    assert_eq!(
        (error.inner(), error.attempts(), error.stopped()),
        (Some(&"refused"), 1, Some(StopReason::Once))
    );
    assert_eq!(called(&mut service, 8).assert_ready().unwrap(), Response(8));
    assert_eq!(shared.called().len(), 2);
    shared.assert_whole();
}

#[test]
fn a_function_that_copies_requests_has_them_repeated() {
    let upstream = Strict::doing(1, [Does::Fail, Does::Fail]);
    let shared = upstream.shared.clone();
    let layer = untether::tower::layer(stack((at_once(),)), ManualClock::new());
    let mut service = layer.repeated_by(|request: &Request| Some(Request(request.0 + 1))).layer(upstream);
    assert_eq!(called(&mut service, 7).assert_ready().unwrap(), Response(9));
    let requests: Vec<u32> = shared.called().into_iter().map(|(_, request)| request).collect();
    assert_eq!(requests, [7, 8, 9], "each is made from the one before");
    shared.assert_whole();
}

#[test]
fn a_request_that_the_function_does_not_copy_is_sent_once() {
    let upstream = Strict::doing(1, [Does::Fail, Does::Fail]);
    let shared = upstream.shared.clone();
    let even_ones = |request: &Request| (request.0 % 2 == 0).then_some(Request(request.0));
    let layer = untether::tower::layer(stack((at_once(),)), ManualClock::new()).repeated_by(even_ones);
    let mut service = layer.layer(upstream);
    let error = called(&mut service, 7).assert_ready().unwrap_err();
    assert_eq!((error.attempts(), error.stopped()), (1, Some(StopReason::Once)));
    assert_eq!(called(&mut service, 8).assert_ready().unwrap(), Response(8));
    assert_eq!(shared.called().len(), 3);
}

#[test]
fn requests_that_are_clone_are_repeated_as_they_are() {
    /// Takes text, and passes its length on.
    #[derive(Clone)]
    struct Lengths(Strict);

    impl Service<String> for Lengths {
        type Response = Response;
        type Error = &'static str;
        type Future = Serving;

        fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            self.0.poll_ready(cx)
        }

        fn call(&mut self, text: String) -> Serving {
            self.0.call(Request(u32::try_from(text.len()).unwrap()))
        }
    }

    let layer = untether::tower::layer(stack((at_once(),)), ManualClock::new()).cloning();
    let mut service = layer.layer(Lengths(Strict::doing(1, [Does::Fail])));
    let mut ready = Probe::new(poll_fn(|cx| service.poll_ready(cx)));
    ready.assert_ready().unwrap();
    drop(ready);
    assert_eq!(Probe::new(service.call("four".to_owned())).assert_ready().unwrap(), Response(4));
}

#[test]
fn nothing_is_copied_where_nothing_repeats() {
    let layer = untether::tower::layer(stack((Timeout::new(SECOND),)), ManualClock::new());
    let mut service =
        layer.repeated_by(|_: &Request| unreachable!("who would want it?")).layer(Strict::new(1));
    assert_eq!(called(&mut service, 7).assert_ready().unwrap(), Response(7));
}
