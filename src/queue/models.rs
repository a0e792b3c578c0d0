//! The counts of the halves, which are outside of the lock; and what is granted, passed on and ended by several threads.

use super::{Queue, Receiver, Sender, TryRecvError};
use crate::sys::models::{Held, Wakes, block_on, held, join, model, thread};
use core::pin::Pin;
use core::task::{Context, Waker};

/// Both used once before they are shared.
fn halves<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = Queue::bounded(capacity).split();
    assert_eq!((sender.receivers(), receiver.senders(), sender.queue().len()), (1, 1, 0));
    (sender, receiver)
}

fn poll_once<F: Future + Unpin>(future: &mut F, waker: &Waker) -> bool {
    Pin::new(future).poll(&mut Context::from_waker(waker)).is_ready()
}

#[test]
fn the_last_of_two_senders_closes_whichever_it_is() {
    model(|| {
        let (sender, receiver) = halves::<()>(1);
        let other = sender.clone();
        let threads = [sender, other].map(|sender| thread::spawn(move || drop(sender)));
        assert_eq!(block_on(receiver.recv()), None);
        join(threads);
        assert_eq!(receiver.senders(), 0);
    });
}

#[test]
fn a_weak_sender_gives_one_that_keeps_it_open_or_none() {
    model(|| {
        let (sender, receiver) = halves(1);
        let weak = sender.downgrade();
        let drops = thread::spawn(move || drop(sender));
        let upgraded = weak.upgrade();
        let sent = upgraded.as_ref().map(|sender| sender.try_send(7));
        assert!(sent.is_none_or(|sent| sent.is_ok()), "the last was not gone");
        drop(upgraded);
        join([drops]);
        assert_eq!(receiver.try_recv().ok(), sent.map(|_| 7));
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn a_weak_receiver_gives_one_that_keeps_what_is_there_or_none() {
    model(|| {
        let (sender, receiver) = halves(1);
        assert_eq!(sender.try_send(7), Ok(()));
        let weak = receiver.downgrade();
        let drops = thread::spawn(move || drop(receiver));
        let received = weak.upgrade().map(|receiver| receiver.try_recv());
        assert!(received.is_none_or(|received| received == Ok(7)));
        join([drops]);
        assert!(sender.queue().is_closed() && sender.queue().is_empty());
        assert_eq!((sender.receivers(), weak.upgrade().is_none()), (0, true));
    });
}

#[test]
fn a_clone_that_is_made_as_another_goes_keeps_it_open() {
    model(|| {
        let (sender, receiver) = halves::<()>(1);
        let (first, second) = (sender.clone(), sender);
        let drops = thread::spawn(move || drop(first));
        let clones = thread::spawn(move || {
            let clone = second.clone();
            drop(second);
            assert_eq!(clone.try_send(()), Ok(()));
        });
        join([drops, clones]);
        assert_eq!((receiver.try_recv(), receiver.try_recv()), (Ok(()), Err(TryRecvError::Closed)));
    });
}

#[test]
fn an_item_that_is_sent_as_the_last_receiver_goes_is_dropped() {
    model(|| {
        let (sender, receiver) = halves::<Held>(1);
        let (witness, item) = held();
        let drops = thread::spawn(move || drop(receiver));
        let refused = sender.try_send(item).is_err();
        join([drops]);
        assert!(witness.saw_it_go() && sender.queue().is_closed(), "refused: {refused}");
    });
}

#[test]
fn a_sender_that_waits_as_the_last_receiver_goes_has_its_item_back() {
    model(|| {
        let (sender, receiver) = halves(1);
        assert_eq!(sender.try_send(1), Ok(()));
        let drops = thread::spawn(move || drop(receiver));
        let sent = block_on(sender.send(2)).map_err(super::SendError::into_inner);
        join([drops]);
        assert_eq!(sent, Err(2));
    });
}

#[test]
fn an_item_comes_to_one_who_waits_though_another_leaves_that_was_granted_it() {
    model(|| {
        let (sender, receiver) = halves(1);
        let (_, waker) = Wakes::new();
        let mut leaves = receiver.recv();
        assert!(!poll_once(&mut leaves, &waker));
        let second = receiver.clone();
        let waits = thread::spawn(move || block_on(second.recv()));
        assert_eq!(sender.try_send(7), Ok(()));
        drop(leaves);
        assert_eq!(join([waits]), [Some(7)]);
    });
}

#[test]
fn an_item_that_is_sent_as_one_leaves_is_there_for_the_next() {
    model(|| {
        let (sender, receiver) = halves(1);
        let (_, waker) = Wakes::new();
        let mut leaves = receiver.recv();
        assert!(!poll_once(&mut leaves, &waker));
        let sends = thread::spawn(move || assert_eq!(sender.try_send(7), Ok(())));
        drop(leaves);
        assert_eq!(block_on(receiver.recv()), Some(7));
        join([sends]);
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    });
}

#[test]
fn one_who_waits_for_room_is_let_in_by_who_receives() {
    model(|| {
        let (sender, receiver) = halves(1);
        assert_eq!(sender.try_send(1), Ok(()));
        let sends = thread::spawn(move || assert!(block_on(sender.send(2)).is_ok()));
        assert_eq!((block_on(receiver.recv()), block_on(receiver.recv())), (Some(1), Some(2)));
        join([sends]);
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    });
}

#[test]
fn a_close_and_a_permit_end_in_either_order() {
    model(|| {
        let (sender, receiver) = halves(1);
        let Ok(mut permit) = receiver.queue().try_reserve(1) else { unreachable!("there is room") };
        let closes = thread::spawn(move || sender.close());
        assert_eq!(permit.send(7), Ok(()));
        assert_eq!((block_on(receiver.recv()), block_on(receiver.recv())), (Some(7), None));
        join([closes]);
    });
}
