//! What allocates, and what memory stays.

use super::*;
use futures_sink::Sink;
use futures_util::StreamExt;
use untether_support::{allocations, bytes_held};

/// What the round allocates when it has been done before.
fn in_steady_state(mut round: impl FnMut()) -> u64 {
    round();
    let before = allocations();
    (0..1_000).for_each(|_| round());
    allocations() - before
}

fn passing_on_allocates_nothing<S: Storage<Item = u32>>(queue: &Queue<u32, S>) {
    let tries = || {
        queue.try_send(1).unwrap();
        assert_eq!(queue.try_recv(), Ok(1));
        assert_eq!(ready(queue.send(2)), Ok(()));
        assert_eq!(ready(queue.recv()), Some(2));
    };
    assert_eq!(in_steady_state(tries), 0, "tried");
    let parked = || {
        let mut waits = [(); 3].map(|()| in_line(queue.recv()));
        (0..3).for_each(|item| queue.try_send(item).unwrap());
        assert!(waits.iter_mut().all(|recv| ready(recv).is_some()));
    };
    assert_eq!(in_steady_state(parked), 0, "a parked receiver");
    let mut stream = queue.stream();
    let streams = || {
        assert!(poll(&mut stream.next()).is_pending());
        queue.try_send(1).unwrap();
        assert_eq!(ready(stream.next()), Some(1));
    };
    assert_eq!(in_steady_state(streams), 0, "a stream");
    let dropped = || drop([queue.recv(), queue.recv()].map(in_line));
    assert_eq!(in_steady_state(dropped), 0, "who leaves the line");
}

fn waiting_for_room_allocates_nothing<S: Storage<Item = u32>>(queue: &Queue<u32, S>) {
    while queue.try_send(0).is_ok() {}
    let parked = || {
        let mut waits = [1, 2, 3].map(|item| in_line(queue.send(item)));
        (0..3).for_each(|_| _ = ready(queue.recv()));
        assert!(waits.iter_mut().all(|send| ready(send).is_ok()));
    };
    assert_eq!(in_steady_state(parked), 0, "a parked sender");
    let reserves = || {
        let mut waits = in_line(queue.reserve());
        let _ = queue.try_recv();
        ready(&mut waits).unwrap().send(1).unwrap();
    };
    assert_eq!(in_steady_state(reserves), 0, "a permit");
    let mut sink = queue.sink();
    let sinks = || {
        let mut cx = Context::from_waker(Waker::noop());
        Pin::new(&mut sink).start_send(1).unwrap();
        assert!(Pin::new(&mut sink).poll_flush(&mut cx).is_pending());
        let _ = queue.try_recv();
        assert!(Pin::new(&mut sink).poll_flush(&mut cx).is_ready());
    };
    assert_eq!(in_steady_state(sinks), 0, "a sink");
    let forced = || {
        assert_eq!(queue.force_send(1).unwrap().count(), 1);
        drop(queue.peek());
        assert_eq!(queue.stats().granted, 0);
    };
    assert_eq!(in_steady_state(forced), 0, "what is forced in, and looked at");
}

#[test]
fn no_step_allocates_in_steady_state() {
    passing_on_allocates_nothing(&Queue::bounded(4));
    passing_on_allocates_nothing(&Queue::unbounded());
    passing_on_allocates_nothing(&Queue::builder(4).lifo().build());
    passing_on_allocates_nothing(&Queue::builder(4).weight(|_| 1).build());
    waiting_for_room_allocates_nothing(&Queue::bounded(4));
    waiting_for_room_allocates_nothing(&Queue::builder(4).lifo().build());
    waiting_for_room_allocates_nothing(&Queue::builder(4).weight(|_| 1).build());
}

#[test]
fn from_hand_to_hand_nothing_is_allocated_in_steady_state() {
    let queue = Queue::rendezvous();
    let sends_first = || {
        let mut send = in_line(queue.send(1));
        assert_eq!((queue.try_recv(), ready(&mut send)), (Ok(1), Ok(())));
    };
    assert_eq!(in_steady_state(sends_first), 0);
    let receives_first = || {
        let mut recv = in_line(queue.recv());
        queue.try_send(1).unwrap();
        assert_eq!(ready(&mut recv), Some(1));
    };
    assert_eq!(in_steady_state(receives_first), 0);
}

#[test]
fn a_queue_that_stays_long_allocates_nothing_in_steady_state() {
    for depth in [255, 256, 257, 300, 5_000] {
        let queue = Queue::unbounded();
        (0..depth).for_each(|n| queue.try_send(n).unwrap());
        let mut next = depth;
        let mut passes_on = || {
            for _ in 0..10 {
                queue.try_send(next).unwrap();
                assert_eq!(queue.try_recv(), Ok(next - depth));
                next += 1;
            }
        };
        // Until each block was full once.
        (0..100).for_each(|_| passes_on());
        assert_eq!(in_steady_state(passes_on), 0, "{depth}");
    }
}

#[test]
fn many_are_received_without_an_allocation_and_sent_with_one() {
    let queue = Queue::bounded(100);
    let mut into = Vec::with_capacity(32);
    let many = || {
        assert_eq!(ready(queue.send_many(0..32)), Ok(32));
        into.clear();
        assert_eq!(ready(queue.recv_many(&mut into, 32)), 32);
    };
    assert_eq!(in_steady_state(many), 1_000, "what is taken out of the iterator for one lock");
}

#[test]
fn nothing_is_allocated_before_the_first_item_however_large_the_bound() {
    let before = allocations();
    let queue = Queue::<[u8; 1_000]>::bounded(usize::MAX / 2);
    assert!(queue.is_empty() && queue.try_recv().is_err() && queue.stats().granted == 0);
    assert_eq!(allocations(), before);
    let halves = queue.split();
    drop((halves.0.clone(), halves.1.clone(), halves.0.downgrade()));
    assert_eq!(allocations(), before + 1, "what both halves share");
}

#[test]
fn memory_returns_after_a_burst_of_items() {
    fn burst<S: Storage<Item = [u64; 4]>>(queue: &Queue<[u64; 4], S>) -> isize {
        let before = bytes_held();
        for _ in 0..3 {
            (0..100_000).for_each(|n| queue.try_send([n; 4]).unwrap());
            assert!(bytes_held() - before > 3_000_000);
            while queue.try_recv().is_ok() {}
        }
        bytes_held() - before
    }
    let kept = [
        burst(&Queue::unbounded()),
        burst(&Queue::builder(1 << 20).lifo().build()),
        burst(&Queue::builder(1 << 20).weight(|_| 1).build()),
    ];
    assert!(kept.iter().all(|kept| *kept < 64 << 10), "{kept:?}");
}

#[test]
fn memory_returns_after_a_burst_of_those_who_wait() {
    let queue = Queue::bounded(1);
    let before = bytes_held();
    for _ in 0..3 {
        let mut waits: Vec<_> = (0..10_000).map(|_| in_line(queue.recv())).collect();
        waits[5_000..].iter_mut().for_each(|recv| *recv = queue.recv());
        assert!(bytes_held() - before > 100_000);
        drop(waits);
        queue.try_send([0_u64; 4]).unwrap();
        let waits: Vec<_> = (0..10_000).map(|_| in_line(queue.send([0; 4]))).collect();
        while queue.try_recv().is_ok() {}
        drop(waits);
    }
    let kept = bytes_held() - before;
    assert!(kept < 8 << 10, "{kept}");
}
