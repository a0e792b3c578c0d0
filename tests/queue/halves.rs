//! Halves that are counted, and handles that are not.

use super::*;
use futures_core::Stream;
use futures_sink::Sink;

#[test]
fn items_are_dropped_with_the_last_receiver() {
    let held = Arc::new(());
    for queue in [Queue::bounded(9), Queue::unbounded()] {
        let (sender, receiver) = queue.split();
        let second = receiver.clone();
        assert!(ready(sender.send_many([held.clone(), held.clone()])).is_ok());
        drop(receiver);
        assert_eq!(Arc::strong_count(&held), 3, "one is left");
        drop(second);
        assert_eq!(Arc::strong_count(&held), 1);
        assert!(matches!(sender.try_send(held.clone()), Err(SendError::Closed(_))));
    }
}

#[test]
fn who_sends_gets_its_item_back_when_the_last_receiver_goes() {
    let (sender, receiver) = full(0).split();
    let (mut send, mut reserve) = (probe(sender.send(1)), probe(sender.reserve()));
    let mut closed = probe(sender.closed());
    drop(receiver);
    assert_eq!((send.wakes(), reserve.wakes(), closed.wakes()), (1, 1, 1));
    assert_eq!(send.assert_ready(), Err(SendError::Closed(1)));
    assert_eq!(reserve.assert_ready().unwrap_err(), ReserveError::Closed);
    closed.assert_ready();
}

#[test]
fn a_permit_is_of_no_use_when_the_last_receiver_is_gone() {
    let (sender, receiver) = Queue::bounded(2).split();
    let mut permit = ready(sender.reserve()).unwrap();
    drop(receiver);
    assert_eq!(permit.send(1), Err(SendError::Closed(1)));
}

#[test]
fn the_last_sender_closes_and_what_is_there_is_received() {
    let (sender, receiver) = Queue::bounded(9).split();
    let mut waits = probe(receiver.recv());
    sender.try_send(1).unwrap();
    sender.try_send(2).unwrap();
    drop(sender);
    assert_eq!((waits.assert_ready(), receiver.try_recv()), (Some(1), Ok(2)));
    assert_eq!((receiver.try_recv(), waits.assert_ready()), (Err(TryRecvError::Closed), None));
}

#[test]
fn halves_are_counted_and_know_each_other() {
    let (sender, receiver) = Queue::<()>::bounded(9).split();
    let (other, another) = (sender.clone(), receiver.clone());
    assert_eq!((sender.receivers(), receiver.senders()), (2, 2));
    assert!(sender.is_of_same_queue(&other) && receiver.is_of_same_queue(&another));
    drop((other, another));
    assert_eq!((sender.receivers(), receiver.senders()), (1, 1));
    let (stranger, _receiver) = Queue::bounded(9).split();
    assert!(!sender.is_of_same_queue(&stranger));
    assert!(std::ptr::eq(sender.queue(), receiver.queue()));
}

#[test]
fn a_weak_handle_keeps_nothing_open() {
    let (sender, receiver) = full(1).split();
    let (weak_sender, weak_receiver) = (sender.downgrade(), receiver.downgrade());
    let again = weak_sender.clone().upgrade().unwrap();
    assert_eq!((receiver.senders(), again.is_of_same_queue(&sender)), (2, true));
    drop((sender, again));
    assert!(receiver.queue().is_closed(), "and none who waits");
    assert!(weak_sender.upgrade().is_none(), "what was closed so stays closed");
    let again = weak_receiver.upgrade().unwrap();
    drop(receiver);
    assert_eq!(again.try_recv(), Ok(1));
    drop(again);
    assert!(weak_receiver.upgrade().is_none());
}

#[test]
fn a_weak_receiver_is_none_when_the_last_is_gone_though_senders_are_left() {
    let (sender, receiver) = Queue::<()>::bounded(1).split();
    let (weak_sender, weak_receiver) = (sender.downgrade(), receiver.downgrade());
    drop(receiver);
    assert!(weak_receiver.upgrade().is_none() && weak_receiver.clone().upgrade().is_none());
    let again = weak_sender.upgrade().unwrap();
    assert_eq!((again.receivers(), again.try_send(())), (0, Err(SendError::Closed(()))));
}

#[test]
fn one_that_was_closed_by_hand_still_gives_handles() {
    let (sender, receiver) = full(1).split();
    sender.close();
    receiver.close();
    let again = sender.downgrade().upgrade().unwrap();
    assert_eq!(again.try_send(2), Err(SendError::Closed(2)));
    assert_eq!((receiver.try_recv(), receiver.try_recv()), (Ok(1), Err(TryRecvError::Closed)));
}

#[test]
fn a_permit_of_a_sender_keeps_the_queue_open() {
    let (sender, receiver) = Queue::bounded(2).split();
    let mut permit = ready(Queue::reserve_owned(sender, 2)).unwrap();
    assert_eq!((receiver.senders(), receiver.queue().is_closed()), (1, false));
    let mut recv = probe(receiver.recv());
    permit.send(1).unwrap();
    assert_eq!(recv.assert_ready(), Some(1));
    recv.assert_pending();
    drop(permit);
    assert_eq!((recv.wakes(), recv.assert_ready(), receiver.queue().stats().reserved), (2, None, 0));
}

#[test]
fn so_does_a_reserve_that_waits_and_a_sink() {
    let (sender, receiver) = full(0).split();
    let reserve = in_line(Queue::reserve_owned(sender.clone(), 1));
    let mut sink = sender.into_sink();
    assert_eq!((receiver.senders(), receiver.try_recv()), (2, Ok(0)));
    drop(reserve);
    Pin::new(&mut sink).start_send(1).unwrap();
    assert_eq!(
        (receiver.senders(), receiver.try_recv(), receiver.try_recv()),
        (1, Ok(1), Err(TryRecvError::Empty))
    );
    assert_eq!(sink.into_inner(), None);
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
}

#[test]
fn a_stream_of_a_receiver_keeps_what_is_there() {
    let (sender, receiver) = full(1).split();
    let mut stream = receiver.into_stream();
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(Pin::new(&mut stream).poll_next(&mut cx), Poll::Ready(Some(1)));
    assert!(Pin::new(&mut stream).poll_next(&mut cx).is_pending());
    sender.try_send(2).unwrap();
    assert_eq!(sender.queue().stats().granted, 1);
    drop(stream);
    assert_eq!(sender.try_send(3), Err(SendError::Closed(3)), "the last receiver went with it");
    assert_eq!(sender.queue().len(), 0);
}

#[test]
fn an_arc_holds_a_queue_for_those_who_own_their_hold() {
    let queue = Arc::new(Queue::bounded(2));
    let mut stream = Queue::stream_owned(queue.clone());
    let mut sink = Queue::sink_owned(queue.clone());
    let mut permit = ready(Queue::reserve_owned(queue.clone(), 1)).unwrap();
    Pin::new(&mut sink).start_send(1).unwrap();
    permit.send(2).unwrap();
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(Pin::new(&mut stream).poll_next(&mut cx), Poll::Ready(Some(1)));
    assert_eq!(Arc::strong_count(&queue), 4);
    drop((stream, sink, permit));
    assert_eq!((Arc::strong_count(&queue), queue.try_recv()), (1, Ok(2)));
}

#[test]
fn a_queue_that_holds_its_own_halves_is_freed_with_the_last_outside() {
    struct Cycle {
        _sender: Option<untether::queue::Sender<Cycle>>,
        _held: Arc<()>,
    }
    let held = Arc::new(());
    let (sender, receiver) = Queue::bounded(3).split();
    for _ in 0..3 {
        assert!(sender.try_send(Cycle { _sender: Some(sender.clone()), _held: held.clone() }).is_ok());
    }
    drop(sender);
    assert!(!receiver.queue().is_closed(), "there are senders in it");
    drop(receiver);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn the_verbs_of_the_halves_are_those_of_the_queue() {
    let (sender, receiver) = Queue::bounded(4).split();
    assert_eq!(
        (ready(sender.send(1)), sender.try_send(2), ready(sender.send_many([3, 4]))),
        (Ok(()), Ok(()), Ok(2))
    );
    assert_eq!(sender.try_send(5), Err(SendError::Full(5)));
    let mut into = Vec::new();
    assert_eq!((ready(receiver.recv()), receiver.try_recv()), (Some(1), Ok(2)));
    assert_eq!((ready(receiver.recv_many(&mut into, 1)), into), (1, vec![3]));
    let next = Pin::new(&mut receiver.stream()).poll_next(&mut Context::from_waker(Waker::noop()));
    assert_eq!(next, Poll::Ready(Some(4)));
}
