//! From hand to hand: nothing is in the queue but what somebody waits for.

use super::*;

#[test]
fn a_sender_waits_until_somebody_takes_it_from_its_hand() {
    let queue = Queue::rendezvous();
    assert_eq!(queue.try_send(0), Err(SendError::Full(0)));
    let mut send = probe(queue.send(1));
    assert_eq!((queue.len(), queue.capacity(), queue.stats().senders_waiting), (0, Some(0), 1));
    assert_eq!(queue.try_recv(), Ok(1));
    assert_eq!((send.wakes(), send.assert_ready()), (1, Ok(())));
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
}

#[test]
fn a_receiver_that_waits_lets_exactly_one_in() {
    let queue = Queue::rendezvous();
    let mut recv = probe(queue.recv());
    queue.try_send(1).unwrap();
    assert_eq!(queue.try_send(2), Err(SendError::Full(2)));
    let mut second = probe(queue.send(2));
    assert_eq!((recv.wakes(), recv.assert_ready()), (1, Some(1)));
    assert_eq!(second.wakes(), 0);
    assert_eq!(ready(queue.recv()), Some(2));
    assert_eq!(second.assert_ready(), Ok(()));
}

#[test]
fn both_sides_are_served_in_the_order_in_which_they_came() {
    let queue = Queue::rendezvous();
    let mut sends: Vec<_> = (0..3).map(|n| probe(queue.send(n))).collect();
    for (n, send) in sends.iter_mut().enumerate() {
        assert_eq!(queue.try_recv(), Ok(n));
        assert_eq!(send.assert_ready(), Ok(()));
    }
    let mut waits: Vec<_> = (0..3).map(|_| probe(queue.recv())).collect();
    (0..3).for_each(|n| queue.try_send(n).unwrap());
    assert!(waits.iter_mut().map(Probe::assert_ready).eq((0..3).map(Some)));
}

#[test]
fn an_item_from_a_hand_does_not_overtake_one_that_was_granted_and_is_yet_to_be_taken() {
    let queue = Queue::rendezvous();
    let mut granted = in_line(queue.recv());
    queue.try_send(1).unwrap();
    let mut second = in_line(queue.send(2));
    assert_eq!((queue.try_recv(), ready(&mut second)), (Ok(1), Ok(())));
    assert_eq!((ready(&mut granted), queue.len()), (Some(2), 0));
}

#[test]
fn of_many_who_send_at_once_as_many_are_let_in_as_wait() {
    let queue = Queue::rendezvous();
    let mut waits: Vec<_> = (0..3).map(|_| probe(queue.recv())).collect();
    let mut many = probe(queue.send_many(0..5));
    assert!(waits.iter_mut().map(Probe::assert_ready).eq((0..3).map(Some)));
    assert_eq!((queue.try_recv(), queue.try_recv()), (Ok(3), Err(TryRecvError::Empty)));
    many.assert_pending();
    assert_eq!((queue.try_recv(), many.assert_ready()), (Ok(4), Ok(5)));
}

#[test]
fn a_recv_many_takes_from_one_hand_at_a_time() {
    let queue = Queue::rendezvous();
    let _sends = [1, 2].map(|n| in_line(queue.send(n)));
    let mut into = Vec::new();
    assert_eq!((ready(queue.recv_many(&mut into, 9)), into), (1, vec![1]));
}

#[test]
fn room_is_reserved_for_one_who_waits() {
    let queue = Queue::rendezvous();
    assert!(queue.try_reserve(1).is_err());
    let mut reserve = probe(queue.reserve());
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty), "nothing is there yet, and it does not wait");
    let mut recv = probe(queue.recv());
    assert_eq!((reserve.wakes(), queue.stats().reserved), (1, 1));
    assert_eq!(queue.try_send(7), Err(SendError::Full(7)), "the one who waits is promised another");
    let mut permit = reserve.assert_ready().unwrap();
    permit.send(1).unwrap();
    assert_eq!(recv.assert_ready(), Some(1));
}

#[test]
fn who_wants_no_room_waits_for_those_who_came_first_and_for_nothing_else() {
    let queue = Queue::rendezvous();
    let _send = in_line(queue.send(1));
    let mut reserve = probe(queue.reserve_many(0));
    assert_eq!((queue.try_recv(), reserve.wakes()), (Ok(1), 1));
    drop(reserve.assert_ready().unwrap());
}

#[test]
fn whoever_comes_later_takes_nothing_from_a_hand_past_one_who_waits_for_a_permit() {
    let queue = Queue::rendezvous();
    let mut first = probe(queue.recv());
    let mut permit = queue.try_reserve(1).unwrap();
    let mut send = probe(queue.send(1));
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
    let mut later = probe(queue.recv());
    assert_eq!((send.assert_ready(), first.assert_ready()), (Ok(()), Some(1)), "who came first has it");
    permit.send(2).unwrap();
    assert_eq!(later.assert_ready(), Some(2));
}

#[test]
fn what_a_receiver_leaves_that_was_granted_it_is_for_the_next() {
    let queue = Queue::rendezvous();
    let recv = in_line(queue.recv());
    queue.try_send(1).unwrap();
    drop(recv);
    assert_eq!((queue.len(), queue.stats().granted), (1, 0));
    assert_eq!(queue.try_send(2), Err(SendError::Full(2)), "nobody is there");
    let send = in_line(queue.send(2));
    assert_eq!((queue.try_recv(), queue.try_recv()), (Ok(1), Ok(2)));
    drop(send);
}

#[test]
fn a_receiver_that_is_gone_lets_nobody_in() {
    let queue = Queue::rendezvous();
    drop(in_line(queue.recv()));
    assert_eq!(queue.try_send(1), Err(SendError::Full(1)));
    let permit = {
        let recv = in_line(queue.recv());
        let permit = queue.try_reserve(1).unwrap();
        drop(recv);
        permit
    };
    let _recv = in_line(queue.recv());
    assert_eq!(queue.try_send(1), Err(SendError::Full(1)), "the promise is for the one who came since");
    drop(permit);
    assert_eq!(queue.try_send(1), Ok(()));
}

#[test]
fn a_closed_one_gives_back_what_is_in_the_hands() {
    let queue = Queue::rendezvous();
    let mut sends = [1, 2].map(|n| probe(queue.send(n)));
    queue.close();
    assert_eq!(wakes(&sends), [1, 1]);
    assert_eq!(queue.try_recv(), Err(TryRecvError::Closed));
    assert_eq!(sends[0].assert_ready(), Err(SendError::Closed(1)));
    assert_eq!(sends[1].assert_ready(), Err(SendError::Closed(2)));
}

#[test]
#[should_panic(expected = "a queue that goes from hand to hand has no capacity to set")]
fn its_capacity_cannot_be_set() {
    Queue::<()>::rendezvous().set_capacity(1);
}

#[test]
fn nothing_can_be_forced_into_it() {
    let queue = Queue::rendezvous();
    assert!(matches!(queue.force_send(1), Err(SendError::Full(1))));
    let mut recv = in_line(queue.recv());
    assert_eq!(queue.force_send(2).unwrap().len(), 0);
    assert!(matches!(queue.force_send(3), Err(SendError::Full(3))));
    assert_eq!(ready(&mut recv), Some(2));
}
