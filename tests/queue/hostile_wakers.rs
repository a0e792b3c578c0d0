//! Wakers that panic: nothing is lost with them. What else they do is in the re-entrancy matrix, where queues have their rows.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn panics<R>(body: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

/// Panics when it is woken.
fn bomb() -> Waker {
    HookWaker::new().on_wake(|| panic!("on purpose")).waker()
}

/// A full queue, and somebody who waits to send 1 and panics when it is let in or sent away.
fn mined() -> (&'static Queue<i32>, untether::queue::Send<&'static Queue<i32>>) {
    let queue: &'static _ = Box::leak(Box::new(full(0)));
    let mut send = queue.send(1);
    assert!(poll_with(&mut send, &bomb()).is_pending());
    (queue, send)
}

#[test]
fn an_item_goes_back_when_letting_in_the_next_panics() {
    type Verb = fn(&'static Queue<i32>);
    let verbs: [Verb; 5] = [
        |queue| _ = queue.try_recv(),
        |queue| _ = poll(&mut queue.recv()),
        |queue| _ = poll(&mut futures_util::StreamExt::next(&mut queue.stream())),
        |queue| _ = queue.peek().unwrap().take(),
        |queue| _ = queue.drain(),
    ];
    for verb in verbs {
        let (queue, mut send) = mined();
        let mut later = probe(queue.send(2));
        assert!(panics(|| verb(queue)), "the panic goes on");
        assert_eq!((ready(&mut send), later.wakes()), (Ok(()), 0));
        assert_eq!((all(queue), later.assert_ready()), (vec![0, 1, 2], Ok(())));
    }
}

#[test]
fn an_item_from_a_hand_is_in_the_queue_then() {
    let queue = Queue::rendezvous();
    let mut send = queue.send(1);
    assert!(poll_with(&mut send, &bomb()).is_pending());
    assert!(panics(|| queue.try_recv()));
    assert_eq!((ready(&mut send), queue.try_recv()), (Ok(()), Ok(1)));
}

#[test]
fn of_many_all_are_where_they_were_to_go() {
    let (queue, mut send) = mined();
    let mut into = Vec::new();
    assert!(panics(|| poll(&mut queue.recv_many(&mut into, 9))));
    assert_eq!((into, ready(&mut send), queue.len()), (vec![0, 1], Ok(()), 0));

    let queue = Queue::unbounded();
    let mut recv = queue.recv();
    assert!(poll_with(&mut recv, &bomb()).is_pending());
    let mut many = queue.send_many(0..100);
    assert!(panics(|| poll(&mut many)));
    assert_eq!((queue.len(), ready(&mut recv)), (32, Some(0)), "a round of them is in");
    assert_eq!(ready(&mut many), Ok(100));
    assert!(all(&queue).into_iter().eq(1..100));
}

#[test]
fn an_item_that_was_sent_is_there_though_who_was_granted_it_panics() {
    type Verb = fn(&'static Queue<i32>);
    let verbs: [Verb; 4] = [
        |queue| _ = queue.try_send(1),
        |queue| _ = poll(&mut queue.send(1)),
        |queue| _ = queue.force_send(1),
        |queue| _ = queue.try_reserve(1).unwrap().send(1),
    ];
    for verb in verbs {
        let queue: &'static _ = Box::leak(Box::new(Queue::bounded(1)));
        let mut recv = queue.recv();
        assert!(poll_with(&mut recv, &bomb()).is_pending());
        assert!(panics(|| verb(queue)));
        assert_eq!((queue.stats().reserved, ready(&mut recv)), (0, Some(1)));
    }
}

#[test]
fn what_close_now_was_to_give_is_given_by_the_next() {
    let (queue, mut send) = mined();
    let mut later = probe(queue.send(2));
    assert!(panics(|| queue.close_now()));
    assert_eq!(
        (later.wakes(), later.assert_ready(), ready(&mut send)),
        (1, Err(SendError::Closed(2)), Err(SendError::Closed(1)))
    );
    assert!(queue.is_closed() && queue.close_now().eq([0]));
}

#[test]
fn items_go_with_the_last_receiver_though_a_waker_panics() {
    let held = Arc::new(());
    let (sender, receiver) = full(held.clone()).split();
    let mut send = sender.send(held.clone());
    assert!(poll_with(&mut send, &bomb()).is_pending());
    assert!(panics(|| drop(receiver)));
    assert_eq!(Arc::strong_count(&held), 2, "but for the one in the hand");
    assert!(matches!(ready(&mut send), Err(SendError::Closed(_))));
}

#[test]
fn a_judge_and_a_waker_that_panic_are_one_panic() {
    let queue = Queue::bounded(2);
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    let mut waits = queue.send(3);
    assert!(poll_with(&mut waits, &bomb()).is_pending());
    let judge = |n: &i32| {
        assert!(*n == 1, "on purpose");
        false
    };
    assert!(panics(|| queue.retain(judge)));
    assert_eq!((ready(&mut waits), all(&queue)), (Ok(()), vec![2, 3]));
}

#[test]
fn whoever_leaves_as_the_thread_unwinds_passes_its_grant_to_one_that_panics() {
    let queue = Queue::bounded(1);
    let mut next = queue.recv();
    let unwinds = panics(|| {
        let granted = in_line(queue.recv());
        assert!(poll_with(&mut next, &bomb()).is_pending());
        queue.try_send(1).unwrap();
        let _kept = granted;
        panic!("on purpose: the task");
    });
    assert!(unwinds);
    assert_eq!(ready(&mut next), Some(1));
}

#[test]
fn a_permit_a_guard_and_a_half_that_go_as_the_thread_unwinds_tell_one_that_panics() {
    let queue = Queue::bounded(1);
    let mut next = queue.send(1);
    assert!(panics(|| {
        let _permit = queue.try_reserve(1).unwrap();
        assert!(poll_with(&mut next, &bomb()).is_pending());
        panic!("on purpose: the task");
    }));
    assert_eq!(ready(&mut next), Ok(()));
    let mut next = queue.recv();
    assert!(panics(|| {
        let _peek = queue.peek().unwrap();
        assert!(poll_with(&mut next, &bomb()).is_pending());
        panic!("on purpose: the task");
    }));
    assert_eq!(ready(&mut next), Some(1));
    let (sender, receiver) = Queue::<()>::bounded(1).split();
    let mut next = receiver.recv();
    assert!(panics(|| {
        let _sender = sender;
        assert!(poll_with(&mut next, &bomb()).is_pending());
        panic!("on purpose: the task");
    }));
    assert_eq!(ready(&mut next), None);
}
