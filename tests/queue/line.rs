//! The line: strict on both sides, and nobody woken for nothing. Probes that other queues fail are here by name.

use super::*;

#[test]
fn items_come_in_the_order_in_which_they_went() {
    let queue = Queue::unbounded();
    (0..1_000).for_each(|n| queue.try_send(n).unwrap());
    assert!(all(&queue).into_iter().eq(0..1_000));
}

#[test]
fn receivers_are_served_in_the_order_in_which_they_came() {
    let queue = Queue::bounded(3);
    let mut waits = [(); 3].map(|()| probe(queue.recv()));
    for item in 0..3 {
        queue.try_send(item).unwrap();
        assert_eq!(waits.iter().map(Probe::wakes).sum::<usize>(), item + 1);
        assert_eq!(waits[item].wakes(), 1);
    }
    // Woken in order; of what there is, who is polled first gets the first.
    for (n, recv) in waits.iter_mut().rev().enumerate() {
        assert_eq!(recv.assert_ready(), Some(n));
    }
}

#[test]
fn senders_are_let_in_in_the_order_in_which_they_came() {
    let queue = full(0);
    let mut waits: Vec<_> = (1..=40).map(|n| probe(queue.send(n))).collect();
    for n in 0..40 {
        assert_eq!(queue.try_recv(), Ok(n));
        assert_eq!(wakes(&waits).iter().sum::<usize>(), n + 1);
        assert_eq!(waits[n].assert_ready(), Ok(()));
    }
    assert_eq!(all(&queue), [40]);
}

#[test]
fn the_items_of_those_who_wait_come_after_those_that_are_there_and_before_those_that_come() {
    let queue = full(0);
    let _waits = in_line(queue.send(1));
    let mut later = queue.send(2);
    assert_eq!(queue.try_recv(), Ok(0));
    assert!(poll(&mut later).is_pending(), "the one who waited is in, and the queue is full again");
    assert_eq!(all(&queue), [1, 2]);
}

#[test]
fn try_send_does_not_barge_past_a_sender_that_waits() {
    let queue = by_weight(4).build();
    queue.try_send(3).unwrap();
    let _heavy = in_line(queue.send(2));
    assert_eq!(queue.try_send(1), Err(SendError::Full(1)), "there is room, and somebody waits for it");
    assert!(queue.try_reserve(1).is_err() && queue.is_full());
    let _reserves = in_line(queue.reserve_many(1));
    // And it was let in before it is polled again.
    assert_eq!(queue.try_recv(), Ok(3));
    assert_eq!(queue.try_recv(), Ok(2));
}

#[test]
fn try_recv_does_not_barge_past_a_receiver_that_waits() {
    let queue = Queue::bounded(4);
    let mut waits = in_line(queue.recv());
    queue.try_send(1).unwrap();
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty), "it was granted, and is there");
    assert_eq!((queue.len(), queue.stats().granted), (1, 1));
    assert!(queue.peek().is_none() && queue.drain().next().is_none());
    queue.try_send(2).unwrap();
    assert_eq!(queue.try_recv(), Ok(1), "one was granted, and there are two");
    assert_eq!(ready(&mut waits), Some(2));
}

#[test]
fn nobody_barges_in_between_two_batches_of_wakes() {
    static QUEUE: Queue<u32> = Queue::unbounded();
    let barges = || {
        assert_eq!(QUEUE.try_recv(), Err(TryRecvError::Empty));
        assert!(QUEUE.peek().is_none() && QUEUE.drain().next().is_none());
        let (mut recv, mut into) = (QUEUE.recv(), Vec::new());
        assert!(poll(&mut recv).is_pending());
        assert!(poll(&mut QUEUE.recv_many(&mut into, 9)).is_pending());
    };
    let barger = HookWaker::new().on_wake(barges).waker();
    let mut waits: Vec<_> = (0..64).map(|_| QUEUE.recv()).collect();
    for recv in &mut waits {
        assert!(poll_with(recv, &barger).is_pending());
    }
    assert_eq!(ready(QUEUE.send_many(0..64)), Ok(64));
    assert!(waits.iter_mut().map(ready).eq((0..64).map(Some)));
}

#[test]
fn a_recv_many_leaves_what_others_were_granted() {
    let queue = Queue::unbounded();
    let mut waits = [(); 2].map(|()| in_line(queue.recv()));
    assert_eq!(ready(queue.send_many(0..5)), Ok(5));
    let mut into = Vec::new();
    assert_eq!(ready(queue.recv_many(&mut into, 10)), 3);
    assert_eq!((ready(&mut waits[0]), ready(&mut waits[1])), (Some(3), Some(4)));
}

#[test]
fn a_heavy_item_is_not_starved_by_light_ones() {
    let queue = by_weight(4).build();
    (0..4).for_each(|_| queue.try_send(1).unwrap());
    let mut heavy = probe(queue.send(4));
    let mut light = probe(queue.send(1));
    for _ in 0..3 {
        assert_eq!(queue.try_recv(), Ok(1));
        assert_eq!((heavy.wakes(), light.wakes()), (0, 0), "room is kept for the heavy one");
    }
    assert_eq!(queue.try_recv(), Ok(1));
    assert_eq!((heavy.assert_ready(), light.wakes()), (Ok(()), 0));
    assert_eq!(queue.try_recv(), Ok(4));
    assert_eq!(light.assert_ready(), Ok(()));
}

#[test]
fn who_sends_and_who_reserves_stand_in_one_line() {
    let queue = full(0);
    let mut first = probe(queue.reserve());
    let mut second = probe(queue.send(1));
    let mut third = probe(queue.reserve());
    assert_eq!(queue.try_recv(), Ok(0));
    assert_eq!((first.wakes(), second.wakes(), third.wakes()), (1, 0, 0));
    first.assert_ready().unwrap().send(9).unwrap();
    assert_eq!(queue.try_recv(), Ok(9));
    assert_eq!((second.assert_ready(), third.wakes()), (Ok(()), 0));
    assert_eq!(queue.try_recv(), Ok(1));
    drop(third.assert_ready().unwrap());
    assert_eq!(queue.stats().reserved, 0);
}

#[test]
fn an_item_wakes_one_of_64_receivers() {
    let queue = Queue::bounded(8);
    let mut waits: Vec<_> = (0..64).map(|_| probe(queue.recv())).collect();
    queue.try_send(1).unwrap();
    assert_eq!((wakes(&waits).iter().sum::<usize>(), waits[0].wakes()), (1, 1));
    assert_eq!(waits[0].assert_ready(), Some(1));
    assert_eq!(wakes(&waits).iter().sum::<usize>(), 1);
}

#[test]
fn an_item_wakes_one_of_64_streams() {
    use futures_util::{Stream, StreamExt};
    let queue = Queue::bounded(8);
    let mut streams: Vec<_> = (0..64).map(|_| queue.stream()).collect();
    let mut waits: Vec<_> = streams.iter_mut().map(|stream| probe(stream.next())).collect();
    queue.try_send(1).unwrap();
    assert_eq!((wakes(&waits).iter().sum::<usize>(), waits[0].wakes()), (1, 1));
    assert_eq!(waits[0].assert_ready(), Some(1));
    drop(waits);
    assert_eq!(queue.stats().receivers_waiting, 63, "one place each, also between two polls");
    assert_eq!(streams[1].size_hint(), (0, None));
}

#[test]
fn as_many_are_woken_as_there_are_items_each_once() {
    let queue = Queue::unbounded();
    let mut waits: Vec<_> = (0..64).map(|_| probe(queue.recv())).collect();
    assert_eq!(ready(queue.send_many(0..40)), Ok(40));
    assert_eq!(wakes(&waits), [vec![1; 40], vec![0; 24]].concat());
    assert!(waits[..40].iter_mut().map(Probe::assert_ready).eq((0..40).map(Some)));
    assert_eq!(wakes(&waits), [vec![1; 40], vec![0; 24]].concat());
}

#[test]
fn a_recv_many_is_woken_once_for_many() {
    let queue = Queue::unbounded();
    let mut into = Vec::new();
    let mut recv = probe(queue.recv_many(&mut into, 100));
    assert_eq!(ready(queue.send_many(0..10)), Ok(10));
    (10..20).for_each(|n| queue.try_send(n).unwrap());
    assert_eq!((recv.wakes(), recv.assert_ready()), (1, 20));
    drop(recv);
    assert!(into.into_iter().eq(0..20));
}

#[test]
fn a_recv_many_lets_as_many_senders_in() {
    let queue = full(0);
    let mut waits: Vec<_> = (1..=5).map(|n| probe(queue.send(n))).collect();
    queue.set_capacity(3);
    assert_eq!(wakes(&waits), [1, 1, 0, 0, 0]);
    let mut into = Vec::new();
    assert_eq!(ready(queue.recv_many(&mut into, 2)), 2);
    assert_eq!(wakes(&waits), [1, 1, 1, 1, 0]);
    assert!(waits[..4].iter_mut().all(|send| send.assert_ready() == Ok(())));
}

#[test]
fn a_poll_for_nothing_keeps_the_place_and_the_waker_of_the_last_poll_is_woken() {
    let queue = full(0);
    let mut old = [probe(queue.send(1)), probe(queue.send(2))];
    let other = probe(std::future::pending::<()>());
    let waker = untether::testing::CountingWaker::new();
    assert!(old[0].poll_with(&waker.waker()).is_pending());
    assert_eq!(queue.try_recv(), Ok(0));
    assert_eq!((old[0].wakes(), waker.wakes(), old[1].wakes(), other.wakes()), (0, 1, 0, 0));
    assert_eq!(old[0].assert_ready(), Ok(()));

    let queue = Queue::bounded(1);
    let mut old = [probe(queue.recv()), probe(queue.recv())];
    assert!(old[0].poll_with(&waker.waker()).is_pending());
    queue.try_send(1).unwrap();
    assert_eq!((old[0].wakes(), waker.wakes(), old[1].wakes()), (0, 2, 0));
    assert_eq!(old[0].assert_ready(), Some(1));
}
