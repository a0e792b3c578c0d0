//! Room: what is forced in, what goes for want of it, and a bound that changes.

use super::*;

#[test]
fn what_is_forced_in_gives_back_what_had_to_go() {
    let queue = Queue::bounded(2);
    assert_eq!(queue.force_send(1).unwrap().len(), 0);
    assert_eq!(queue.force_send(2).unwrap().len(), 0);
    assert!(queue.force_send(3).unwrap().eq([1]));
    assert_eq!((queue.stats().dropped, all(&queue)), (1, vec![2, 3]));
}

#[test]
fn by_weight_as_many_go_as_must_oldest_first() {
    let queue = by_weight(10).build();
    assert_eq!(ready(queue.send_many([1, 2, 3, 4])), Ok(4));
    let gone = queue.force_send(6).unwrap();
    assert_eq!(gone.len(), 3);
    assert!(gone.eq([1, 2, 3]));
    assert_eq!((queue.stats().weight, queue.stats().dropped, all(&queue)), (10, 3, vec![4, 6]));
}

#[test]
fn nothing_goes_for_what_cannot_be_let_in() {
    let queue = by_weight(10).build();
    let _permit = queue.try_reserve(5).unwrap();
    queue.try_send(2).unwrap();
    assert!(matches!(queue.force_send(6), Err(SendError::Full(6))), "the rest is promised");
    assert_eq!((queue.len(), queue.stats().dropped), (1, 0));
    assert!(queue.force_send(5).unwrap().eq([2]));
    queue.close();
    assert!(matches!(queue.force_send(1), Err(SendError::Closed(1))));
}

#[test]
fn what_is_forced_in_wakes_a_receiver_and_goes_before_those_who_wait() {
    let queue = Queue::bounded(1);
    let mut recv = probe(queue.recv());
    assert_eq!(queue.force_send(1).unwrap().len(), 0);
    assert_eq!((recv.wakes(), recv.assert_ready()), (1, Some(1)));
    queue.try_send(2).unwrap();
    let mut waits = probe(queue.send(3));
    assert!(queue.force_send(4).unwrap().eq([2]));
    waits.assert_pending();
    assert_eq!(all(&queue), [4, 3]);
}

#[test]
fn who_was_granted_what_had_to_go_gets_what_is_newer_or_waits_on() {
    let queue = by_weight(4).build();
    let mut waits = [(); 3].map(|()| probe(queue.recv()));
    assert_eq!(ready(queue.send_many([1, 1, 1])), Ok(3));
    assert_eq!(wakes(&waits), [1, 1, 1]);
    assert_eq!(queue.force_send(4).unwrap().len(), 3);
    assert_eq!((queue.try_recv(), queue.stats().granted), (Err(TryRecvError::Empty), 3));
    assert_eq!(waits[1].assert_ready(), Some(4));
    waits[0].assert_pending();
    waits[2].assert_pending();
    assert_eq!((queue.stats().granted, queue.stats().receivers_waiting), (0, 2));
    queue.try_send(2).unwrap();
    assert_eq!(waits[0].wakes() + waits[2].wakes(), 3, "told again");
    let last = usize::from(waits[2].wakes() == 1) * 2;
    assert_eq!(waits[2 - last].assert_ready(), Some(2));
    drop(waits);
    assert_eq!(queue.stats().granted, 0);
}

#[test]
fn a_grant_for_which_nothing_is_left_holds_up_nobody_when_it_is_dropped() {
    let queue = by_weight(4).build();
    let waits = [(); 2].map(|()| in_line(queue.recv()));
    assert_eq!(ready(queue.send_many([1, 1])), Ok(2));
    assert_eq!(queue.force_send(4).unwrap().len(), 2);
    let mut next = probe(queue.recv());
    let [first, second] = waits;
    drop(first);
    assert_eq!(next.wakes(), 0, "there is one item, and one who was granted one");
    drop(second);
    assert_eq!((next.wakes(), next.assert_ready()), (1, Some(4)));
}

#[test]
fn what_is_lighter_than_what_had_to_go_lets_in_who_waited() {
    let queue = by_weight(10).build();
    queue.try_send(8).unwrap();
    let mut waits = probe(queue.send(5));
    assert!(queue.force_send(4).unwrap().eq([8]));
    assert_eq!((waits.wakes(), waits.assert_ready()), (1, Ok(())), "there is room for it now");
    assert_eq!(all(&queue), [4, 5]);
}

#[test]
fn the_oldest_goes_where_that_was_asked_for() {
    let queue = Queue::builder(2).overflow(Overflow::DropOldest).build();
    assert_eq!(ready(queue.send_many(0..5)), Ok(5));
    assert_eq!(ready(queue.send(5)), Ok(()));
    assert_eq!(queue.try_send(6), Err(SendError::Full(6)), "who only tries drops nothing");
    assert_eq!((queue.stats().dropped, all(&queue)), (4, vec![4, 5]));
}

#[test]
fn the_newest_goes_where_that_was_asked_for() {
    let queue = Queue::builder(2).overflow(Overflow::DropNewest).build();
    assert_eq!(ready(queue.send_many(0..5)), Ok(5));
    assert_eq!((queue.stats().dropped, all(&queue)), (3, vec![0, 1]));
    queue.close();
    assert_eq!(ready(queue.send(5)), Err(SendError::Closed(5)), "and no more is counted");
    assert_eq!(queue.stats().dropped, 3);
}

#[test]
fn it_comes_back_where_that_was_asked_for() {
    let queue = Queue::builder(2).overflow(Overflow::Reject).build();
    let mut many = queue.send_many(0..5);
    assert_eq!(ready(&mut many), Err(SendError::Full(2)));
    assert!(many.into_rest().eq(3..5));
    assert_eq!(ready(queue.send(9)), Err(SendError::Full(9)));
    assert_eq!((queue.stats().dropped, all(&queue)), (0, vec![0, 1]));
}

#[test]
fn who_only_wants_room_waits_whatever_happens_to_items() {
    for overflow in [Overflow::Reject, Overflow::DropOldest, Overflow::DropNewest] {
        let queue = Queue::builder(1).overflow(overflow).build();
        queue.try_send(0).unwrap();
        let mut reserve = probe(queue.reserve());
        assert_eq!(queue.try_recv(), Ok(0));
        assert_eq!(reserve.wakes(), 1);
        drop(reserve.assert_ready().unwrap());
    }
}

#[test]
fn items_that_go_for_want_of_room_are_dropped_once_and_at_once() {
    let held = Arc::new(());
    for (overflow, left) in [(Overflow::DropOldest, 2), (Overflow::DropNewest, 2)] {
        let queue = Queue::builder(2).overflow(overflow).build();
        for _ in 0..5 {
            assert!(ready(queue.send(held.clone())).is_ok());
        }
        assert_eq!((Arc::strong_count(&held), queue.stats().dropped), (1 + left, 3));
    }
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn more_room_lets_as_many_in_as_it_holds() {
    let queue = full(0);
    let mut waits: Vec<_> = (1..=40).map(|n| probe(queue.send(n))).collect();
    queue.set_capacity(34);
    assert_eq!(wakes(&waits), [vec![1; 33], vec![0; 7]].concat());
    assert_eq!((queue.len(), queue.capacity()), (34, Some(34)));
    queue.set_capacity(usize::MAX);
    assert!(waits.iter_mut().all(|send| send.wakes() == 1 && send.assert_ready() == Ok(())));
    assert!(queue.capacity().is_none() && queue.drain().eq(0..41));
}

#[test]
fn less_room_takes_nothing_away() {
    let queue = Queue::bounded(5);
    assert_eq!(ready(queue.send_many(0..5)), Ok(5));
    let mut waits = probe(queue.send(5));
    queue.set_capacity(2);
    assert_eq!((queue.len(), queue.try_recv(), queue.try_recv(), queue.try_recv()), (5, Ok(0), Ok(1), Ok(2)));
    waits.assert_pending();
    assert_eq!((queue.try_recv(), waits.assert_ready()), (Ok(3), Ok(())));
    assert_eq!(queue.try_send(9), Err(SendError::Full(9)));
    queue.set_capacity(1);
    assert!(queue.force_send(6).unwrap().eq([4, 5]), "as many as are too many");
    assert_eq!(all(&queue), [6]);
}

#[test]
fn what_waits_and_is_heavier_than_the_bound_became_goes_in_alone() {
    let queue = by_weight(10).build();
    queue.try_send(4).unwrap();
    queue.try_send(5).unwrap();
    let (mut heavy, mut light) = (probe(queue.send(8)), probe(queue.send(1)));
    let mut room = probe(queue.reserve_many(9));
    queue.set_capacity(3);
    assert_eq!(queue.try_send(8), Err(SendError::TooHeavy(8)), "who comes later is told");
    assert_eq!((queue.try_recv(), heavy.wakes()), (Ok(4), 0));
    assert_eq!((queue.try_recv(), heavy.assert_ready()), (Ok(5), Ok(())));
    light.assert_pending();
    assert_eq!((queue.try_recv(), light.assert_ready(), room.wakes()), (Ok(8), Ok(()), 0));
    assert_eq!(queue.try_recv(), Ok(1));
    drop(room.assert_ready().unwrap());
    assert_eq!(queue.stats().weight, 0);
}

#[test]
#[should_panic(expected = "a queue of capacity 0")]
fn a_bound_that_became_none_is_refused() {
    Queue::<()>::unbounded().set_capacity(0);
}
