//! The end: what is inside still comes out in time, or comes back at once.

use super::*;
use std::sync::Mutex;
use untether::queue::delay::InsertError;

#[test]
fn insert_after_close_hands_the_item_back() {
    let (queue, clock) = queue();
    queue.close();
    let refused: InsertError<u32> = queue.insert(7, SECOND).unwrap_err();
    assert_eq!(refused.to_string(), "inserting into a delay queue that is closed");
    assert_eq!(format!("{refused:?}"), "InsertError { .. }");
    assert_eq!(refused.into_inner(), 7);
    assert_eq!(queue.insert_at(8, clock.now()).map_err(InsertError::into_inner), Err(8));
    assert!(queue.is_closed() && queue.is_empty());
}

#[test]
fn what_is_inside_when_it_is_closed_comes_out_in_time_and_then_everybody_goes() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let later = put(&queue, 2, 5);
    let mut waiters: Vec<Waiter> = (0..40).map(|_| waiter(&queue)).collect();
    queue.close();
    assert_eq!(wakes(&waiters), 0);
    assert!(queue.reset(&later, 2 * SECOND), "it can still be moved");
    clock.advance(SECOND);
    assert_eq!(got(&mut waiters.remove(0)), 1);
    waiters[0].assert_pending();
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
    clock.advance(SECOND);
    assert_eq!(got(&mut waiters.remove(0)), 2);
    assert_eq!(wakes(&waiters), waiters.len(), "each once");
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()));
    assert_eq!(queue.try_recv(), Err(TryRecvError::Closed));
    assert_eq!((queue.waiting(), clock.sleepers()), (0, 0));
}

#[test]
fn close_wakes_every_consumer() {
    let (queue, _clock) = queue();
    let mut waiters: Vec<Waiter> = (0..40).map(|_| waiter(&queue)).collect();
    queue.close();
    assert_eq!(wakes(&waiters), 40);
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()));
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()), "and stays so");
}

#[test]
fn close_twice_is_close_once() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let mut waiter = waiter(&queue);
    queue.close();
    queue.close();
    clock.advance(SECOND);
    assert_eq!(got(&mut waiter), 1);
    queue.close();
    assert_eq!(queue.close_now().count(), 0);
}

#[test]
fn removing_the_last_after_close_lets_everybody_go() {
    let (queue, _clock) = queue();
    let key = put(&queue, 1, 1);
    let mut waiters: Vec<Waiter> = (0..40).map(|_| waiter(&queue)).collect();
    queue.close();
    assert_eq!(queue.remove(&key), Some(1));
    assert_eq!(wakes(&waiters), 40);
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()));
}

#[test]
fn clearing_after_close_lets_everybody_go() {
    let (queue, _clock) = queue();
    put(&queue, 1, 1);
    let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&queue)).collect();
    queue.close();
    queue.clear();
    assert_eq!(wakes(&waiters), 3);
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()));
}

#[test]
fn close_now_gives_back_what_is_inside_earliest_first_and_lets_everybody_go() {
    let (queue, clock) = queue();
    for seconds in [3, 1, 2] {
        put(&queue, seconds, seconds);
    }
    queue.insert(9, Duration::MAX).unwrap();
    let mut waiters: Vec<Waiter> = (0..40).map(|_| waiter(&queue)).collect();
    let left = queue.close_now();
    assert_eq!((left.len(), format!("{left:?}")), (4, "Leftovers { len: 4, .. }".to_string()));
    let at = |seconds| in_seconds(&clock, seconds);
    let expected = [(at(1), 1), (at(2), 2), (at(3), 3), (Instant::FAR_FUTURE, 9)];
    assert_eq!(left.collect::<Vec<_>>(), expected);
    assert_eq!(wakes(&waiters), 40);
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()));
    assert_eq!(clock.sleepers(), 0);
}

#[test]
fn draining_leaves_the_queue_open() {
    let (queue, _clock) = queue();
    (0..3).for_each(|item| _ = put(&queue, item, item));
    let mut waiter = {
        let mut taken = recv(&queue);
        assert_eq!(got(&mut taken), 0);
        taken
    };
    assert_eq!(queue.drain().map(|(_, item)| item).collect::<Vec<_>>(), [1, 2]);
    waiter.assert_pending();
    put(&queue, 5, 0);
    assert_eq!(got(&mut waiter), 5);
}

#[test]
fn who_waits_for_what_is_never_due_goes_when_it_is_removed() {
    let (queue, _clock) = queue();
    let key = queue.insert(1, Duration::MAX).unwrap();
    let mut waiter = waiter(&queue);
    queue.close();
    waiter.assert_pending();
    assert_eq!(queue.remove(&key), Some(1));
    assert_eq!((waiter.wakes(), waiter.assert_ready()), (1, None));
}

#[test]
fn one_that_was_called_before_the_end_finds_it() {
    let (queue, _clock) = queue();
    let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&queue)).collect();
    put(&queue, 1, 1);
    assert_eq!(waiters[0].wakes(), 1, "called");
    drop(queue.close_now());
    assert_eq!(waiters.iter().map(Probe::wakes).collect::<Vec<_>>(), [1, 1, 1]);
    let mut late = recv(&queue);
    assert_eq!(late.assert_ready(), None, "though it is not the first");
    assert_eq!(Probe::new(queue.recv_many(&mut Vec::new(), 3)).assert_ready(), 0);
    assert!(waiters.iter_mut().all(|waiter| waiter.assert_ready().is_none()));
    assert_eq!(queue.waiting(), 0);
}

/// Notes what the queue says from within the drop of its items: that would hang, or panic, under its lock.
struct Looks(Arc<DelayQueue<Looks, ManualClock>>, Arc<Mutex<Vec<usize>>>);

impl Drop for Looks {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0.len());
    }
}

#[test]
fn an_item_that_is_dropped_may_use_the_queue() {
    let (queue, noted) = (Arc::new(DelayQueue::new(ManualClock::new())), Arc::new(Mutex::default()));
    let put = || queue.insert(Looks(queue.clone(), Arc::clone(&noted)), SECOND);
    for _ in 0..4 {
        put().unwrap();
    }
    let key = put().unwrap();
    drop(queue.remove(&key));
    queue.clear();
    put().unwrap();
    drop(queue.close_now());
    drop(put());
    assert_eq!(*noted.lock().unwrap(), [4, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn what_is_inside_is_dropped_with_the_queue() {
    let item = Arc::new(());
    let queue = DelayQueue::new(ManualClock::new());
    for seconds in 0..100 {
        queue.insert(item.clone(), seconds * SECOND).unwrap();
    }
    assert!(queue.try_recv().is_ok());
    assert_eq!(Arc::strong_count(&item), 100);
    drop(queue);
    assert_eq!(Arc::strong_count(&item), 1);
}
