//! What each verb does while nothing goes wrong, and what its errors say.

use super::*;
use futures_core::stream::FusedStream;
use futures_sink::Sink;
use futures_util::StreamExt;

#[test]
fn an_item_is_tried_sent_and_received() {
    let queue = Queue::bounded(2);
    assert_eq!(queue.try_recv(), Err(TryRecvError::Empty));
    queue.try_send("one").unwrap();
    assert_eq!(ready(queue.send("two")), Ok(()));
    assert_eq!(queue.try_send("three"), Err(SendError::Full("three")));
    assert_eq!((queue.len(), queue.is_empty(), queue.is_full(), queue.capacity()), (2, false, true, Some(2)));
    assert_eq!(ready(queue.recv()), Some("one"));
    assert_eq!(queue.try_recv(), Ok("two"));
    assert_eq!((queue.len(), queue.is_empty(), queue.is_full()), (0, true, false));
}

#[test]
fn any_value_is_an_item() {
    let queue = Queue::bounded(2);
    queue.try_send(None::<()>).unwrap();
    assert_eq!(ready(queue.recv()), Some(None));
    queue.try_send(Some(())).unwrap();
    assert_eq!(queue.try_recv(), Ok(Some(())));
}

#[test]
fn one_without_a_bound_lets_everybody_in() {
    static QUEUE: Queue<u32> = Queue::unbounded();
    (0..10_000).for_each(|n| QUEUE.try_send(n).unwrap());
    assert_eq!(ready(QUEUE.send_many(10_000..20_000)), Ok(10_000));
    assert_eq!((QUEUE.len(), QUEUE.capacity(), QUEUE.is_full()), (20_000, None, false));
    assert!(QUEUE.drain().eq(0..20_000));
}

#[test]
fn a_future_does_nothing_before_it_is_polled() {
    let queue = Queue::bounded(2);
    drop((queue.send(1), queue.recv(), queue.reserve(), queue.empty(), queue.closed(), queue.send_many([1])));
    let _kept = (queue.send(1), queue.recv(), queue.reserve_many(2), queue.send_many([1]));
    let stats = queue.stats();
    assert_eq!((stats.len, stats.senders_waiting, stats.receivers_waiting, stats.reserved), (0, 0, 0, 0));
}

#[test]
fn many_are_sent_and_received() {
    let queue = Queue::bounded(100);
    assert_eq!(ready(queue.send_many(0..70)), Ok(70));
    assert_eq!(ready(queue.send_many([])), Ok(0));
    let mut into = vec![-1];
    assert_eq!(ready(queue.recv_many(&mut into, 30)), 30);
    assert_eq!(ready(queue.recv_many(&mut into, 1_000)), 40);
    assert!(into.into_iter().eq(-1..70));
    assert!(poll(&mut queue.recv_many(&mut Vec::new(), 1)).is_pending());
}

#[test]
fn who_sends_many_waits_for_room_and_goes_on() {
    let queue = Queue::bounded(3);
    let mut many = probe(queue.send_many(0..8));
    assert_eq!(queue.drain().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!((many.wakes(), queue.len()), (1, 1), "the one that waited was let in");
    many.assert_pending();
    assert_eq!(queue.drain().collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(many.assert_ready(), Ok(8));
    assert_eq!(all(&queue), [6, 7]);
}

#[test]
fn what_was_not_sent_of_many_comes_back_in_order() {
    let queue = Queue::bounded(3);
    let many = in_line(queue.send_many(0..100));
    assert!(many.into_rest().eq(3..100));
    assert_eq!(queue.stats().senders_waiting, 0);
    assert!(queue.send_many(0..5).into_rest().eq(0..5), "and what was never polled");
    let mut many = in_line(queue.send_many(3..50));
    queue.close();
    assert_eq!(ready(&mut many), Err(SendError::Closed(3)));
    assert!(many.into_rest().eq(4..50));
}

#[test]
fn many_end_with_the_first_none_of_their_iterator() {
    let queue = Queue::unbounded();
    let mut calls = 0;
    // Not fused: it has more after it has said that there is none.
    let items = std::iter::from_fn(|| {
        calls += 1;
        (calls != 3).then_some(calls)
    });
    assert_eq!(ready(queue.send_many(items.take(10))), Ok(2));
    assert_eq!(all(&queue), [1, 2]);
}

#[test]
#[should_panic(expected = "receiving at most 0 items")]
fn receiving_at_most_none_is_refused() {
    drop(Queue::<()>::bounded(1).recv_many(&mut Vec::new(), 0));
}

#[test]
fn a_stream_gives_what_comes_until_the_end() {
    let queue = Queue::bounded(3);
    let mut stream = queue.stream();
    queue.try_send(1).unwrap();
    assert_eq!(ready(stream.next()), Some(1));
    assert!(poll(&mut stream.next()).is_pending());
    queue.try_send(2).unwrap();
    queue.close();
    assert_eq!((ready(stream.next()), stream.is_terminated()), (Some(2), false));
    assert_eq!((ready(stream.next()), stream.is_terminated()), (None, true));
    assert_eq!(ready(stream.next()), None, "and again");
}

#[test]
fn a_sink_holds_one_item_and_its_close_closes_nothing() {
    let queue = Queue::bounded(1);
    let mut sink = queue.sink();
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(Pin::new(&mut sink).poll_ready(&mut cx), Poll::Ready(Ok(())));
    Pin::new(&mut sink).start_send(1).unwrap();
    assert_eq!(Pin::new(&mut sink).poll_flush(&mut cx), Poll::Ready(Ok(())));
    Pin::new(&mut sink).start_send(2).unwrap();
    assert!(Pin::new(&mut sink).poll_ready(&mut cx).is_pending(), "one, and no more");
    assert!(Pin::new(&mut sink).poll_close(&mut cx).is_pending(), "not before it is in the queue");
    assert_eq!(queue.try_recv(), Ok(1));
    assert_eq!(Pin::new(&mut sink).poll_close(&mut cx), Poll::Ready(Ok(())));
    assert_eq!((queue.is_closed(), queue.try_recv()), (false, Ok(2)));
    queue.close();
    assert_eq!(Pin::new(&mut sink).start_send(3), Err(SendError::Closed(3)));
}

#[test]
fn what_a_sink_holds_is_taken_back() {
    let queue = full(0);
    let mut sink = queue.sink();
    Pin::new(&mut sink).start_send(1).unwrap();
    assert_eq!(sink.into_inner(), Some(1), "before it was polled");
    let mut sink = queue.sink();
    Pin::new(&mut sink).start_send(2).unwrap();
    assert!(Pin::new(&mut sink).poll_flush(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!((sink.into_inner(), queue.stats().senders_waiting), (Some(2), 0));
    let mut sink = queue.sink();
    Pin::new(&mut sink).start_send(3).unwrap();
    queue.close();
    let flushed = Pin::new(&mut sink).poll_flush(&mut Context::from_waker(Waker::noop()));
    assert_eq!((flushed, sink.into_inner()), (Poll::Ready(Err(SendError::Closed(3))), None));
}

#[test]
#[should_panic(expected = "given an item when it was not ready")]
fn a_sink_that_is_not_ready_takes_nothing() {
    let queue = full(0);
    let mut sink = queue.sink();
    let _ = Pin::new(&mut sink).start_send(1);
    let _ = Pin::new(&mut sink).start_send(2);
}

#[test]
#[should_panic(expected = "polled after it had ended")]
fn a_send_is_not_polled_after_it_has_ended() {
    let queue = Queue::bounded(2);
    let mut send = queue.send(1);
    assert!(poll(&mut send).is_ready());
    let _ = poll(&mut send);
}

#[test]
fn a_recv_that_is_polled_after_it_was_ready_receives_the_next() {
    let queue = Queue::bounded(2);
    assert_eq!(ready(queue.send_many([1, 2])), Ok(2));
    let mut recv = queue.recv();
    assert_eq!((ready(&mut recv), ready(&mut recv)), (Some(1), Some(2)));
    assert!(poll(&mut recv).is_pending());
}

#[test]
fn room_is_reserved_and_used_piece_by_piece() {
    let queue = Queue::bounded(3);
    let mut permit = ready(queue.reserve_many(2)).unwrap();
    assert_eq!((permit.room(), queue.stats().reserved, queue.len(), queue.is_full()), (2, 2, 0, false));
    queue.try_send(0).unwrap();
    assert_eq!(queue.try_send(9), Err(SendError::Full(9)));
    permit.send(1).unwrap();
    assert_eq!((permit.room(), queue.stats().reserved, queue.len()), (1, 1, 2));
    drop(permit);
    queue.try_send(2).unwrap();
    assert_eq!(all(&queue), [0, 1, 2]);
    let mut permit = queue.try_reserve(1).unwrap();
    permit.send(3).unwrap();
    assert_eq!(permit.send(4), Err(SendError::TooHeavy(4)), "its room is used");
}

#[test]
fn errors_say_what_happened_and_give_the_item_back() {
    struct Bare;
    let errors = [
        (SendError::Full(Bare), "sending to a queue that is full", "Full(..)"),
        (SendError::Closed(Bare), "sending to a queue that was closed", "Closed(..)"),
        (
            SendError::TooHeavy(Bare),
            "sending what is heavier than all that the queue may hold",
            "TooHeavy(..)",
        ),
        (SendError::TimedOut(Bare), "sending to a queue that had no room in time", "TimedOut(..)"),
    ];
    for (error, says, debug) in errors {
        assert_eq!((error.to_string().as_str(), format!("{error:?}").as_str()), (says, debug));
        let Bare = error.into_inner();
    }
    let errors = [
        (ReserveError::Full, "reserving room in a queue that is full"),
        (ReserveError::Closed, "reserving room in a queue that was closed"),
        (ReserveError::TooHeavy, "reserving more room than the queue has"),
    ];
    assert!(errors.into_iter().all(|(error, says)| error.to_string() == says));
    assert_eq!(TryRecvError::Empty.to_string(), "receiving from a queue that is empty");
    assert_eq!(TryRecvError::Closed.to_string(), "receiving from a queue that was closed and is empty");
}

#[test]
fn nothing_asks_the_items_for_debug() {
    struct Bare;
    let queue = full(Bare);
    let shown = format!("{:?} {:?} {:?} {:?}", queue, queue.send(Bare), queue.recv(), queue.peek());
    assert!(shown.contains("len: 1") && shown.contains("capacity: Some(1)"), "{shown}");
    let shown = format!("{:?} {:?} {:?}", queue.sink(), queue.stream(), queue.send_many([Bare]));
    assert!(shown.contains("in_line: false"), "{shown}");
    let (sender, receiver) = queue.split();
    let shown = format!("{sender:?} {receiver:?} {:?} {:?}", sender.downgrade(), receiver.downgrade());
    assert!(shown.starts_with("Sender(Stats {") && shown.ends_with("WeakSender WeakReceiver"), "{shown}");
    let shown = format!("{:?} {:?}", Queue::<Bare>::builder(7), receiver.queue().drain());
    assert_eq!(shown, "Builder { capacity: 7, overflow: Wait, .. } Drained { len: 1, .. }");
}
