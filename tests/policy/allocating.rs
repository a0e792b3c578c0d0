//! What it costs: no layer allocates, reads a clock that nobody asked for, or takes more room than what it keeps.

use super::*;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use untether_support::allocations;

/// A clock that must not be read.
#[derive(Clone, Copy)]
struct Unread;

impl Clock for Unread {
    fn now(&self) -> Instant {
        panic!("the clock was read")
    }
}

impl Timer for Unread {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        panic!("the timer was asked")
    }
}

#[track_caller]
fn finishes_at_once<F: Future<Output = Result<u32, Error<&'static str>>>>(future: F) {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Ok(1))));
}

#[test]
fn what_goes_well_at_once_allocates_nothing_and_reads_no_clock_through_any_number_of_layers() {
    let bulkhead = Bulkhead::new(4);
    let (long, short) = (Timeout::new(30 * SECOND), Timeout::new(5 * SECOND));
    let one = stack((long,)).on(Unread);
    let two = stack((long, every_second(3))).on(Unread);
    let three = stack((long, every_second(3), &bulkhead)).on(Unread);
    let five = stack((long, every_second(3), &bulkhead, every_second(2), short)).on(Unread);
    let before = allocations();
    for _ in 0..100 {
        finishes_at_once(one.run(fails(0)));
        finishes_at_once(two.run(fails(0)));
        finishes_at_once(three.run(fails(0)));
        finishes_at_once(five.run(fails(0)));
    }
    assert_eq!(allocations() - before, 0);
}

#[test]
fn a_layer_allocates_nothing_where_attempts_fail_either() {
    let (clock, bulkhead) = (ManualClock::new(), Bulkhead::new(4));
    let at_once = Retry::new(constant(Duration::ZERO).jitter(Jitter::NONE).attempts(4));
    let calls = stack((Timeout::new(SECOND), at_once, &bulkhead, Timeout::new(SECOND))).on(&clock);
    let mut cx = Context::from_waker(Waker::noop());
    let before = allocations();
    for _ in 0..100 {
        assert!(matches!(pin!(calls.run(fails(3))).poll(&mut cx), Poll::Ready(Ok(4))));
    }
    assert_eq!(allocations() - before, 0);
}

/// In bytes, of what a layer adds around a ready operation on a timer of no size. They are here to be seen when they change.
#[test]
fn the_sizes_of_the_layers_are_known() {
    fn size<F>(_: &F) -> usize {
        size_of::<F>()
    }
    let bulkhead = Bulkhead::new(4);
    let bare = size(&stack((Timeout::new(SECOND),)).on(Unread).run(fails(0)));
    let sizes = [
        ("timeout", bare),
        ("retry", size(&stack((every_second(3),)).on(Unread).run(fails(0)))),
        ("bulkhead", size(&stack((&bulkhead,)).on(Unread).run(fails(0)))),
        (
            "all three",
            size(&stack((Timeout::new(SECOND), every_second(3), &bulkhead)).on(Unread).run(fails(0))),
        ),
    ];
    println!("{sizes:?}");
    for ((name, size), most) in sizes.into_iter().zip([128, 512, 192, 1024]) {
        assert!(size <= most, "{name}: {size}");
    }
}
