//! What allocates, and what is given back.

use super::*;
use untether_support::allocations;

fn allocated(body: impl FnOnce()) -> u64 {
    let before = allocations();
    body();
    allocations() - before
}

/// As often as it takes for everything to have its place, then as often again.
fn assert_allocates_nothing(mut round: impl FnMut()) {
    (0..2_000).for_each(|_| round());
    assert_eq!(allocated(|| (0..2_000).for_each(|_| round())), 0);
}

#[test]
fn the_same_keys_again_and_again_allocate_nothing() {
    let queue = Numbers::bounded(100);
    assert_allocates_nothing(|| {
        (0..50).for_each(|n| queue.try_send(n % 20, n).unwrap());
        (0..50).for_each(|_| drop(queue.try_recv().unwrap()));
    });
}

#[test]
fn a_key_that_comes_and_goes_beside_others_allocates_nothing() {
    let queue = queue_of([(1, 10), (2, 20)]);
    let (_held, mut next) = (queue.try_recv().unwrap(), 100);
    let _other = queue.try_recv().unwrap();
    assert_allocates_nothing(|| {
        next += 1;
        queue.try_send(next, 0).unwrap();
        drop(queue.try_recv().unwrap());
    });
}

#[test]
fn waiting_and_merging_allocate_nothing() {
    let (queue, waker) = (Numbers::bounded(1), CountingWaker::new().waker());
    assert_allocates_nothing(|| {
        let mut recv = queue.recv();
        assert!(poll_with(&mut recv, &waker).is_pending());
        queue.try_send(1, 1).unwrap();
        assert_eq!(queue.try_upsert(1, 1, |old, new| *old += new), Ok(Upserted::Merged));
        let mut send = queue.send(2, 2);
        assert!(poll_with(&mut send, &waker).is_pending());
        assert_eq!(*received(&mut recv), 2);
        assert!(poll(&mut send).is_ready());
        drop(queue.try_recv().unwrap());
        assert!(poll_with(&mut queue.idle(), &waker).is_ready());
    });
}

#[test]
fn nothing_is_allocated_before_the_first_value() {
    assert_eq!(
        allocated(|| {
            let queue: KeyedQueue<u32, u32> = KeyedQueue::bounded(1_000_000);
            assert!(queue.try_recv().is_err() && queue.is_empty() && queue.len_of(&1) == 0);
            queue.close();
        }),
        0
    );
}
