//! What a policy costs around a service of tower: a call that is ready at once, and one that is repeated.

use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;
use untether::limit::{Bulkhead, Quota, RateLimiter};
use untether::policy::{Reject, Timeout, stack};
use untether::retry::{Retry, schedule::constant};
use untether::rt::threads::Threads;
use untether::tower::{answering, layer};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const HOUR: Duration = Duration::from_secs(3600);

/// Answers at once; fails with what is odd.
#[derive(Clone, Copy)]
struct Parity;

impl Service<u32> for Parity {
    type Response = u32;
    type Error = &'static str;
    type Future = Ready<Result<u32, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, number: u32) -> Self::Future {
        ready(if number % 2 == 0 { Ok(number) } else { Err("odd") })
    }
}

/// Polls it ready, calls it, and polls the call, which is ready at once.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn call<S: Service<u32>>(service: &mut S, number: u32) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_ready());
    pin!(service.call(black_box(number))).poll(&mut cx).is_ready()
}

fn main() {
    let rt = Threads::new().expect("there are threads");
    let (places, limit) = (Bulkhead::new(4), Timeout::new(HOUR));
    let limiter = RateLimiter::new(Quota::per_second(1_000_000_000), &rt);
    let retry = Retry::new(constant(Duration::ZERO));
    let answers = answering(|_: untether::policy::Error<&str>| 0);
    let mut bare = Parity;
    let mut limited = layer(limit, &rt).layer(Parity);
    let server = layer(stack((Reject(&limiter), &places, limit)), &rt);
    let mut server = answers.layer(server.layer(Parity));
    let whole = layer(stack((limit, retry, &limiter, &places, limit)), &rt);
    let mut once = whole.layer(Parity);
    let mut flaky = whole.repeated_by(|number| Some(number + 1)).layer(Parity);
    let mut whole = whole.repeated_by(|number| Some(number + 1)).layer(Parity);
    Table::new("a service of tower that is ready at once")
        .case("by itself", || call(&mut bare, 2))
        .case("behind a time-out", || call(&mut limited, 2))
        .case("a server's: reject, bulkhead, time-out, answers", || call(&mut server, 2))
        .case("a client's: time-out, retry, rate, bulkhead, time-out", || call(&mut whole, 2))
        .case("the same, with a request that is sent once", || call(&mut once, 2))
        .case("the same, and the second attempt goes well", || call(&mut flaky, 1))
        .print();
}
