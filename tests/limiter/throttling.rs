//! Streams whose items go through a limiter.

use super::*;
use futures_util::stream::{self, FusedStream, Stream, StreamExt};
use std::cell::Cell;
use std::pin::Pin;

#[test]
fn items_come_at_the_rate_after_a_burst() {
    let (limiter, clock) = limiter(Quota::per_second(10).burst(2));
    let mut items = Probe::new(limiter.throttle(stream::iter(0..4)).collect::<Vec<_>>());
    let start = clock.now();
    while items.poll().is_pending() {
        clock.advance_to_next().expect("it waits for its limiter");
    }
    assert_eq!(clock.now().saturating_duration_since(start), 200 * MS);
    assert_eq!(limiter.peek(), 0);
}

#[test]
fn no_cell_is_taken_for_an_item_that_does_not_come() {
    let (limiter, _clock) = limiter(Quota::per_second(5));
    let mut none = limiter.throttle(stream::pending::<()>());
    let mut next = Probe::new(none.next());
    next.assert_pending();
    drop(next);
    assert_eq!(Probe::new(limiter.throttle(stream::empty::<()>()).collect::<Vec<_>>()).assert_ready(), []);
    assert_eq!(limiter.peek(), 5);
}

#[test]
fn a_next_that_is_dropped_loses_neither_its_item_nor_its_place() {
    let (limiter, clock) = exhausted();
    let mut items = limiter.throttle(stream::iter(0..3));
    Probe::new(items.next()).assert_pending();
    let mut other = waiter(&limiter, 1);
    for item in 0..3 {
        Probe::new(items.next()).assert_pending();
        clock.advance(SECOND);
        assert_eq!(Probe::new(items.next()).assert_ready(), Some(item));
        if item == 0 {
            Probe::new(items.next()).assert_pending();
            other.assert_pending();
            clock.advance(SECOND);
            assert_eq!(other.assert_ready(), Ok(()), "it came before the next item did");
        }
    }
    assert_eq!(Probe::new(items.next()).assert_ready(), None);
    assert_eq!(limiter.stats().waiting, 0);
}

#[test]
fn one_that_is_dropped_drops_its_item_and_takes_no_cell() {
    let (limiter, clock) = exhausted();
    let item = Arc::new(());
    let mut items = Box::pin(limiter.throttle(stream::iter([item.clone()])));
    Probe::new(items.next()).assert_pending();
    drop(items);
    assert_eq!((Arc::strong_count(&item), limiter.stats().waiting, clock.sleepers()), (1, 0, 0));
    clock.advance(SECOND);
    assert_eq!(limiter.try_acquire(1), Ok(()));
}

/// Ends for a while after each item.
struct Ends(Cell<u32>);

impl Stream for Ends {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<Option<u32>> {
        let n = self.0.replace(self.0.get() + 1);
        Poll::Ready((n % 2 == 0).then_some(n))
    }
}

impl FusedStream for Ends {
    fn is_terminated(&self) -> bool {
        self.0.get() >= 3
    }
}

#[test]
fn it_says_how_many_are_to_come_and_whether_it_has_ended_with_the_item_that_it_holds() {
    let (limiter, clock) = exhausted();
    let mut items = limiter.throttle(stream::iter(0..3));
    assert_eq!(items.size_hint(), (3, Some(3)));
    Probe::new(items.next()).assert_pending();
    assert_eq!((items.size_hint(), items.get_ref().size_hint()), ((3, Some(3)), (2, Some(2))));
    clock.advance(SECOND);
    Probe::new(items.next()).assert_ready();
    assert_eq!(items.size_hint(), (2, Some(2)));

    let mut ends = RateLimiter::throttle_owned(limiter.clone(), Ends(Cell::new(0)));
    Probe::new(ends.next()).assert_pending();
    clock.advance(SECOND);
    assert_eq!(Probe::new(ends.next()).assert_ready(), Some(0));
    assert_eq!((Probe::new(ends.next()).assert_ready(), ends.is_terminated()), (None, false));
    Probe::new(ends.next()).assert_pending();
    assert!(!ends.is_terminated(), "it holds the last item");
    clock.advance(SECOND);
    assert_eq!((Probe::new(ends.next()).assert_ready(), ends.is_terminated()), (Some(2), true));
}

#[test]
fn several_streams_share_a_limiter_in_the_order_in_which_their_items_came_to_wait() {
    let (limiter, clock) = exhausted();
    let mut streams = [0, 10].map(|first| limiter.throttle(stream::iter(first..first + 3)));
    let mut came = Vec::new();
    for _ in 0..12 {
        for stream in &mut streams {
            if let Poll::Ready(item) = Probe::new(stream.next()).poll() {
                came.extend(item);
            }
        }
        clock.advance(SECOND);
    }
    assert_eq!(came, [0, 10, 1, 11, 2, 12]);
}
