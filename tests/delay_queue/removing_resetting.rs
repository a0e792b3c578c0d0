//! What is taken back, and what is put off, put forward, or due at once after all.

use super::*;

#[test]
fn what_is_removed_comes_back_once_and_never_comes_out() {
    let (queue, clock) = queue();
    let (one, two) = (put(&queue, 1, 1), put(&queue, 2, 1));
    assert_eq!((queue.remove(&one), queue.remove(&one)), (Some(1), None));
    clock.advance(SECOND);
    assert_eq!(due(&queue), [2]);
    assert_eq!(queue.remove(&two), None);
}

#[test]
fn an_entry_that_is_due_and_was_not_received_can_still_be_removed_or_put_off() {
    let (queue, clock) = queue();
    let (one, two) = (put(&queue, 1, 1), put(&queue, 2, 1));
    put(&queue, 3, 1);
    clock.advance(2 * SECOND);
    assert_eq!(queue.peek(), Some((one, clock.now().saturating_sub(SECOND))));
    assert!(queue.reset(&one, SECOND));
    assert_eq!(queue.remove(&two), Some(2));
    assert_eq!(due(&queue), [3]);
    clock.advance(SECOND);
    assert_eq!(due(&queue), [1]);
}

/// tokio-util panics (its #2473, #3270).
#[test]
fn the_key_of_what_has_expired_finds_nothing_and_never_panics() {
    let (queue, clock) = queue();
    let key = put(&queue, 1, 1);
    clock.advance(SECOND);
    assert_eq!(due(&queue), [1]);
    for _ in 0..2 {
        assert!(!queue.reset(&key, SECOND) && !queue.reset_at(&key, Instant::from_nanos(0)));
        assert_eq!((queue.remove(&key), queue.deadline(&key)), (None, None));
        // Its place is used again, its key is not.
        put(&queue, 2, 1);
    }
    assert_eq!(queue.len(), 2);
}

#[test]
fn a_key_is_of_one_queue_only() {
    let ((queue, _), (other, _)) = (queue(), queue());
    let key = put(&queue, 1, 1);
    assert_eq!((other.remove(&key), other.reset(&key, SECOND)), (None, false));
    put(&other, 2, 1);
    assert_eq!((other.remove(&key), other.deadline(&key), other.reset(&key, SECOND)), (None, None, false));
    assert_eq!(queue.remove(&key), Some(1));
}

#[test]
fn keys_of_what_was_cleared_find_nothing_not_even_what_is_put_in_afterwards() {
    let (queue, _) = queue();
    let keys: Vec<DelayKey> = (0..100).map(|item| put(&queue, item, 1)).collect();
    queue.clear();
    (0..100).for_each(|item| _ = put(&queue, item, 1));
    assert!(keys.iter().all(|key| queue.remove(key).is_none() && !queue.reset(key, SECOND)));
    assert_eq!(queue.len(), 100);
}

#[test]
fn a_reset_moves_an_entry_both_ways_to_never_and_back() {
    let (queue, clock) = queue();
    let key = put(&queue, 1, 10);
    put(&queue, 2, 5);
    assert!(queue.reset(&key, SECOND));
    assert_eq!(queue.peek(), Some((key, in_seconds(&clock, 1))));
    assert!(queue.reset(&key, Duration::MAX));
    assert_eq!(queue.deadline(&key), Some(Instant::FAR_FUTURE));
    clock.advance(20 * SECOND);
    assert_eq!(due(&queue), [2]);
    assert!(queue.reset(&key, SECOND));
    assert_eq!(due(&queue), [0; 0]);
    clock.advance(SECOND);
    assert_eq!(due(&queue), [1]);
}

/// tokio-util: the one who waits sleeps on (its PR #8274).
#[test]
fn a_reset_into_the_past_wakes_who_waits() {
    let (queue, clock) = queue();
    let key = put(&queue, 1, 3_600);
    let mut waiter = waiter(&queue);
    assert!(queue.reset_at(&key, clock.now().saturating_sub(SECOND)));
    assert_eq!((waiter.wakes(), got(&mut waiter)), (1, 1));
    let key = put(&queue, 2, 3_600);
    waiter.assert_pending();
    assert!(queue.reset(&key, Duration::ZERO));
    assert_eq!((waiter.wakes(), got(&mut waiter)), (2, 2));
}

#[test]
fn what_is_reset_is_the_last_of_its_equals_unless_its_deadline_is_the_same() {
    let (queue, clock) = queue();
    let at = in_seconds(&clock, 1);
    let keys = [1, 2, 3].map(|item| queue.insert_at(item, at).unwrap());
    let earlier = put(&queue, 4, 0);
    assert!(queue.reset_at(&keys[0], at), "nothing is changed by that");
    assert!(queue.reset_at(&earlier, at));
    assert!(queue.reset_at(&keys[1], in_seconds(&clock, 9)) && queue.reset_at(&keys[1], at));
    clock.advance(SECOND);
    assert_eq!(due(&queue), [1, 3, 4, 2]);
}

/// tokio-util: nobody was woken (its #6751), who then waited for ever.
#[test]
fn when_the_last_is_removed_who_waits_goes_on_waiting_and_the_next_insert_wakes_it() {
    let (queue, clock) = queue();
    let key = put(&queue, 1, 5);
    let mut waiter = waiter(&queue);
    assert_eq!(queue.remove(&key), Some(1));
    assert_eq!(waiter.wakes(), 0, "there is nothing to tell");
    put(&queue, 2, 1);
    assert_eq!(waiter.wakes(), 1);
    waiter.assert_pending();
    clock.advance(SECOND);
    assert_eq!((waiter.wakes(), got(&mut waiter)), (2, 2));
}

#[test]
fn what_is_put_in_after_the_last_was_removed_is_in_time_though_an_old_sleep_is_armed() {
    let (queue, clock) = queue();
    let key = put(&queue, 1, 5);
    let mut waiter = waiter(&queue);
    assert_eq!(queue.remove(&key), Some(1));
    put(&queue, 2, 8);
    assert_eq!(waiter.wakes(), 0, "the sleep that is armed comes first");
    clock.advance(5 * SECOND);
    assert_eq!(waiter.wakes(), 1);
    waiter.assert_pending();
    clock.advance(3 * SECOND);
    assert_eq!((waiter.wakes(), got(&mut waiter)), (2, 2));
}

#[test]
fn entries_that_are_put_off_for_ever_take_no_memory() {
    let (queue, clock) = queue();
    let keys: Vec<DelayKey> = (0..10).map(|item| put(&queue, item, 60)).collect();
    let before = untether_support::allocations();
    for round in 0..10_000 {
        assert!(queue.reset(&keys[round % 10], 60 * SECOND));
        clock.advance(Duration::from_millis(1));
    }
    assert!(untether_support::allocations() - before < 20, "no more than it took at first");
    assert_eq!(due(&queue), [0; 0]);
}
