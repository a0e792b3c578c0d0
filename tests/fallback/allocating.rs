//! What allocates: nothing of ours.

use super::*;
use std::task::{Context, Waker};
use untether_support::allocations;

#[test]
fn a_fallback_that_is_used_allocates_nothing() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut once = || {
        let cached = Fallback::operation(|_: &&str| ready(Ok(7))).when(|error| *error == "down");
        let run = std::pin::pin!(cached.run(fails()).outcome());
        assert!(run.poll(&mut cx).is_ready());
    };
    once();
    let before = allocations();
    (0..100).for_each(|_| once());
    assert_eq!(allocations() - before, 0);
}
