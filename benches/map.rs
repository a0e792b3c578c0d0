//! What an item costs that is done by a map, and a wake among many that wait.

use futures_util::StreamExt;
use std::future::poll_fn;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether::spawn::yield_now;
use untether::task::map;
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Polls until it is ready; what is driven so wakes itself.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn drive<F: Future>(future: F, waker: &Waker) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
    }
}

type Said = Result<u64, u64>;

async fn at_once(n: u64) -> Said {
    Ok(black_box(n))
}

async fn later(n: u64) -> Said {
    yield_now().await;
    Ok(black_box(n))
}

/// The sum of what a stream gives.
macro_rules! sum {
    ($stream:expr, $value:expr) => {
        async {
            let mut stream = pin!($stream);
            let mut sum = 0_u64;
            while let Some(item) = stream.next().await {
                sum = sum.wrapping_add($value(item));
            }
            black_box(sum)
        }
    };
}

fn items<F: Future<Output = Said>>(title: &'static str, work: impl Fn(u64) -> F + Copy, waker: &Waker) {
    let of = |times| map(0..times, work).limit(16);
    Table::new(title)
        .batch("tally", |times| assert_eq!(drive(of(times).tally(), waker).ok as u64, times))
        .batch("as completed", |times| {
            drive(
                sum!(of(times).as_completed(), |(_, item): (_, untether::task::Outcome<u64, _>)| item
                    .ok()
                    .unwrap()),
                waker,
            );
        })
        .batch("ordered", |times| {
            drive(
                sum!(of(times).ordered(), |item: untether::task::Outcome<u64, _>| item.ok().unwrap()),
                waker,
            );
        })
        .batch("try_collect", |times| {
            assert_eq!(drive(of(times).try_collect(), waker).unwrap().len() as u64, times);
        })
        .batch("collect", |times| assert_eq!(drive(of(times).collect(), waker).len() as u64, times))
        .print();
}

/// So many wait; one of them is woken and ends, and the next takes its place.
fn wakes(limit: usize, waker: &Waker) -> impl FnMut() {
    let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
    let waker = waker.clone();
    let waits = move |_: u64| {
        let (mut waited, sender) = (false, sender.clone());
        poll_fn(move |cx| {
            if waited {
                return Poll::Ready(Ok::<(), ()>(()));
            }
            waited = true;
            sender.send(cx.waker().clone()).unwrap();
            Poll::Pending
        })
    };
    let mut stream = Box::pin(map(0.., waits).limit(limit).as_completed());
    move || {
        let mut cx = Context::from_waker(&waker);
        while futures_core::Stream::poll_next(stream.as_mut(), &mut cx).is_ready() {}
        receiver.recv().unwrap().wake();
    }
}

fn main() {
    let waker = CountingWaker::new().waker();
    items("an item that is ready, 16 at a time", at_once, &waker);
    items("an item that yields once, 16 at a time", later, &waker);
    Table::new("one of so many is woken, ends, and another begins")
        .case("1", wakes(1, &waker))
        .case("16", wakes(16, &waker))
        .case("1,000", wakes(1_000, &waker))
        .case("100,000", wakes(100_000, &waker))
        .print();
}
