//! What allocates: the service, and nothing around it.

use super::*;
use std::pin::pin;
use std::task::Waker;
use untether::limit::{Bulkhead, Quota, RateLimiter};
use untether::policy::{Timeout, stack};
use untether_support::allocations;

#[derive(Clone)]
struct Plain {
    fails: bool,
}

impl Service<Request> for Plain {
    type Response = Response;
    type Error = &'static str;
    type Future = std::future::Ready<Result<Response, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, Request(request): Request) -> Self::Future {
        std::future::ready(if self.fails && request % 3 != 2 {
            Err("refused")
        } else {
            Ok(Response(request))
        })
    }
}

#[test]
fn nothing_allocates_in_a_call_nor_in_its_repeats() {
    let clock = ManualClock::new();
    let bulkhead = Arc::new(Bulkhead::new(1));
    let limiter = RateLimiter::new(Quota::per_second(10), &clock);
    let policy = stack((
        Timeout::new(SECOND),
        Retry::new(constant(Duration::ZERO)),
        &limiter,
        bulkhead,
        Timeout::new(SECOND),
    ));
    let layer =
        untether::tower::layer(policy, &clock).repeated_by(|request: &Request| Some(Request(request.0 + 1)));
    for fails in [false, true] {
        let mut service = layer.layer(Plain { fails });
        let mut cx = Context::from_waker(Waker::noop());
        let before = allocations();
        for _ in 0..1_000 {
            assert!(service.poll_ready(&mut cx).is_ready());
            let answer = pin!(service.call(Request(0))).poll(&mut cx);
            let expected = if fails { 2 } else { 0 };
            assert!(matches!(answer, Poll::Ready(Ok(Response(response))) if response == expected));
            clock.advance(SECOND);
        }
        assert_eq!(allocations() - before, 0);
    }
}
