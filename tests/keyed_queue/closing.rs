//! Closing: what comes out still, and what comes back.

use super::*;

#[test]
fn a_closed_queue_gives_out_what_is_in_it_and_then_ends() {
    let queue = queue_of([(1, 10), (1, 11)]);
    queue.close();
    assert!(queue.is_closed());
    let mut recv = queue.recv();
    drop(received(&mut recv));
    assert_eq!(*ready(queue.recv()).unwrap(), 11);
    assert!(ready(queue.recv()).is_none());
}

#[test]
fn a_closed_queue_is_not_over_while_something_waits_behind_one_in_flight() {
    let queue = queue_of([(1, 10), (1, 11)]);
    let first = queue.try_recv().unwrap();
    let (mut waits, waker) = counted(queue.recv());
    let (mut last, other) = counted(queue.recv());
    queue.close();
    assert_eq!((waker.wakes(), other.wakes()), (0, 0), "they may still get it");
    assert_eq!(queue.try_recv().err(), Some(TryRecvError::Empty));
    drop(first);
    assert_eq!((waker.wakes(), other.wakes()), (1, 0));
    let second = received(&mut waits);
    assert_eq!((*second, other.wakes()), (11, 1), "nothing is left for the other");
    assert!(matches!(poll(&mut last), Poll::Ready(None)), "what is in flight does not come back");
}

#[test]
fn closing_sends_those_in_line_away_with_what_they_have() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let (mut sending, waker) = counted(queue.send(2, 20));
    let (mut upserting, other) = counted(queue.upsert(3, 30, |_, _| ()));
    let mut closed = in_line(queue.closed());
    queue.close();
    queue.close();
    assert_eq!((waker.wakes(), other.wakes()), (1, 1));
    assert_eq!(queue.keys(), 3, "they have not looked yet");
    assert_eq!(poll(&mut sending), Poll::Ready(Err(SendError::Closed((2, 20)))));
    assert_eq!(poll(&mut upserting), Poll::Ready(Err(SendError::Closed((3, 30)))));
    assert!(poll(&mut closed).is_ready());
    assert_eq!(served(&queue), [(1, 10)]);
    assert_left_by_all(&queue);
}

#[test]
fn one_that_was_sent_away_and_does_not_look_leaves_nothing_behind() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let (sending, again) = (in_line(queue.send(2, 20)), in_line(queue.send(2, 21)));
    queue.close();
    assert_eq!(sending.into_inner(), Some((2, 20)));
    drop(again);
    assert_eq!(queue.keys(), 1);
}

#[test]
fn closing_ends_those_who_wait_for_something() {
    for at_once in [false, true] {
        let queue = Numbers::bounded(1);
        let line = [(); 40].map(|()| counted(queue.recv()));
        if at_once {
            assert_eq!(queue.close_now().len(), 0);
        } else {
            queue.close();
        }
        for (mut recv, waker) in line {
            assert_eq!(waker.wakes(), 1);
            assert!(matches!(poll(&mut recv), Poll::Ready(None)));
            assert!(matches!(poll(&mut recv), Poll::Ready(None)), "and stays so");
        }
        assert_left_by_all(&queue);
    }
}

#[test]
fn what_is_left_comes_back_with_its_keys_in_order_and_also_what_waits_behind_one_in_flight() {
    let queue = queue_of([(1, 10), (2, 20), (1, 11), (2, 21), (2, 22), (3, 30)]);
    let first = queue.try_recv().unwrap();
    let left = queue.close_now();
    assert_eq!(left.len(), 5);
    assert_eq!(left.collect::<Vec<_>>(), [(2, 20), (3, 30), (2, 21), (2, 22), (1, 11)]);
    assert_eq!((queue.len(), queue.stats().in_flight), (0, 1));
    let (idle, waker) = counted(queue.idle());
    drop(first);
    assert_eq!(waker.wakes(), 1, "the one in flight was still awaited");
    drop(idle);
    assert_left_by_all(&queue);
}

#[test]
fn an_ended_queue_gives_nothing_and_takes_nothing() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let (mut granted, sending) = (queue.recv(), in_line(queue.send(2, 20)));
    assert_eq!(queue.close_now().collect::<Vec<_>>(), [(1, 10)]);
    assert!(matches!(poll(&mut granted), Poll::Ready(None)));
    assert_eq!(sending.into_inner(), Some((2, 20)));
    assert_eq!(queue.try_send(3, 30), Err(SendError::Closed((3, 30))));
    assert_eq!((queue.close_now().len(), queue.len_of(&1)), (0, 0));
    assert_left_by_all(&queue);
}

#[test]
fn one_who_was_granted_what_was_taken_away_at_once_learns_that_it_is_over() {
    let queue = Numbers::unbounded();
    let mut granted = in_line(queue.recv());
    queue.try_send(1, 10).unwrap();
    assert_eq!(queue.close_now().len(), 1);
    assert!(matches!(poll(&mut granted), Poll::Ready(None)));
    assert_left_by_all(&queue);
}

#[test]
fn what_is_left_and_not_looked_at_is_dropped() {
    let (queue, value) = (KeyedQueue::unbounded(), Arc::new(()));
    (0..10).for_each(|key| queue.try_send(key, value.clone()).unwrap());
    let mut left = queue.close_now();
    assert!(left.next().is_some());
    drop(left);
    assert_eq!(Arc::strong_count(&value), 1);
}
