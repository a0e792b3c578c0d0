//! In which order values come: first in, first out for each key, and round robin over keys.

use super::*;

#[test]
fn each_key_is_first_in_first_out_and_keys_take_turns() {
    let queue = queue_of([(1, 10), (1, 11), (1, 12), (2, 20), (2, 21), (3, 30)]);
    assert_eq!(served(&queue), [(1, 10), (2, 20), (3, 30), (1, 11), (2, 21), (1, 12)]);
    assert_left_by_all(&queue);
}

#[test]
fn keys_that_come_at_the_same_time_take_turns_in_the_order_in_which_they_came() {
    let queue = queue_of([(3, 1), (1, 2), (2, 3)]);
    assert_eq!(served(&queue), [(3, 1), (1, 2), (2, 3)]);
}

#[test]
fn one_key_with_a_thousand_values_holds_up_no_other_for_longer_than_one() {
    let queue = Numbers::unbounded();
    (0..1_000).for_each(|n| queue.try_send(1, n).unwrap());
    drop(queue.try_recv().unwrap());
    queue.try_send(2, 0).unwrap();
    assert_eq!(*queue.try_recv().unwrap().key(), 1);
    assert_eq!(*queue.try_recv().unwrap().key(), 2);
}

#[test]
fn a_key_that_is_done_comes_after_all_that_are_ready_by_then() {
    let queue = queue_of([(1, 10), (1, 11), (2, 20)]);
    let first = queue.try_recv().unwrap();
    queue.try_send(3, 30).unwrap();
    drop(first);
    queue.try_send(4, 40).unwrap();
    assert_eq!(served(&queue), [(2, 20), (3, 30), (1, 11), (4, 40)]);
}

#[test]
fn a_key_keeps_its_turn_while_more_is_put_to_it() {
    let queue = queue_of([(1, 10), (2, 20)]);
    queue.try_send(1, 11).unwrap();
    queue.try_send(2, 21).unwrap();
    assert_eq!(served(&queue), [(1, 10), (2, 20), (1, 11), (2, 21)]);
}

#[test]
fn what_comes_while_one_of_its_key_is_in_flight_waits_for_its_end() {
    let queue = queue_of([(1, 10)]);
    let first = queue.try_recv().unwrap();
    queue.try_send(1, 11).unwrap();
    queue.try_send(2, 20).unwrap();
    assert_eq!(queue.stats().ready, 1);
    let second = queue.try_recv().unwrap();
    assert_eq!((*second.key(), queue.try_recv().err()), (2, Some(TryRecvError::Empty)));
    drop(first);
    assert_eq!(*queue.try_recv().unwrap(), 11);
}

#[test]
fn keys_with_the_same_hash_are_keys_of_their_own() {
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    struct Alike(u32);
    impl std::hash::Hash for Alike {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            state.write_u32(7);
        }
    }
    let queue = KeyedQueue::unbounded();
    (0..100).for_each(|n| queue.try_send(Alike(n % 50), n).unwrap());
    let first: Vec<_> = std::iter::from_fn(|| queue.try_recv().ok()).collect();
    assert!(first.iter().map(|value| value.key().0).eq(0..50));
    assert_eq!((queue.len(), queue.stats().ready), (50, 0));
    drop(first);
    assert!(served(&queue).into_iter().eq((50..100).map(|n| (Alike(n - 50), n))));
    assert_left_by_all(&queue);
}

#[test]
fn the_key_of_a_value_is_the_one_that_was_sent_with_it() {
    /// Equal by its first part only.
    #[derive(Clone, Debug)]
    struct Named(u32, &'static str);
    impl PartialEq for Named {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }
    impl Eq for Named {}
    impl std::hash::Hash for Named {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    let queue = KeyedQueue::unbounded();
    queue.try_send(Named(1, "first"), ()).unwrap();
    queue.try_send(Named(1, "second"), ()).unwrap();
    assert_eq!(queue.try_recv().unwrap().key().1, "first");
    assert_eq!(queue.try_recv().unwrap().key().1, "second");
}
