//! What allocates, and what is given back.

use super::*;
use untether_support::allocations;

fn allocated(body: impl FnOnce()) -> u64 {
    let before = allocations();
    body();
    allocations() - before
}

#[test]
fn an_empty_queue_allocates_nothing() {
    let clock = ManualClock::new();
    let allocated = allocated(|| {
        let queue: DelayQueue<u32, _> = DelayQueue::new(&clock);
        assert!(queue.try_recv().is_err() && queue.peek().is_none() && queue.is_empty());
        queue.clear();
        assert_eq!(queue.close_now().len(), 0);
    });
    assert_eq!(allocated, 0);
}

#[test]
fn putting_in_taking_back_waiting_and_receiving_allocate_nothing_once_the_places_are_there() {
    let (queue, clock) = queue();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut taken = Vec::with_capacity(10);
    let mut round = || {
        let keys: [DelayKey; 10] = std::array::from_fn(|item| put(&queue, item as u32, 1));
        {
            let (mut first, mut second) = (std::pin::pin!(queue.recv()), std::pin::pin!(queue.recv()));
            assert!(first.as_mut().poll(&mut cx).is_pending() && second.as_mut().poll(&mut cx).is_pending());
            assert!(queue.remove(&keys[0]).is_some() && queue.reset(&keys[1], 2 * SECOND));
            clock.advance(SECOND);
            assert!(first.poll(&mut cx).is_ready() && second.poll(&mut cx).is_ready());
        }
        assert_eq!(queue.try_recv_many(&mut taken, 10), 6);
        taken.clear();
        clock.advance(SECOND);
        assert!(queue.try_recv().is_ok() && queue.is_empty());
    };
    assert!(allocated(&mut round) > 0, "the first places");
    let later = allocated(|| {
        for _ in 0..1_000 {
            round();
        }
    });
    assert_eq!(later, 0);
}

#[test]
fn a_stream_allocates_once() {
    let (queue, clock) = queue();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut round = || {
        (0..20).for_each(|item| _ = put(&queue, item, item));
        let mut stream = queue.stream();
        for _ in 0..20 {
            while futures_util::StreamExt::poll_next_unpin(&mut stream, &mut cx).is_pending() {
                clock.advance(SECOND);
            }
        }
    };
    round();
    assert_eq!(allocated(round), 1, "a box for its sleep");
}

#[test]
fn a_burst_gives_its_memory_back() {
    let (queue, clock) = queue();
    (0..10_000).for_each(|item| _ = put(&queue, item, 1));
    clock.advance(SECOND);
    assert_eq!(due(&queue).len(), 10_000);
    // It has to be had again, in blocks that double.
    let again = allocated(|| (0..10_000).for_each(|item| _ = put(&queue, item, 1)));
    assert!(again > 15, "{again}");
    queue.clear();
    assert!(allocated(|| (0..10_000).for_each(|item| _ = put(&queue, item, 1))) > 15);
}
