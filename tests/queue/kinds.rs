//! The freshest first, and a bound on what all weigh together.

use super::*;

#[test]
fn the_freshest_comes_first() {
    let queue = Queue::builder(3).lifo().build();
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    assert_eq!(queue.try_recv(), Ok(2));
    queue.try_send(3).unwrap();
    queue.try_send(4).unwrap();
    assert_eq!(queue.try_send(5), Err(SendError::Full(5)));
    let mut into = Vec::new();
    assert_eq!((ready(queue.recv_many(&mut into, 2)), into), (2, vec![4, 3]));
    assert_eq!(queue.drain().collect::<Vec<_>>(), [1]);
}

#[test]
fn who_waits_is_served_in_order_also_where_the_freshest_comes_first() {
    let queue = Queue::builder(1).lifo().build();
    queue.try_send(0).unwrap();
    let mut sends: Vec<_> = (1..4).map(|n| probe(queue.send(n))).collect();
    assert_eq!((0..4).map(|_| queue.try_recv().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(sends.iter_mut().all(|send| send.assert_ready() == Ok(())));
    let mut waits: Vec<_> = (0..2).map(|_| probe(queue.recv())).collect();
    queue.set_capacity(2);
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    assert_eq!(wakes(&waits), [1, 1]);
    assert_eq!((waits[0].assert_ready(), waits[1].assert_ready()), (Some(2), Some(1)));
}

#[test]
fn of_the_freshest_first_the_oldest_goes_for_want_of_room() {
    let queue = Queue::builder(2).lifo().overflow(Overflow::DropOldest).build();
    (1..=4).for_each(|n| assert_eq!(ready(queue.send(n)), Ok(())));
    assert_eq!((queue.stats().dropped, all(&queue)), (2, vec![4, 3]));
    assert_eq!(queue.force_send(5).unwrap().len(), 0);
}

#[test]
fn what_is_put_back_is_the_next_of_those_that_were_there() {
    let queue = Queue::builder(9).lifo().build();
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    drop(queue.peek());
    assert_eq!(queue.retain(|n| *n != 2), 1);
    assert_eq!(all(&queue), [3, 1]);
}

#[test]
fn the_bound_is_on_what_all_weigh_together() {
    let queue = by_weight(10).build();
    queue.try_send(6).unwrap();
    assert_eq!(queue.try_send(5), Err(SendError::Full(5)));
    queue.try_send(4).unwrap();
    let stats = queue.stats();
    assert_eq!((stats.len, stats.weight, stats.capacity), (2, 10, Some(10)));
    assert_eq!((queue.try_recv(), queue.stats().weight), (Ok(6), 4));
    assert_eq!(ready(queue.send_many([1, 2, 3])), Ok(3));
    assert_eq!((queue.stats().weight, all(&queue)), (10, vec![4, 1, 2, 3]));
    assert_eq!(queue.stats().weight, 0);
}

#[test]
fn what_is_heavier_than_the_bound_comes_back() {
    let queue = by_weight(10).build();
    for weight in [11, usize::MAX] {
        assert_eq!(queue.try_send(weight), Err(SendError::TooHeavy(weight)));
        assert_eq!(ready(queue.send(weight)), Err(SendError::TooHeavy(weight)));
        assert!(matches!(queue.force_send(weight), Err(SendError::TooHeavy(back)) if back == weight));
        assert_eq!(queue.try_reserve(weight).unwrap_err(), ReserveError::TooHeavy);
        assert_eq!(ready(queue.reserve_many(weight)).unwrap_err(), ReserveError::TooHeavy);
    }
    let mut many = queue.send_many([4, 11, 5]);
    assert_eq!(ready(&mut many), Err(SendError::TooHeavy(11)));
    assert_eq!((many.into_rest().collect::<Vec<_>>(), all(&queue)), (vec![5], vec![4]));
}

#[test]
fn it_comes_back_also_where_others_wait() {
    let queue = by_weight(10).build();
    queue.try_send(10).unwrap();
    let _waits = in_line(queue.send(1));
    assert_eq!(ready(queue.send(11)), Err(SendError::TooHeavy(11)), "and does not stop the line for ever");
}

#[test]
fn what_weighs_nothing_takes_no_room_and_waits_its_turn() {
    let queue = by_weight(2).build();
    queue.try_send(2).unwrap();
    (0..100).for_each(|_| queue.try_send(0).unwrap());
    assert_eq!((queue.len(), queue.stats().weight), (101, 2));
    let _waits = in_line(queue.send(1));
    let mut light = in_line(queue.send(0));
    assert_eq!(queue.try_send(0), Err(SendError::Full(0)));
    assert_eq!(queue.try_recv(), Ok(2));
    assert_eq!((ready(&mut light), queue.len()), (Ok(()), 102));
}

#[test]
fn the_heaviest_there_are_are_counted_without_an_overflow() {
    let queue = by_weight(usize::MAX).build();
    queue.try_send(usize::MAX).unwrap();
    assert_eq!((queue.try_send(1), queue.try_send(0)), (Err(SendError::Full(1)), Ok(())));
    let mut waits = in_line(queue.send(usize::MAX));
    assert_eq!((queue.try_recv(), ready(&mut waits)), (Ok(usize::MAX), Ok(())));
    let gone = queue.force_send(usize::MAX).unwrap();
    assert!(gone.eq([0, usize::MAX]), "what went before had to go with it");
    assert_eq!(queue.retain(|_| false), 1);
    assert_eq!(queue.stats().weight, 0);
}

#[test]
fn a_permit_is_spent_by_weight() {
    let queue = by_weight(10).build();
    let mut permit = queue.try_reserve(10).unwrap();
    permit.send(7).unwrap();
    assert_eq!((permit.send(4), permit.room()), (Err(SendError::TooHeavy(4)), 3));
    permit.send(0).unwrap();
    assert_eq!(queue.try_send(1), Err(SendError::Full(1)), "what is left is still reserved");
    drop(permit);
    queue.try_send(3).unwrap();
    assert_eq!(queue.stats().weight, 10);
}

#[test]
fn of_no_room_there_is_enough() {
    let queue = full(0);
    assert_eq!(queue.try_reserve(0).unwrap().room(), 0);
    assert_eq!(ready(queue.reserve_many(0)).unwrap().send(1), Err(SendError::TooHeavy(1)));
    let _waits = in_line(queue.send(1));
    assert_eq!(queue.try_reserve(0).unwrap_err(), ReserveError::Full, "but for those who came first");
}

#[test]
#[should_panic(expected = "a queue of capacity 0")]
fn a_bound_of_none_is_refused() {
    let _ = Queue::<()>::bounded(0);
}

#[test]
#[should_panic(expected = "a queue of capacity 0")]
fn also_by_the_builder() {
    drop(Queue::<()>::builder(0));
}
