//! Items that are looked at: taken aside, so that whoever looks may do what it likes, and neither received nor lost meanwhile.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn three() -> Queue<i32> {
    let queue = Queue::bounded(3);
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    queue
}

#[test]
fn an_item_that_was_looked_at_is_the_next_again() {
    let queue = three();
    let peek = queue.peek().unwrap();
    assert_eq!((*peek, queue.len(), queue.is_full()), (1, 3, true));
    assert_eq!(queue.try_recv(), Ok(2), "meanwhile others go on");
    drop(peek);
    assert_eq!(all(&queue), [1, 3]);
    assert!(queue.peek().is_none());
}

#[test]
fn an_item_that_was_looked_at_is_taken_and_makes_room() {
    let queue = full(1);
    let (mut send, mut empty) = (probe(queue.send(2)), probe(queue.empty()));
    let peek = queue.peek().unwrap();
    assert_eq!((queue.try_send(9), queue.stats().weight), (Err(SendError::Full(9)), 1), "it may come back");
    assert_eq!((send.wakes(), peek.take()), (0, 1));
    assert_eq!((send.wakes(), send.assert_ready(), empty.wakes()), (1, Ok(()), 0));
    assert_eq!((queue.peek().unwrap().take(), empty.wakes()), (2, 1));
    empty.assert_ready();
}

#[test]
fn a_receiver_that_comes_meanwhile_gets_it_when_it_comes_back() {
    let queue = full(1);
    let peek = queue.peek().unwrap();
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
    let mut waits = [probe(queue.recv()), probe(queue.recv())];
    drop(peek);
    assert_eq!((wakes(&waits), waits[0].assert_ready()), (vec![1, 0], Some(1)));
}

#[test]
fn of_two_that_are_looked_at_the_one_that_comes_back_last_is_next() {
    let queue = three();
    let (one, two) = (queue.peek().unwrap(), queue.peek().unwrap());
    drop(one);
    drop(two);
    assert_eq!(all(&queue), [2, 1, 3]);
}

#[test]
fn what_is_looked_at_outlives_a_close_and_receivers_wait_for_it() {
    for takes in [true, false] {
        let queue = full(1);
        let peek = queue.peek().unwrap();
        queue.close();
        assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
        let mut waits = [probe(queue.recv()), probe(queue.recv())];
        if takes {
            assert_eq!(peek.take(), 1);
        } else {
            drop(peek);
            assert_eq!((waits[0].assert_ready(), waits[1].wakes()), (Some(1), 1));
        }
        assert!(waits.iter_mut().all(|recv| recv.wakes() == 1 && recv.assert_ready().is_none()));
    }
}

#[test]
fn what_is_looked_at_is_in_no_queue_that_has_ended() {
    let (queue, held) = (Queue::bounded(2), Arc::new(()));
    assert!(ready(queue.send_many([held.clone(), held.clone()])).is_ok());
    let (one, two) = (queue.peek().unwrap(), queue.peek().unwrap());
    let mut empty = probe(queue.empty());
    assert_eq!(queue.close_now().len(), 0);
    drop(one);
    assert_eq!((Arc::strong_count(&held), queue.len()), (2, 1), "dropped with the guard");
    assert!(Arc::ptr_eq(&two.take(), &held));
    assert_eq!(Arc::strong_count(&held), 1);
    empty.assert_ready();
}

#[test]
fn a_guard_that_is_forgotten_keeps_its_item_and_its_room_and_no_more() {
    let queue = three();
    std::mem::forget(queue.peek());
    assert_eq!(all(&queue), [2, 3]);
    assert_eq!(
        (queue.try_send(4), queue.try_send(5), queue.try_send(6)),
        (Ok(()), Ok(()), Err(SendError::Full(6)))
    );
    assert!(queue.force_send(7).unwrap().eq([4]));
    queue.close();
    assert_eq!(all(&queue), [5, 7]);
    let mut waits = probe(queue.recv());
    assert_eq!(queue.close_now().len(), 0, "which ends it for those who wait for what was forgotten");
    assert_eq!(waits.assert_ready(), None);
}

#[test]
fn those_that_are_not_to_be_kept_go_and_the_others_stay_in_order() {
    let queue = Queue::unbounded();
    assert_eq!(ready(queue.send_many(0..1_000)), Ok(1_000));
    let mut asked = Vec::new();
    let even = |n: &i32| {
        asked.push(*n);
        n % 2 == 0
    };
    assert_eq!(queue.retain(even), 500);
    assert!(asked.into_iter().eq(0..1_000));
    queue.try_send(1_000).unwrap();
    assert!(all(&queue).into_iter().eq((0..=1_000).step_by(2)));
    assert_eq!(queue.retain(|_| false), 0);
}

#[test]
fn what_goes_makes_room_and_is_told() {
    let queue = by_weight(6).build();
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    let mut waits = [probe(queue.send(2)), probe(queue.send(2)), probe(queue.send(2))];
    assert_eq!(queue.retain(|weight| *weight == 2), 2);
    assert_eq!((wakes(&waits), queue.stats().weight), (vec![1, 1, 0], 6));
    assert_eq!(waits[0].assert_ready(), Ok(()));
    drop(waits);
    let mut empty = probe(queue.empty());
    assert_eq!((queue.retain(|_| false), empty.wakes()), (3, 1));
    empty.assert_ready();
}

#[test]
fn who_was_granted_an_item_that_goes_waits_for_the_next() {
    let queue = Queue::bounded(3);
    let mut waits = [probe(queue.recv()), probe(queue.recv())];
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    assert_eq!(queue.retain(|n| *n == 2), 2);
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty), "one is left, and two were granted one");
    assert_eq!(waits[1].assert_ready(), Some(2));
    waits[0].assert_pending();
    queue.try_send(4).unwrap();
    assert_eq!((waits[0].wakes(), waits[0].assert_ready()), (2, Some(4)));
}

#[test]
fn a_judge_may_use_the_queue() {
    let queue = three();
    let mut waits = None;
    let judge = |n: &i32| {
        assert_eq!(
            (queue.len(), queue.try_recv(), queue.try_send(9)),
            (3, Err(TryRecvError::Empty), Err(SendError::Full(9)))
        );
        assert!(queue.peek().is_none() && queue.drain().next().is_none());
        assert_eq!(queue.retain(|_| panic!("all are being judged")), 0);
        if *n == 2 {
            queue.set_capacity(5);
            queue.try_send(4).unwrap();
            assert_eq!((queue.try_recv(), queue.len()), (Ok(4), 3));
            queue.try_send(5).unwrap();
            waits = Some([probe(queue.empty())]);
            queue.set_capacity(4);
            assert_eq!(queue.retain(|_| false), 1);
            queue.set_capacity(3);
        }
        *n != 1
    };
    assert_eq!(queue.retain(judge), 1);
    assert_eq!(all(&queue), [2, 3]);
    waits.unwrap()[0].assert_ready();
}

#[test]
fn what_came_meanwhile_comes_after_what_was_judged_and_who_came_gets_the_first() {
    let queue = Queue::bounded(4);
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    let mut waits = Vec::new();
    let judge = |n: &i32| {
        if *n == 1 {
            waits.push(probe(queue.recv()));
            queue.try_send(3).unwrap();
        }
        true
    };
    assert_eq!(queue.retain(judge), 0);
    assert_eq!(queue.len(), 3);
    assert_eq!((wakes(&waits), waits[0].assert_ready()), (vec![1], Some(1)));
    assert_eq!(all(&queue), [2, 3]);
}

#[test]
fn a_judge_that_panics_loses_nothing_that_it_did_not_condemn() {
    let queue = Queue::bounded(5);
    assert_eq!(ready(queue.send_many(1..=5)), Ok(5));
    let (mut send, mut recv) = (probe(queue.send(6)), None);
    let judge = |n: &i32| {
        if *n == 3 {
            recv = Some(probe(queue.recv()));
            panic!("on purpose");
        }
        *n != 2
    };
    assert!(catch_unwind(AssertUnwindSafe(|| queue.retain(judge))).is_err());
    assert_eq!((send.wakes(), send.assert_ready(), queue.stats().weight), (1, Ok(()), 5));
    assert_eq!(recv.unwrap().assert_ready(), Some(1));
    assert_eq!(all(&queue), [3, 4, 5, 6]);
}

#[test]
fn what_is_being_judged_when_the_queue_ends_is_dropped() {
    let (queue, held) = (Queue::bounded(5), Arc::new(()));
    assert!(ready(queue.send_many([1, 2, 3].map(|n| (n, held.clone())))).is_ok());
    let judge = |(n, _): &(i32, Arc<()>)| {
        if *n == 2 {
            assert_eq!(queue.close_now().len(), 0);
        }
        *n != 1
    };
    assert_eq!(queue.retain(judge), 1);
    assert_eq!((Arc::strong_count(&held), queue.len()), (1, 0));
    assert_eq!(queue.try_recv(), Err(TryRecvError::Closed));
}

#[test]
fn receivers_of_a_closed_queue_wait_for_what_is_being_judged() {
    for keeps in [true, false] {
        let queue = full(1);
        let mut waits = Vec::new();
        let judge = |_: &i32| {
            queue.close();
            waits = vec![probe(queue.recv()), probe(queue.recv())];
            keeps
        };
        assert_eq!(queue.retain(judge), usize::from(!keeps));
        assert_eq!((waits[0].wakes(), waits[0].assert_ready()), (1, keeps.then_some(1)));
        assert_eq!((waits[1].wakes(), waits[1].assert_ready()), (1, None));
    }
}

#[test]
fn a_drain_takes_what_nobody_was_granted_and_lets_in_who_waits() {
    let queue = Queue::bounded(3);
    let mut recv = in_line(queue.recv());
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    let mut sends = [probe(queue.send(4)), probe(queue.send(5)), probe(queue.send(6))];
    let mut empty = probe(queue.empty());
    let drained = queue.drain();
    assert_eq!((wakes(&sends), queue.len()), (vec![1, 1, 0], 3));
    assert!(drained.eq([2, 3]));
    assert_eq!((ready(&mut recv), sends[2].assert_ready(), empty.wakes()), (Some(1), Ok(()), 0));
    assert_eq!((queue.drain().collect::<Vec<_>>(), empty.wakes()), (vec![4, 5, 6], 1));
    empty.assert_ready();
}
