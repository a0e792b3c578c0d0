//! Each verb by itself.

use super::*;

#[test]
fn a_queue_stands_in_a_static() {
    static QUEUE: KeyedQueue<&str, u32> = KeyedQueue::bounded(2);
    QUEUE.try_send("a", 1).unwrap();
    assert_eq!(served(&QUEUE), [("a", 1)]);
}

#[test]
fn a_capacity_of_0_says_what_was_meant() {
    assert!(panics(|| Numbers::bounded(0)).contains("KeyedQueue::unbounded"));
}

#[test]
fn what_does_not_go_in_comes_back_with_its_key() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    assert!(queue.is_full());
    assert_eq!(queue.try_send(2, 20), Err(SendError::Full((2, 20))));
    let sending = in_line(queue.send(3, 30));
    assert_eq!(sending.into_inner(), Some((3, 30)));
    assert_eq!(queue.send(4, 40).into_inner(), Some((4, 40)), "also if it was never polled");
    queue.close();
    assert_eq!(queue.try_send(5, 50), Err(SendError::Closed((5, 50))));
    assert_eq!(ready(queue.send(6, 60)), Err(SendError::Closed((6, 60))));
    assert_eq!(served(&queue), [(1, 10)]);
    assert_left_by_all(&queue);
}

#[test]
fn what_is_in_flight_takes_no_room() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let first = queue.try_recv().unwrap();
    queue.try_send(1, 11).unwrap();
    assert!(queue.is_full());
    assert_eq!((queue.len(), queue.stats().in_flight), (1, 1));
    drop(first);
    assert_eq!(served(&queue), [(1, 11)]);
}

#[test]
fn without_a_bound_nobody_waits() {
    let queue = Numbers::unbounded();
    (0..1_000).for_each(|n| ready(queue.send(n % 7, n)).unwrap());
    assert_eq!((queue.len(), queue.keys(), queue.capacity()), (1_000, 7, None));
    assert!(!queue.is_full());
}

#[test]
fn nothing_to_receive_is_told_from_the_end() {
    let queue = Numbers::bounded(1);
    assert_eq!(queue.try_recv().err(), Some(TryRecvError::Empty));
    queue.close();
    assert_eq!(queue.try_recv().err(), Some(TryRecvError::Closed));
}

#[test]
fn what_waits_of_a_key_is_counted_and_what_is_in_flight_is_not() {
    let queue = queue_of([(1, 10), (1, 11), (2, 20)]);
    assert_eq!([queue.len_of(&1), queue.len_of(&2), queue.len_of(&3)], [2, 1, 0]);
    let first = queue.try_recv().unwrap();
    assert_eq!(queue.len_of(&1), 1);
    drop(first);
    assert_eq!((queue.len(), queue.keys(), queue.is_empty()), (2, 2, false));
}

#[test]
fn a_key_is_looked_for_by_what_it_borrows() {
    let queue: KeyedQueue<String, u32> = KeyedQueue::unbounded();
    queue.try_send("one".to_string(), 1).unwrap();
    assert_eq!((queue.len_of("one"), queue.len_of("two")), (1, 0));
    assert_eq!(queue.remove("one"), [1]);
    assert_left_by_all(&queue);
}

#[test]
fn what_is_removed_is_what_waits_in_its_order_and_no_other_key() {
    let queue = queue_of([(1, 10), (2, 20), (1, 11), (1, 12), (2, 21)]);
    let first = queue.try_recv().unwrap();
    assert_eq!(queue.remove(&1), [11, 12], "10 is in flight");
    assert_eq!(queue.remove(&1), []);
    assert_eq!(queue.remove(&3), []);
    drop(first);
    assert_eq!(served(&queue), [(2, 20), (2, 21)]);
    assert_left_by_all(&queue);
}

#[test]
fn removing_makes_room_for_those_in_line() {
    let queue = Numbers::bounded(2);
    queue.try_send(1, 10).unwrap();
    queue.try_send(1, 11).unwrap();
    let (first, second) = (counted(queue.send(1, 12)), counted(queue.send(2, 20)));
    assert_eq!(queue.remove(&1), [10, 11]);
    assert_eq!((first.1.wakes(), second.1.wakes()), (1, 1));
    assert_eq!((ready(first.0), ready(second.0)), (Ok(()), Ok(())));
    assert_eq!(served(&queue), [(1, 12), (2, 20)]);
}

#[test]
fn a_stream_and_owned_guards_hold_the_queue_themselves() {
    use futures_util::StreamExt;
    let queue = Arc::new(queue_of([(1, 10), (2, 20), (1, 11)]));
    queue.close();
    let mut stream = KeyedQueue::stream_owned(queue.clone());
    let first = ready(stream.next()).unwrap();
    let second = ready(KeyedQueue::recv_owned(queue.clone())).unwrap();
    assert!(KeyedQueue::try_recv_owned(queue.clone()).is_err(), "11 waits behind 10");
    drop(queue);
    let there: [InFlight<Arc<Numbers>>; 2] = [first, second];
    assert_eq!(there.map(|value| *value), [10, 20]);
    assert_eq!(*ready(stream.next()).unwrap(), 11);
    assert!(ready(stream.next()).is_none());
    use futures_util::stream::FusedStream;
    assert!(stream.is_terminated());
}

#[test]
fn everything_says_how_it_stands() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let (sending, received) = (in_line(queue.send(2, 20)), queue.try_recv().unwrap());
    assert_eq!(format!("{received:?}"), "InFlight { key: 1, value: 10 }");
    let text = format!("{queue:?} {sending:?} {:?} {:?}", queue.recv(), queue.idle());
    for word in ["in_flight: 1", "capacity: Some(1)", "in_line: true", "Recv", "what: Idle"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    let text = format!("{:?} {:?} {:?}", received.into_parts(), queue.stream(), queue.close_now());
    assert!(text.contains("(10, Held(1))") && text.contains("Leftovers { len: 1, .. }"), "{text}");
}

#[test]
fn a_future_that_has_ended_says_so() {
    let queue = Numbers::bounded(1);
    let mut sending = queue.send(1, 10);
    assert!(poll(&mut sending).is_ready());
    assert!(panics(|| poll(&mut sending)).contains("after it had ended"));
    assert_eq!(sending.into_inner(), None);
    let mut recv = queue.recv();
    drop(received(&mut recv));
    assert!(panics(|| poll(&mut recv).is_ready()).contains("after it had ended"));
    let mut upsert = queue.upsert(1, 10, |_, _| ());
    assert!(poll(&mut upsert).is_ready());
    assert!(panics(|| poll(&mut upsert)).contains("after it had ended"));
}
