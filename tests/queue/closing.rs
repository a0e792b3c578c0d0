//! The end of a queue: nothing new, then nothing more, and everybody told.

use super::*;

#[test]
fn close_wakes_every_consumer() {
    let queue = Queue::<()>::bounded(2);
    let mut waits: Vec<_> = (0..64).map(|_| probe(queue.recv())).collect();
    let mut into = Vec::new();
    let mut many = probe(queue.recv_many(&mut into, 9));
    let mut closed = probe(queue.closed());
    queue.close();
    assert!(waits.iter_mut().all(|recv| recv.wakes() == 1 && recv.assert_ready().is_none()));
    assert_eq!((many.wakes(), many.assert_ready()), (1, 0));
    assert_eq!(closed.wakes(), 1);
    closed.assert_ready();
}

#[test]
fn close_twice_is_close_once() {
    let queue = full(1);
    let mut send = probe(queue.send(2));
    queue.close();
    queue.close();
    assert_eq!((send.wakes(), send.assert_ready()), (1, Err(SendError::Closed(2))));
    assert_eq!(
        (queue.is_closed(), queue.try_recv(), queue.try_recv()),
        (true, Ok(1), Err(TryRecvError::Closed))
    );
    queue.close();
    assert_eq!(queue.close_now().len() + queue.close_now().len(), 0);
    queue.close();
    assert_eq!(queue.try_send(3), Err(SendError::Closed(3)));
}

#[test]
fn send_after_close_hands_the_item_back() {
    let queue = Queue::bounded(9);
    queue.close();
    assert_eq!(queue.try_send(1), Err(SendError::Closed(1)));
    assert_eq!(ready(queue.send(2)), Err(SendError::Closed(2)));
    assert!(matches!(queue.force_send(3), Err(SendError::Closed(3))));
    let mut many = queue.send_many([4, 5]);
    assert_eq!(ready(&mut many), Err(SendError::Closed(4)));
    assert!(many.into_rest().eq([5]));
    assert_eq!(queue.try_reserve(1).unwrap_err(), ReserveError::Closed);
    assert_eq!(ready(queue.reserve()).unwrap_err(), ReserveError::Closed);
    assert!(queue.is_closed() && !queue.is_full());
}

#[test]
fn close_drains() {
    let queue = Queue::bounded(3);
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    queue.close();
    assert_eq!((queue.is_closed(), queue.len()), (true, 3));
    assert_eq!((queue.try_recv(), ready(queue.recv())), (Ok(1), Some(2)));
    let mut into = Vec::new();
    assert_eq!((ready(queue.recv_many(&mut into, 9)), ready(queue.recv_many(&mut Vec::new(), 9))), (1, 0));
    assert_eq!((ready(queue.recv()), queue.try_recv()), (None, Err(TryRecvError::Closed)));
}

#[test]
fn two_producers_end_without_ending_each_other() {
    let (first, receiver) = Queue::bounded(4).split();
    let second = first.clone();
    first.try_send(1).unwrap();
    drop(first);
    assert_eq!(ready(receiver.recv()), Some(1));
    let mut recv = probe(receiver.recv());
    second.try_send(2).unwrap();
    drop(second);
    assert_eq!((recv.assert_ready(), recv.assert_ready()), (Some(2), None));
}

#[test]
fn who_waits_to_send_is_refused_and_who_was_let_in_is_not() {
    let queue = full(0);
    let mut waits: Vec<_> = (1..=40).map(|n| probe(queue.send(n))).collect();
    let mut reserve = probe(queue.reserve());
    assert_eq!(queue.try_recv(), Ok(0));
    queue.close();
    assert_eq!((wakes(&waits), reserve.wakes()), (vec![1; 40], 1));
    assert_eq!(waits[0].assert_ready(), Ok(()));
    for (n, send) in waits.iter_mut().enumerate().skip(1) {
        assert_eq!(send.assert_ready(), Err(SendError::Closed(n + 1)));
    }
    assert_eq!(reserve.assert_ready().unwrap_err(), ReserveError::Closed);
    assert_eq!((all(&queue), queue.stats().senders_waiting), (vec![1], 0));
}

#[test]
fn a_granted_receiver_takes_its_item_after_the_close_and_the_others_learn_of_the_end_then() {
    let queue = Queue::bounded(2);
    let mut granted = in_line(queue.recv());
    let mut waits = [(); 40].map(|()| probe(queue.recv()));
    queue.try_send(1).unwrap();
    queue.close();
    assert_eq!(waits.iter().map(Probe::wakes).sum::<usize>(), 0, "the item may yet be passed on");
    assert_eq!(ready(&mut granted), Some(1));
    assert!(waits.iter_mut().all(|recv| recv.wakes() == 1 && recv.assert_ready().is_none()));

    let queue = Queue::bounded(2);
    let granted = in_line(queue.recv());
    let mut waits = [probe(queue.recv()), probe(queue.recv())];
    queue.try_send(1).unwrap();
    queue.close();
    drop(granted);
    assert_eq!((waits[0].assert_ready(), waits[1].wakes(), waits[1].assert_ready()), (Some(1), 1, None));
}

#[test]
fn a_permit_outlives_the_close_and_receivers_wait_for_it() {
    let queue = Queue::bounded(4);
    let mut permit = queue.try_reserve(2).unwrap();
    let other = in_line(queue.reserve_many(3));
    queue.close();
    let mut waits = [probe(queue.recv()), probe(queue.recv())];
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty), "it may yet come");
    permit.send(1).unwrap();
    assert_eq!((wakes(&waits), waits[0].assert_ready()), (vec![1, 0], Some(1)));
    drop(other);
    waits[1].assert_pending();
    drop(permit);
    assert_eq!((waits[1].wakes(), waits[1].assert_ready()), (1, None));
}

#[test]
fn a_reserve_that_was_granted_before_the_close_is_good() {
    let queue = Queue::bounded(1);
    let permit = queue.try_reserve(1).unwrap();
    let mut granted = in_line(queue.reserve());
    drop(permit);
    queue.close();
    let mut recv = probe(queue.recv());
    ready(&mut granted).unwrap().send(1).unwrap();
    assert_eq!((recv.assert_ready(), recv.assert_ready()), (Some(1), None));
}

#[test]
fn a_permit_without_room_brings_nothing_after_the_end() {
    let queue = by_weight(4).build();
    let (mut used, mut none) = (queue.try_reserve(1).unwrap(), queue.try_reserve(0).unwrap());
    used.send(1).unwrap();
    queue.close();
    assert_eq!(
        (ready(queue.recv()), ready(queue.recv())),
        (Some(1), None),
        "there is no room that is promised"
    );
    assert_eq!((used.send(0), none.send(0)), (Err(SendError::Closed(0)), Err(SendError::Closed(0))));
    assert_eq!(queue.len(), 0);
}

#[test]
fn close_now_gives_what_is_left_and_ends_both_sides() {
    let queue = Queue::bounded(3);
    let mut permit = queue.try_reserve(1).unwrap();
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    let mut send = probe(queue.send(3));
    let mut left = queue.close_now();
    assert_eq!(
        (left.len(), left.next(), left.size_hint(), left.next(), left.next()),
        (2, Some(1), (1, Some(1)), Some(2), None)
    );
    assert_eq!((send.wakes(), send.assert_ready()), (1, Err(SendError::Closed(3))));
    assert_eq!(permit.send(4), Err(SendError::Closed(4)), "nobody receives any more");
    assert_eq!((ready(queue.recv()), queue.try_recv()), (None, Err(TryRecvError::Closed)));
    assert_eq!(queue.close_now().len(), 0);
}

#[test]
fn who_was_granted_an_item_that_close_now_took_finds_none() {
    let queue = Queue::bounded(3);
    let mut into = Vec::new();
    let (mut recv, mut many) = (probe(queue.recv()), probe(queue.recv_many(&mut into, 2)));
    let mut waits = probe(queue.recv());
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    assert!(queue.close_now().eq([1, 2]));
    assert_eq!((recv.assert_ready(), many.assert_ready(), waits.assert_ready()), (None, 0, None));
    assert_eq!((waits.wakes(), queue.stats().granted), (1, 0));
}

#[test]
fn close_now_after_close_gives_what_was_not_received() {
    let queue = Queue::bounded(3);
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    queue.close();
    assert_eq!(queue.try_recv(), Ok(1));
    assert!(queue.close_now().eq([2, 3]));
}

#[test]
fn what_is_left_and_not_taken_is_dropped_once() {
    let (queue, held) = (Queue::unbounded(), Arc::new(()));
    assert!(ready(queue.send_many((0..1_000).map(|_| held.clone()))).is_ok());
    let mut left = queue.close_now();
    assert!(left.by_ref().take(300).count() == 300 && Arc::strong_count(&held) == 701);
    drop(left);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn closed_and_empty_are_told_once_and_at_once() {
    let queue = Queue::bounded(3);
    ready(queue.empty());
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    let mut waits: Vec<_> = (0..40).map(|_| probe(queue.empty())).collect();
    let mut closed = probe(queue.closed());
    assert_eq!(queue.try_recv(), Ok(1));
    assert_eq!(wakes(&waits), vec![0; 40]);
    assert_eq!(queue.try_recv(), Ok(2));
    assert_eq!((wakes(&waits), closed.wakes()), (vec![1; 40], 0));
    waits.iter_mut().for_each(Probe::assert_ready);
    queue.close();
    closed.assert_ready();
    ready(queue.closed());
}

#[test]
fn who_comes_too_late_to_see_it_empty_waits_for_the_next_time() {
    let queue = full(1);
    let mut empty = probe(queue.empty());
    assert_eq!(queue.try_recv(), Ok(1));
    queue.try_send(2).unwrap();
    empty.assert_pending();
    assert_eq!((empty.wakes(), queue.drain().count(), empty.wakes()), (1, 1, 2));
    empty.assert_ready();
    let mut empty = queue.empty();
    queue.try_send(3).unwrap();
    assert!(poll(&mut empty).is_pending());
    drop(empty);
    drop(queue.close_now());
    ready(queue.empty());
}
