//! What allocates: nothing of ours, where nobody is told.

use super::*;
use std::task::{Context, Waker};
use untether_support::allocations;

#[test]
fn a_boundary_that_nobody_watches_allocates_nothing() {
    let clock = ManualClock::new();
    let mut cx = Context::from_waker(Waker::noop());
    let mut once = || {
        let boundary = Boundary::new("load").retry(each_second()).attempt_timeout(SECOND);
        let boundary = boundary.on_timeout(Fallback::value(1)).fallback(Fallback::value(2));
        let mut running = std::pin::pin!(boundary.run(fails(9), &clock));
        while running.as_mut().poll(&mut cx).is_pending() {
            clock.advance_to_next();
        }
    };
    (0..10).for_each(|_| once());
    let before = allocations();
    (0..100).for_each(|_| once());
    assert_eq!(allocations() - before, 0);
}
