//! What allocates.

use super::*;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether_support::allocations;

#[test]
fn to_get_one_that_lies_idle_and_to_give_it_back_allocates_nothing() {
    let pool = Pool::new(4, || async { Ok::<_, ()>(0_u64) });
    let timed = Pool::builder(4, || async { Ok::<_, ()>(0_u64) }).timer(ManualClock::new());
    let timed = timed.wait_limit(SECOND).recycle_limit(SECOND).idle_time(SECOND).max_lifetime(SECOND).build();
    let mut cx = Context::from_waker(Waker::noop());
    let mut round = || {
        let Poll::Ready(Ok(mut one)) = pin!(pool.get()).poll(&mut cx) else { panic!("it is there") };
        *one += 1;
        assert!(pool.try_get().is_ok() || pool.stats().idle == 0);
        assert!(matches!(pin!(timed.get()).poll(&mut cx), Poll::Ready(Ok(_))));
    };
    (0..3).for_each(|_| round());
    let before = allocations();
    (0..1_000).for_each(|_| round());
    assert_eq!(allocations() - before, 0);
}

#[test]
fn to_wait_for_one_allocates_nothing_once_the_places_are_there() {
    let pool = Pool::new(1, || async { Ok::<_, ()>(0_u64) });
    let mut cx = Context::from_waker(Waker::noop());
    let mut round = || {
        let Poll::Ready(Ok(held)) = pin!(pool.get()).poll(&mut cx) else { panic!("it is there") };
        let mut waits = pin!(pool.get());
        assert!(waits.as_mut().poll(&mut cx).is_pending());
        drop(held);
        assert!(matches!(waits.poll(&mut cx), Poll::Ready(Ok(_))));
    };
    (0..3).for_each(|_| round());
    let before = allocations();
    (0..1_000).for_each(|_| round());
    assert_eq!(allocations() - before, 0);
}
