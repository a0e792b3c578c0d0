//! What becomes of the time and of the items when somebody who waits goes away.

use super::*;
use std::mem;

#[test]
fn when_the_one_that_keeps_the_time_is_dropped_the_next_does_and_nobody_else_is_woken() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let mut waiters: Vec<Waiter> = (0..4).map(|_| waiter(&queue)).collect();
    drop(waiters.remove(0));
    assert_eq!((wakes(&waiters), waiters[0].wakes(), clock.sleepers()), (1, 1, 0));
    waiters[0].assert_pending();
    assert_eq!(clock.sleepers(), 1);
    clock.advance(SECOND);
    assert_eq!((wakes(&waiters), got(&mut waiters[0])), (2, 1));
}

#[test]
fn when_it_is_dropped_after_it_was_woken_the_item_goes_to_the_next() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let (first, mut second) = (waiter(&queue), waiter(&queue));
    clock.advance(SECOND);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first);
    assert_eq!((second.wakes(), got(&mut second)), (1, 1));
}

#[test]
fn when_one_that_was_called_is_dropped_the_next_is_called() {
    let (queue, _clock) = queue();
    let mut waiters: Vec<Waiter> = (0..10).map(|_| waiter(&queue)).collect();
    put(&queue, 7, 0);
    for _ in 0..9 {
        assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
        drop(waiters.remove(0));
    }
    assert_eq!(got(&mut waiters[0]), 7);
}

#[test]
fn when_one_that_was_called_is_dropped_and_nothing_is_left_nobody_is_woken() {
    let (queue, _clock) = queue();
    let (first, mut second) = (waiter(&queue), waiter(&queue));
    let key = put(&queue, 1, 1);
    assert_eq!(queue.remove(&key), Some(1));
    drop(first);
    assert_eq!(second.wakes(), 0);
    put(&queue, 2, 0);
    assert_eq!((second.wakes(), got(&mut second)), (1, 2));
}

#[test]
fn whoever_leaves_the_middle_leaves_the_others_in_their_order_and_wakes_nobody() {
    let (queue, _clock) = queue();
    let mut waiters: Vec<Waiter> = (0..6).map(|_| waiter(&queue)).collect();
    for place in [4, 2, 5 - 2] {
        drop(waiters.remove(place));
    }
    assert_eq!((wakes(&waiters), queue.waiting()), (0, 3));
    (0..3).for_each(|item| _ = put(&queue, item, 0));
    assert_eq!(waiters.iter_mut().map(got).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn one_that_was_never_polled_or_was_served_leaves_nothing_behind() {
    let (queue, clock) = queue();
    drop(recv(&queue));
    put(&queue, 1, 0);
    let mut served = recv(&queue);
    assert_eq!(got(&mut served), 1);
    drop(served);
    assert_eq!((queue.waiting(), clock.sleepers()), (0, 0));
    put(&queue, 2, 0);
    assert_eq!(due(&queue), [2]);
}

#[test]
fn recv_many_and_a_stream_pass_it_on_as_well() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let (mut taken, mut stream) = (Vec::new(), DelayQueue::stream_owned(queue.clone()));
    let mut many = Probe::new(queue.recv_many(&mut taken, 5));
    many.assert_pending();
    let mut next = Probe::new(futures_util::StreamExt::next(&mut stream));
    next.assert_pending();
    let mut last = waiter(&queue);
    clock.advance(SECOND);
    drop(many);
    assert_eq!((next.wakes(), last.wakes()), (1, 0));
    drop(next);
    assert_eq!(last.wakes(), 0, "a stream keeps its place until it is dropped itself");
    drop(stream);
    assert_eq!((last.wakes(), got(&mut last)), (1, 1));
    assert!(taken.is_empty());
}

/// What the docs say under *Fairness*.
#[test]
fn one_that_is_leaked_when_it_is_its_turn_holds_up_those_behind_it_and_no_item_is_lost() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    put(&queue, 2, 1);
    mem::forget(waiter(&queue));
    let mut behind = waiter(&queue);
    clock.advance(SECOND);
    behind.assert_pending();
    assert_eq!(queue.close_now().map(|(_, item)| item).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((behind.wakes(), behind.assert_ready()), (1, None));
}

#[test]
fn one_that_is_leaked_in_the_middle_of_the_line_keeps_nobody_from_being_served_before_it() {
    let (queue, _clock) = queue();
    let mut first = waiter(&queue);
    mem::forget(waiter(&queue));
    put(&queue, 1, 0);
    assert_eq!(got(&mut first), 1);
}
