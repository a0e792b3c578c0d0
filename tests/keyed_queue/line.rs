//! Who waits: in line, served in the order in which they came, and nobody is overtaken.

use super::*;

#[test]
fn receivers_are_served_in_the_order_in_which_they_came() {
    let queue = Numbers::unbounded();
    let mut line = [(); 3].map(|()| in_line(queue.recv()));
    (0..3).for_each(|n| queue.try_send(n, n).unwrap());
    let values: Vec<_> = line.iter_mut().map(|recv| *received(recv)).collect();
    assert_eq!(values, [0, 1, 2]);
}

#[test]
fn one_key_that_becomes_ready_wakes_one_receiver() {
    let queue = Numbers::unbounded();
    let line = [(); 3].map(|()| counted(queue.recv()));
    let wakes = || line.iter().map(|(_, waker)| waker.wakes()).collect::<Vec<_>>();
    queue.try_send(1, 10).unwrap();
    assert_eq!(wakes(), [1, 0, 0]);
    queue.try_send(1, 11).unwrap();
    assert_eq!(wakes(), [1, 0, 0], "it waits behind the other one of its key");
    queue.try_send(2, 20).unwrap();
    assert_eq!(wakes(), [1, 1, 0]);
}

#[test]
fn one_that_is_done_wakes_one_receiver_for_the_next_of_its_key() {
    let queue = queue_of([(1, 10), (1, 11)]);
    let first = queue.try_recv().unwrap();
    let (mut next, waker) = counted(queue.recv());
    let (_last, other) = counted(queue.recv());
    drop(first);
    assert_eq!((waker.wakes(), other.wakes()), (1, 0));
    assert_eq!(*received(&mut next), 11);
}

#[test]
fn nobody_overtakes_a_receiver_in_line() {
    let queue = Numbers::unbounded();
    let mut waits = in_line(queue.recv());
    queue.try_send(1, 10).unwrap();
    assert_eq!(queue.try_recv().err(), Some(TryRecvError::Empty), "it is granted");
    let mut later = in_line(queue.recv());
    assert_eq!(*received(&mut waits), 10);
    drop(waits);
    queue.try_send(2, 20).unwrap();
    assert_eq!(*received(&mut later), 20);
}

#[test]
fn a_granted_receiver_that_is_dropped_leaves_its_value_to_the_next() {
    let queue = Numbers::unbounded();
    let first = in_line(queue.recv());
    let (mut second, waker) = counted(queue.recv());
    queue.try_send(1, 10).unwrap();
    assert_eq!((queue.stats().granted, waker.wakes()), (1, 0));
    drop(first);
    assert_eq!(waker.wakes(), 1);
    assert_eq!(*received(&mut second), 10);
    assert_left_by_all(&queue);
}

#[test]
fn a_receiver_that_leaves_the_line_is_nobody_any_more() {
    let queue = Numbers::unbounded();
    let (first, mut second, third) = (in_line(queue.recv()), in_line(queue.recv()), in_line(queue.recv()));
    drop((first, third));
    queue.try_send(1, 10).unwrap();
    assert_eq!(*received(&mut second), 10);
}

#[test]
fn one_whose_value_was_removed_is_the_first_in_line_again() {
    let queue = Numbers::unbounded();
    let (mut first, waker) = counted(queue.recv());
    let mut second = in_line(queue.recv());
    queue.try_send(1, 10).unwrap();
    assert_eq!(queue.remove(&1), [10]);
    assert!(poll_with(&mut first, &waker.waker()).is_pending());
    queue.try_send(2, 20).unwrap();
    assert_eq!(waker.wakes(), 2);
    assert_eq!(*received(&mut first), 20);
    assert!(poll(&mut second).is_pending());
}

#[test]
fn senders_go_in_in_the_order_in_which_they_came_and_need_not_be_polled_for_it() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let mut line = [(1, 11), (2, 20), (1, 12)].map(|(key, value)| in_line(queue.send(key, value)));
    assert_eq!(queue.stats().keys, 2);
    assert_eq!(served(&queue), [(1, 10), (1, 11), (2, 20), (1, 12)], "each was let in by who made room");
    assert!(line.iter_mut().all(|send| poll(send) == Poll::Ready(Ok(()))));
    assert_left_by_all(&queue);
}

#[test]
fn room_wakes_one_sender() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let line = [(2, 20), (3, 30)].map(|(key, value)| counted(queue.send(key, value)));
    let first = queue.try_recv().unwrap();
    assert_eq!(line.each_ref().map(|(_, waker)| waker.wakes()), [1, 0]);
    drop(first);
    assert_eq!(line.each_ref().map(|(_, waker)| waker.wakes()), [1, 0], "what is in flight took no room");
}

#[test]
fn nobody_overtakes_a_sender_in_line() {
    let queue = Numbers::bounded(2);
    queue.try_send(1, 10).unwrap();
    queue.try_send(1, 11).unwrap();
    let _waits = in_line(queue.send(2, 20));
    assert_eq!(queue.try_send(3, 30), Err(SendError::Full((3, 30))));
    drop(queue.try_recv().unwrap());
    assert_eq!(queue.try_send(3, 30), Err(SendError::Full((3, 30))), "20 is in");
    assert_eq!(queue.len(), 2);
}

#[test]
fn a_sender_that_leaves_takes_its_value_along_and_holds_nobody_up() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let (first, second) = (in_line(queue.send(2, 20)), in_line(queue.send(3, 30)));
    assert_eq!(queue.keys(), 3);
    drop(first);
    assert_eq!(queue.keys(), 2, "nothing is left to know about 2");
    assert_eq!(served(&queue), [(1, 10), (3, 30)]);
    drop(second);
    assert_left_by_all(&queue);
}

#[test]
fn a_sender_that_was_let_in_and_is_dropped_leaves_its_value_in_the_queue() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let waits = in_line(queue.send(1, 11));
    drop(queue.try_recv().unwrap());
    assert_eq!(waits.into_inner(), None);
    assert_eq!(served(&queue), [(1, 11)]);
}

#[test]
fn a_key_in_line_alone_keeps_its_lane_and_its_order() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let _two = in_line(queue.send(2, 20));
    let _more = in_line(queue.send(2, 21));
    assert_eq!((queue.len_of(&2), queue.keys()), (0, 2));
    assert_eq!(served(&queue), [(1, 10), (2, 20), (2, 21)]);
}

#[test]
fn a_waker_of_a_later_poll_is_the_one_that_is_woken() {
    let queue = Numbers::bounded(1);
    let (mut recv, old) = counted(queue.recv());
    let new = CountingWaker::new();
    assert!(poll_with(&mut recv, &new.waker()).is_pending());
    queue.try_send(1, 10).unwrap();
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
    let (mut send, old) = counted(queue.send(1, 11));
    let new = CountingWaker::new();
    assert!(poll_with(&mut send, &new.waker()).is_pending());
    drop(recv);
    drop(queue.try_recv().unwrap());
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
}

#[test]
fn a_stream_waits_in_one_place_and_wakes_once_for_each_value() {
    use futures_util::StreamExt;
    let queue = Numbers::unbounded();
    let mut streams = [queue.stream(), queue.stream()];
    let wakers = [CountingWaker::new(), CountingWaker::new()];
    for (stream, waker) in streams.iter_mut().zip(&wakers) {
        assert!(poll_with(&mut stream.next(), &waker.waker()).is_pending());
        assert!(poll_with(&mut stream.next(), &waker.waker()).is_pending());
    }
    assert_eq!(queue.stats().receivers_waiting, 2);
    queue.try_send(1, 10).unwrap();
    assert_eq!(wakers.each_ref().map(CountingWaker::wakes), [1, 0]);
    drop(streams);
    assert_eq!(served(&queue), [(1, 10)]);
}
