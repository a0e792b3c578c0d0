//! Futures that are dropped, taken back, kept and not polled, and forgotten.

use super::*;
use std::mem::forget;

#[test]
fn a_recv_that_is_dropped_after_it_was_granted_passes_the_grant_on() {
    let queue = Queue::bounded(4);
    let first = probe(queue.recv());
    let mut second = probe(queue.recv());
    queue.try_send(1).unwrap();
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first);
    assert_eq!((second.wakes(), second.assert_ready()), (1, Some(1)));
}

#[test]
fn of_200_items_that_went_to_a_recv_that_was_dropped_200_are_there() {
    let queue = Queue::bounded(1);
    for n in 0..200 {
        let recv = in_line(queue.recv());
        queue.try_send(n).unwrap();
        drop(recv);
        assert_eq!(queue.try_recv(), Ok(n));
    }
    assert_eq!((queue.stats().granted, queue.stats().receivers_waiting), (0, 0));
}

#[test]
fn so_do_a_recv_many_and_a_stream() {
    let queue = Queue::bounded(4);
    let mut into = Vec::new();
    let many = in_line(queue.recv_many(&mut into, 2));
    let mut stream = queue.stream();
    assert!(
        futures_core::Stream::poll_next(Pin::new(&mut stream), &mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    let mut last = probe(queue.recv());
    queue.try_send(1).unwrap();
    drop(many);
    assert_eq!(queue.stats().granted, 1, "the stream has it now");
    drop(stream);
    assert_eq!((last.wakes(), last.assert_ready(), into.len()), (1, Some(1), 0));
}

#[test]
fn who_leaves_the_line_ungranted_wakes_nobody() {
    let queue = Queue::bounded(4);
    let mut waits = Vec::from([(); 3].map(|()| probe(queue.recv())));
    drop(waits.remove(1));
    queue.try_send(1).unwrap();
    queue.try_send(2).unwrap();
    assert_eq!(wakes(&waits), [1, 1]);
    assert_eq!((waits[0].assert_ready(), waits[1].assert_ready()), (Some(1), Some(2)));

    let queue = full(0);
    let mut waits = Vec::from([1, 2, 3].map(|n| probe(queue.send(n))));
    drop(waits.remove(1));
    assert_eq!(wakes(&waits), [0, 0]);
    assert_eq!(all(&queue), [0, 1, 3]);
}

#[test]
fn a_dropped_send_takes_its_item_along_unless_it_was_let_in() {
    let (queue, held) = (full(Arc::new(())), Arc::new(()));
    drop(queue.send(held.clone()));
    assert_eq!(Arc::strong_count(&held), 1, "one that was never polled leaks nothing");
    drop(in_line(queue.send(held.clone())));
    assert_eq!((Arc::strong_count(&held), queue.stats().senders_waiting), (1, 0));
    let waits = in_line(queue.send(held.clone()));
    assert!(queue.try_recv().is_ok());
    drop(waits);
    assert_eq!((Arc::strong_count(&held), queue.len()), (2, 1));
    assert!(Arc::ptr_eq(&queue.try_recv().unwrap(), &held));
}

#[test]
fn an_item_is_taken_back_unless_it_was_let_in() {
    let queue = full(0);
    assert_eq!(queue.send(1).into_inner(), Some(1));
    let (back, mut next) = (in_line(queue.send(2)), probe(queue.send(3)));
    assert_eq!(back.into_inner(), Some(2));
    let gone = in_line(queue.send(4));
    assert_eq!((queue.try_recv(), queue.try_recv(), next.assert_ready()), (Ok(0), Ok(3), Ok(())));
    assert_eq!(gone.into_inner(), None);
    assert_eq!(queue.try_recv(), Ok(4));
    let refused = {
        queue.try_send(5).unwrap();
        let refused = in_line(queue.send(6));
        queue.close();
        refused
    };
    assert_eq!(refused.into_inner(), Some(6), "also after it was refused");
}

#[test]
fn a_heavy_head_that_leaves_lets_lighter_ones_go() {
    let queue = by_weight(4).build();
    queue.try_send(2).unwrap();
    let heavy = in_line(queue.send(3));
    let mut light = [probe(queue.send(1)), probe(queue.send(1)), probe(queue.send(1))];
    assert_eq!(heavy.into_inner(), Some(3));
    assert_eq!(wakes(&light), [1, 1, 0]);
    assert_eq!((light[0].assert_ready(), queue.stats().weight), (Ok(()), 4));

    let queue = by_weight(4).build();
    queue.try_send(2).unwrap();
    let heavy = in_line(queue.reserve_many(3));
    let mut light = [probe(queue.reserve_many(1)), probe(queue.reserve_many(2))];
    drop(heavy);
    assert_eq!(wakes(&light), [1, 0]);
    drop(light[0].assert_ready().unwrap());
    assert_eq!(light[1].assert_ready().unwrap().room(), 2);
}

#[test]
fn reserved_room_that_is_not_used_goes_on() {
    let queue = Queue::bounded(2);
    let permit = queue.try_reserve(2).unwrap();
    let (granted, mut next) = (in_line(queue.reserve_many(2)), probe(queue.send(1)));
    drop(permit);
    assert_eq!((next.wakes(), queue.stats().reserved), (0, 2));
    drop(granted);
    assert_eq!((next.wakes(), next.assert_ready()), (1, Ok(())));
    assert_eq!((queue.stats().reserved, queue.stats().weight), (0, 1));
}

#[test]
fn part_of_a_permit_that_is_not_used_goes_on() {
    let queue = Queue::bounded(3);
    let mut permit = queue.try_reserve(3).unwrap();
    let mut waits: Vec<_> = (1..=3).map(|n| probe(queue.send(n))).collect();
    permit.send(0).unwrap();
    assert_eq!(wakes(&waits), [0, 0, 0]);
    drop(permit);
    assert_eq!(wakes(&waits), [1, 1, 0]);
    assert_eq!(waits[0].assert_ready(), Ok(()));
    assert_eq!(all(&queue), [0, 1, 2, 3]);
}

#[test]
fn a_dropped_send_many_leaves_what_is_in_and_nothing_else() {
    let (queue, held) = (Queue::bounded(3), Arc::new(()));
    let many = in_line(queue.send_many((0..10).map(|_| held.clone())));
    assert!(queue.try_recv().is_ok());
    drop(many);
    assert_eq!((queue.len(), queue.stats().senders_waiting), (3, 0), "one was let in meanwhile");
    drop(queue.drain());
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_send_that_is_kept_and_not_polled_holds_nobody_up() {
    let queue = full(0);
    let mut never = queue.send(7);
    let once = in_line(queue.send(1));
    let mut next = probe(queue.send(2));
    assert_eq!((queue.try_recv(), queue.try_recv(), queue.try_recv()), (Ok(0), Ok(1), Ok(2)));
    assert_eq!(next.assert_ready(), Ok(()));
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
    drop(once);
    assert_eq!((ready(&mut never), queue.try_recv()), (Ok(()), Ok(7)));
}

#[test]
fn a_recv_that_is_kept_and_not_polled_keeps_one_item_and_is_counted() {
    let queue = Queue::bounded(4);
    let mut kept = in_line(queue.recv());
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    assert_eq!((queue.stats().granted, queue.stats().receivers_waiting), (1, 0));
    assert_eq!((ready(queue.recv()), queue.try_recv()), (Some(1), Ok(2)));
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
    assert_eq!((ready(&mut kept), queue.stats().granted), (Some(3), 0));
}

#[test]
fn a_forgotten_recv_keeps_one_item_at_most_from_others() {
    let queue = Queue::bounded(2);
    forget(in_line(queue.recv()));
    for n in 0..100 {
        queue.try_send(n).unwrap();
        assert_eq!(queue.try_recv().is_ok(), n > 0);
    }
    assert_eq!((queue.len(), queue.stats().granted), (1, 1));
    queue.close();
    assert_eq!(queue.close_now().collect::<Vec<_>>(), [99]);
    assert_eq!(ready(queue.recv()), None);
}

#[test]
fn the_item_of_a_forgotten_send_is_received() {
    let queue = full(0);
    forget(in_line(queue.send(1)));
    let mut next = probe(queue.send(2));
    assert_eq!(all(&queue), [0, 1, 2]);
    assert_eq!(next.assert_ready(), Ok(()));
    // And one in line is dropped with the queue.
    let (queue, held) = (full(Arc::new(())), Arc::new(()));
    forget(in_line(queue.send(held.clone())));
    drop(queue);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_forgotten_reserve_keeps_its_room_and_no_more() {
    let queue = Queue::bounded(3);
    let permit = queue.try_reserve(3).unwrap();
    forget(in_line(queue.reserve()));
    drop(permit);
    assert_eq!((queue.stats().reserved, queue.try_send(1), queue.try_send(2)), (1, Ok(()), Ok(())));
    assert_eq!(queue.try_send(3), Err(SendError::Full(3)));
    forget(queue.try_reserve(0).unwrap());
    assert_eq!(all(&queue), [1, 2]);
}

#[test]
fn ten_thousand_polls_for_nothing_add_no_place() {
    let queue = full(0);
    let (mut send, mut reserve) = (probe(queue.send(1)), probe(queue.reserve()));
    let mut empty = probe(queue.empty());
    for _ in 0..10_000 {
        send.assert_pending();
        reserve.assert_pending();
        empty.assert_pending();
    }
    assert_eq!(queue.stats().senders_waiting, 2);
    assert_eq!((all(&queue), send.wakes(), reserve.wakes(), empty.wakes()), (vec![0, 1], 1, 1, 1));
}
