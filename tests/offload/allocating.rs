//! What allocates.

use super::running::Inline;
use super::*;
use untether_support::allocations;

/// Of ours. What the runtime needs to pass a closure to a thread is its own.
fn allocated(mut body: impl FnMut()) -> u64 {
    (0..10).for_each(|_| body());
    let before = allocations();
    (0..100).for_each(|_| body());
    assert_eq!((allocations() - before) % 100, 0);
    (allocations() - before) / 100
}

#[test]
fn a_closure_costs_two_allocations_its_box_and_what_its_future_shares_with_it() {
    let offload = Offload::new(Inline);
    let mut cx = Context::from_waker(Waker::noop());
    let per_closure = allocated(|| {
        assert!(matches!(offload.run(|| 7).poll_unpin(&mut cx), Poll::Ready(Ok(7))));
    });
    assert_eq!(per_closure, 2);
}

#[test]
fn who_is_dropped_in_line_has_cost_nothing() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let mut first = Probe::new(offload.run(|| ()));
    first.assert_pending();
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(allocated(|| assert!(offload.run(|| ()).poll_unpin(&mut cx).is_pending())), 0);
}

#[test]
fn an_item_of_a_stream_costs_no_allocation_and_a_turn_costs_one() {
    let offload = Offload::new(Inline);
    let mut stream = offload.stream(|| 0..).ahead(8);
    let mut read = |items: u32| {
        for _ in 0..items {
            assert!(next(&mut stream).is_ready());
        }
    };
    // A turn fills up what was read, which is four of eight.
    read(8);
    assert_eq!(allocated(|| read(4)), 1);
}
