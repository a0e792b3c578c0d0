//! What a hedge, a fallback and a boundary cost that are not needed, and how large they are.

use core::time::Duration;
use std::future::{Ready, pending, ready};
use std::hint::black_box;
use std::mem::size_of_val;
use std::pin::pin;
use std::task::{Context, Waker};
use untether::fault::boundary::Failure;
use untether::fault::{Boundary, Fallback, Hedge};
use untether::retry::budget::TokenQuota;
use untether::retry::{Attempt, Retryable, schedule::Backoff};
use untether::testing::ManualClock;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Polls it once, and it is ready.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn now<F: Future>(future: F) -> F::Output {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    let std::task::Poll::Ready(output) = polled else { panic!("it waits") };
    output
}

type Answer = Result<u32, u32>;

fn call(attempt: Attempt) -> Ready<Answer> {
    ready(if black_box(attempt.number()) > 0 { Ok(1) } else { Err(2) })
}

fn calls() -> Ready<Answer> {
    ready(if black_box(1) > 0 { Ok(1) } else { Err(2) })
}

fn fails(_: Attempt) -> Ready<Answer> {
    ready(Err(black_box(2)))
}

/// The first hangs, the second answers.
async fn stuck(attempt: Attempt) -> Answer {
    if attempt.is_first() { pending().await } else { Ok(1) }
}

fn main() {
    let (clock, quota) = (ManualClock::new(), TokenQuota::new(1 << 40));
    let hedge = Hedge::after(SECOND);
    Table::new("an operation that is ready")
        .case("bare", || -> Answer { now(calls()) })
        .case("hedged", || -> Answer { now(hedge.run(call, &clock)) })
        .case("hedged, three extra, a predicate, a budget", || -> Answer {
            let hedge = hedge.extra(3).accept(|result: &Answer| result.is_ok()).budget(&quota);
            now(hedge.run(call, &clock))
        })
        .case("hedged at once, the second answers", || -> Answer {
            now(Hedge::after(Duration::ZERO).run(stuck, &clock))
        })
        .case("with a fallback that is not used", || -> Answer { now(Fallback::value(7).run(calls())) })
        .case("with a fallback that is used", || -> Answer {
            now(Fallback::value(7).run(ready(black_box(Err(2)))))
        })
        .case("retried", || now(call.retry(Backoff::standard()).on(&clock)).is_ok())
        .case("retried, a panic caught", || {
            now(call.retry(Backoff::standard()).catch_panic().on(&clock)).is_ok()
        })
        .case("behind a boundary", || now(Boundary::new("call").run(call, &clock)).is_ok())
        .case("behind a boundary, its fallback is used", || {
            let boundary = Boundary::new("call").attempts(1).fallback(Fallback::value(7));
            now(boundary.run(fails, &clock)).is_ok()
        })
        .print();
    Table::new("a delay that is armed and not over")
        .case("hedged", || {
            let hedging = pin!(hedge.run(|_| pending::<Answer>(), &clock));
            hedging.poll(&mut Context::from_waker(Waker::noop())).is_pending()
        })
        .print();
    let (boundary, fallback) = (Boundary::new("call"), Fallback::with(Failure::<u32>::attempts));
    println!("bytes of the future, beside {} of the operation's", size_of_val(&large()));
    println!("  hedged {}", size_of_val(&hedge.run(|_| large(), &clock)));
    println!("  retried {}", size_of_val(&large.retry(Backoff::standard()).on(&clock)));
    println!("  behind a boundary {}", size_of_val(&boundary.run(|_| large(), &clock)));
    let with_fallback = boundary.fallback(fallback).run(|_| large(), &clock);
    println!("  behind a boundary with a fallback {}", size_of_val(&with_fallback));
}

/// An operation whose future is of some size.
async fn large() -> Answer {
    let buffer = black_box([0_u8; 100]);
    pending::<()>().await;
    Ok(buffer[0].into())
}
