//! What allocates.

use super::*;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether_support::allocations;

#[test]
fn nothing_allocates_once_the_places_in_line_are_there() {
    let bulkhead = Bulkhead::builder(1).queue(1).max_wait(SECOND, ManualClock::new()).build();
    let mut cx = Context::from_waker(Waker::noop());
    let mut round = || {
        let Poll::Ready(Ok(1)) = pin!(bulkhead.run(says(1))).poll(&mut cx) else { panic!("there is room") };
        let first = held(&bulkhead);
        let mut waits = pin!(bulkhead.run(says(2)));
        assert!(waits.as_mut().poll(&mut cx).is_pending());
        assert!(matches!(pin!(bulkhead.acquire()).poll(&mut cx), Poll::Ready(Err(AcquireError::Full))));
        drop(first);
        assert!(matches!(waits.poll(&mut cx), Poll::Ready(Ok(2))));
    };
    // Sleeps that were taken back lie in the clock until there are many.
    (0..100).for_each(|_| round());
    let before = allocations();
    (0..1_000).for_each(|_| round());
    assert_eq!(allocations() - before, 0);
}

#[test]
fn nothing_allocates_before_somebody_waits() {
    let before = allocations();
    let bulkhead = Bulkhead::new(1_000_000);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(matches!(pin!(bulkhead.run(says(1))).poll(&mut cx), Poll::Ready(Ok(1))));
    assert_eq!(allocations() - before, 0);
}
