//! What is in flight, and what its end frees.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_guard_gives_the_value_to_be_read_and_changed() {
    let queue = queue_of([(1, 10)]);
    let mut value = queue.try_recv().unwrap();
    *value += 1;
    assert_eq!((*value.key(), *value), (1, 11));
}

#[test]
fn the_value_may_be_taken_while_its_key_stays_held() {
    let queue = queue_of([(1, 10), (1, 11)]);
    let (value, held) = queue.try_recv().unwrap().into_parts();
    assert_eq!((value, *held.key()), (10, 1));
    assert_eq!((queue.try_recv().err(), queue.stats().in_flight), (Some(TryRecvError::Empty), 1));
    drop(held);
    assert_eq!(*queue.try_recv().unwrap(), 11);
}

#[test]
fn a_guard_that_is_forgotten_keeps_its_own_key_and_no_other() {
    let queue = queue_of([(1, 10), (1, 11), (2, 20)]);
    std::mem::forget(queue.try_recv().unwrap());
    assert_eq!(served(&queue), [(2, 20)]);
    queue.try_send(1, 12).unwrap();
    (3..1_000).for_each(|key| queue.try_send(key, key).unwrap());
    assert_eq!(served(&queue).len(), 997);
    assert_eq!((queue.len_of(&1), queue.keys()), (2, 1));
    assert_eq!(queue.remove(&1), [11, 12], "and what waits behind it can be had");
}

#[test]
fn a_consumer_that_panics_frees_its_key() {
    let queue = queue_of([(1, 10), (1, 11)]);
    let text = panics(|| {
        let value = queue.try_recv().unwrap();
        panic!("on purpose: {}", *value);
    });
    assert_eq!(text, "on purpose: 10");
    assert_eq!(served(&queue), [(1, 11)]);
    assert_left_by_all(&queue);
}

/// Looks, as it is dropped, whether the next of its key can be had; and panics if it should.
struct Looks {
    queue: Arc<KeyedQueue<u32, Looks>>,
    found: Arc<AtomicBool>,
    panics: bool,
}

impl Drop for Looks {
    fn drop(&mut self) {
        self.found.store(self.queue.try_recv().is_ok(), Ordering::Relaxed);
        assert!(!self.panics || std::thread::panicking(), "on purpose: a drop");
    }
}

#[test]
fn a_value_is_gone_before_the_next_of_its_key_comes() {
    for panicking in [false, true] {
        let queue = Arc::new(KeyedQueue::unbounded());
        let found = Arc::new(AtomicBool::new(true));
        for panics in [panicking, false] {
            let looks = Looks { queue: queue.clone(), found: found.clone(), panics };
            queue.try_send(1, looks).ok().unwrap();
        }
        let first = queue.try_recv().unwrap();
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(first)));
        assert_eq!(dropped.is_err(), panicking);
        assert!(!found.load(Ordering::Relaxed), "the next came while it was dropped");
        drop(queue.try_recv().expect("and now it can be had"));
        assert_left_by_all(&queue);
    }
}

#[test]
fn to_be_idle_is_to_have_nothing_in_flight_and_to_be_empty_is_not() {
    let queue = queue_of([(1, 10)]);
    let ((mut empty, when_empty), (mut idle, when_idle)) = (counted(queue.empty()), counted(queue.idle()));
    let value = queue.try_recv().unwrap();
    assert_eq!((when_empty.wakes(), when_idle.wakes()), (1, 0));
    assert!(poll(&mut empty).is_ready() && poll_with(&mut idle, &when_idle.waker()).is_pending());
    let (_, held) = value.into_parts();
    assert_eq!(when_idle.wakes(), 0);
    drop(held);
    assert_eq!(when_idle.wakes(), 1);
    assert!(poll(&mut idle).is_ready());
}

#[test]
fn one_who_was_told_that_it_is_idle_looks_again() {
    let queue = queue_of([(1, 10)]);
    let (mut idle, waker) = counted(queue.idle());
    drop(queue.try_recv().unwrap());
    queue.try_send(1, 11).unwrap();
    assert_eq!(waker.wakes(), 1);
    assert!(poll_with(&mut idle, &waker.waker()).is_pending(), "it is no longer so");
    drop(queue.try_recv().unwrap());
    assert_eq!(waker.wakes(), 2);
    assert!(poll(&mut idle).is_ready());
}

#[test]
fn one_that_waits_for_an_end_and_is_dropped_is_gone() {
    let queue = queue_of([(1, 10)]);
    drop((in_line(queue.empty()), in_line(queue.idle()), in_line(queue.closed())));
    queue.close();
    assert_eq!(served(&queue), [(1, 10)]);
}
