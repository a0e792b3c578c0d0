//! What allocates.

use super::*;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether_support::allocations;

#[test]
fn nothing_allocates_once_the_places_in_line_are_there() {
    let limit = aimd(1);
    let mut cx = Context::from_waker(Waker::noop());
    let mut round = || {
        while limit.limit() > 1 {
            held(&limit).overload();
        }
        let first = held(&limit);
        let mut waits = [limit.acquire(), limit.acquire()];
        for waits in &mut waits {
            assert!(pin!(waits).poll(&mut cx).is_pending());
        }
        first.success();
        for waits in &mut waits {
            let Poll::Ready(Ok(permit)) = pin!(waits).poll(&mut cx) else { panic!("there is room") };
            permit.overload();
        }
        let run = pin!(limit.run(async || 7, |_| Some(Outcome::Success)));
        assert!(run.poll(&mut cx).is_ready());
    };
    (0..3).for_each(|_| round());
    let before = allocations();
    (0..1_000).for_each(|_| round());
    assert_eq!(allocations() - before, 0);
}
