//! What allocates.

use super::*;
use untether_support::allocations;

type Items = Pin<Box<dyn Stream<Item = u32>>>;

/// How often it allocates for so many items.
fn of(items: u32, way: impl Fn(Items)) -> u64 {
    let before = allocations();
    way(Box::pin(futures_util::stream::iter(0..items)));
    allocations() - before
}

async fn work(n: u32) -> Result<u32, u32> {
    if n % 2 == 0 {
        yield_now().await;
    }
    if n % 3 == 0 { Err(n) } else { Ok(n) }
}

/// To the end, without keeping anything.
fn exhaust<S: Stream>(stream: S) {
    let mut stream = std::pin::pin!(stream);
    while !matches!(next(stream.as_mut()), Poll::Ready(None)) {}
}

fn finish<F: Future>(future: F) {
    let mut future = std::pin::pin!(future);
    while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
}

#[test]
fn a_thousand_items_cost_as_many_allocations_as_a_hundred() {
    let ways: [fn(Items); 3] = [
        |items| finish(map_stream(items, work).limit(16).tally()),
        |items| exhaust(map_stream(items, work).limit(16).as_completed()),
        |items| exhaust(map_stream(items, work).limit(16).ordered()),
    ];
    for way in ways {
        let (hundred, thousand) = (of(100, way), of(1_000, way));
        assert_eq!(hundred, thousand);
        // One box and one waker per place, a few lists that grow to that many, and what is around it.
        assert!(hundred <= 2 * 16 + 40, "{hundred}");
    }
}

#[test]
fn what_is_ready_at_once_uses_one_place() {
    let ready = |items| finish(map(0..items, |n: u32| ready(Ok::<_, ()>(n))).limit(1_000).tally());
    let before = allocations();
    ready(1_000);
    assert!(allocations() - before <= 10, "{}", allocations() - before);
}
