//! What allocates, and what is left behind in a parent.

use super::*;
use untether_support::allocations;

fn allocated(body: impl FnOnce()) -> u64 {
    let before = allocations();
    body();
    allocations() - before
}

#[test]
fn asking_and_waiting_allocate_nothing_once_the_places_are_there() {
    let (token, flag) = (CancelToken::new(), CancelFlag::new());
    let waker = CountingWaker::new().waker();
    let mut cx = Context::from_waker(&waker);
    let mut round = || {
        let mut waits = [token.cancelled(), token.cancelled(), token.cancelled()];
        assert!(waits.iter_mut().all(|waits| waits.poll_cancelled(&mut cx).is_pending()));
        assert!(flag.cancelled().poll_cancelled(&mut cx).is_pending());
        assert!(!token.is_cancelled() && token.check().is_ok() && token.cause().is_none());
        token.guard().disarm();
        drop(token.clone());
    };
    assert!(allocated(&mut round) > 0, "the first places");
    let later = allocated(|| {
        for _ in 0..1_000 {
            round();
        }
    });
    assert_eq!(later, 0);
}

#[test]
fn a_token_is_one_allocation_and_so_is_a_child_of_a_parent_that_had_one() {
    assert_eq!(allocated(|| drop(CancelToken::new())), 1);
    let parent = CancelToken::new();
    drop(parent.child());
    let later = allocated(|| {
        for _ in 0..1_000 {
            drop(parent.child());
        }
    });
    assert_eq!(later, 1_000);
}

#[test]
fn a_future_that_is_run_and_ready_allocates_nothing() {
    let token = CancelToken::new();
    let mut cx = Context::from_waker(Waker::noop());
    let allocated = allocated(|| {
        for _ in 0..1_000 {
            assert!(core::pin::pin!(token.run(ready(7))).poll(&mut cx).is_ready());
        }
    });
    assert_eq!(allocated, 0);
}

#[test]
fn the_cause_of_a_parent_is_shared_and_asking_for_it_allocates_nothing() {
    let root = CancelToken::new();
    let child = root.child().child();
    root.cancel_with(Cause::error("enough"));
    let asked = allocated(|| assert!(child.cause().is_some() && child.check().is_err()));
    assert_eq!(asked, 0);
}
