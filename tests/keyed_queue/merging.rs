//! Merging: with the last of its key that waits, in its place, outside of the lock.

use super::*;
use untether_support::Hooks;

fn add(old: &mut u32, new: u32) {
    *old += new;
}

#[test]
fn a_value_is_merged_with_the_last_of_its_key_that_waits() {
    let queue = queue_of([(1, 10), (1, 20), (2, 30)]);
    assert_eq!(queue.try_upsert(1, 5, add), Ok(Upserted::Merged));
    assert_eq!(queue.try_upsert(3, 5, add), Ok(Upserted::Inserted));
    assert_eq!(served(&queue), [(1, 10), (2, 30), (3, 5), (1, 25)]);
}

#[test]
fn a_value_is_not_merged_with_the_one_in_flight() {
    let queue = queue_of([(1, 10)]);
    let first = queue.try_recv().unwrap();
    assert_eq!(queue.try_upsert(1, 5, add), Ok(Upserted::Inserted));
    assert_eq!(queue.try_upsert(1, 6, add), Ok(Upserted::Merged));
    assert_eq!(*first, 10);
    drop(first);
    assert_eq!(served(&queue), [(1, 11)]);
}

#[test]
fn to_merge_needs_no_room_and_does_not_wait() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let _waits = in_line(queue.send(2, 20));
    assert_eq!(queue.try_upsert(1, 5, add), Ok(Upserted::Merged));
    assert_eq!(ready(queue.upsert(1, 5, add)), Ok(Upserted::Merged));
    assert_eq!(queue.try_upsert(3, 5, add), Err(SendError::Full((3, 5))));
    assert_eq!(served(&queue), [(1, 20), (2, 20)]);
}

#[test]
fn a_closed_queue_merges_nothing() {
    let queue = queue_of([(1, 10)]);
    queue.close();
    assert_eq!(queue.try_upsert(1, 5, add), Err(SendError::Closed((1, 5))));
    assert_eq!(ready(queue.upsert(1, 6, add)), Err(SendError::Closed((1, 6))));
    assert_eq!(served(&queue), [(1, 10)]);
}

#[test]
fn while_it_is_merged_a_value_is_received_by_nobody_and_keeps_its_turn() {
    let queue = queue_of([(1, 10), (2, 20), (3, 30)]);
    let merged = queue.try_upsert(1, 5, |old, new| {
        assert_eq!((queue.len(), queue.stats().ready, queue.len_of(&1)), (3, 2, 1));
        assert_eq!(*queue.try_recv().unwrap(), 20, "the turn of 1 is left out");
        queue.try_send(4, 40).unwrap();
        *old += new;
    });
    assert_eq!(merged, Ok(Upserted::Merged));
    assert_eq!(served(&queue), [(1, 15), (3, 30), (4, 40)]);
}

#[test]
fn another_of_the_key_finds_nothing_to_merge_with_meanwhile_and_stands_behind() {
    let queue = queue_of([(1, 10)]);
    let merged = queue.try_upsert(1, 5, |old, new| {
        assert_eq!(queue.try_upsert(1, 100, add), Ok(Upserted::Inserted));
        assert_eq!(queue.try_upsert(1, 1, add), Ok(Upserted::Merged), "with that one");
        assert_eq!(queue.try_recv().err(), Some(TryRecvError::Empty), "the first is not there");
        *old += new;
    });
    assert_eq!(merged, Ok(Upserted::Merged));
    assert_eq!(served(&queue), [(1, 15), (1, 101)]);
}

#[test]
fn what_becomes_the_first_of_its_key_while_it_is_merged_is_waited_for() {
    let queue = queue_of([(1, 10), (1, 20)]);
    let (mut first, mut waits) = (Some(queue.try_recv().unwrap()), None);
    let merged = queue.try_upsert(1, 5, |old, new| {
        drop(first.take());
        waits = Some(counted(queue.recv()));
        *old += new;
    });
    let (mut recv, waker) = waits.unwrap();
    assert_eq!((merged, waker.wakes()), (Ok(Upserted::Merged), 1), "it is told when the value is back");
    assert_eq!(*received(&mut recv), 25);
}

#[test]
fn those_who_waited_for_room_merge_one_after_the_other() {
    let queue = Numbers::bounded(2);
    queue.try_send(1, 10).unwrap();
    queue.try_send(2, 20).unwrap();
    let [mut first, mut second, mut third] = [5, 6, 7].map(|value| in_line(queue.upsert(3, value, add)));
    drop((queue.try_recv(), queue.try_recv()));
    assert_eq!(queue.stats().reserved, 1, "the first is in, and the second has room");
    assert_eq!(poll(&mut second), Poll::Ready(Ok(Upserted::Merged)));
    assert_eq!(poll(&mut third), Poll::Ready(Ok(Upserted::Merged)), "not while the second merged");
    assert_eq!(poll(&mut first), Poll::Ready(Ok(Upserted::Inserted)));
    assert_eq!(served(&queue), [(3, 18)]);
}

#[test]
fn a_receiver_whose_value_is_being_merged_is_the_first_in_line_again() {
    let queue = Numbers::unbounded();
    let (mut first, waker) = counted(queue.recv());
    let _second = in_line(queue.recv());
    queue.try_send(1, 10).unwrap();
    let merged = queue.try_upsert(1, 5, |old, new| {
        assert!(poll_with(&mut first, &waker.waker()).is_pending());
        *old += new;
    });
    assert_eq!((merged, waker.wakes()), (Ok(Upserted::Merged), 2));
    assert_eq!(*received(&mut first), 15);
}

#[test]
fn removing_leaves_alone_what_is_being_merged() {
    let queue = queue_of([(1, 10), (1, 20)]);
    let merged = queue.try_upsert(1, 5, |old, new| {
        queue.try_send(1, 30).unwrap();
        assert_eq!(queue.remove(&1), [10, 30]);
        *old += new;
    });
    assert_eq!(merged, Ok(Upserted::Merged));
    assert_eq!(served(&queue), [(1, 25)]);
    assert_left_by_all(&queue);
}

#[test]
fn a_queue_that_is_closed_meanwhile_still_gives_out_what_was_merged() {
    let queue = queue_of([(1, 10)]);
    let merged = queue.try_upsert(1, 5, |old, new| {
        queue.close();
        assert_eq!(queue.try_recv().err(), Some(TryRecvError::Empty), "it is not over");
        *old += new;
    });
    assert_eq!(merged, Ok(Upserted::Merged));
    assert_eq!(served(&queue), [(1, 15)]);
}

#[test]
fn from_a_queue_that_is_ended_meanwhile_the_merged_value_comes_back_and_all_else_is_left_over() {
    let queue = queue_of([(1, 10), (2, 20), (2, 21)]);
    let first = queue.try_recv().unwrap();
    queue.try_send(1, 11).unwrap();
    let merged = queue.try_upsert(1, 5, |old, new| {
        queue.try_send(1, 12).unwrap();
        let left = queue.close_now();
        assert_eq!(left.len(), 3);
        assert_eq!(left.collect::<Vec<_>>(), [(2, 20), (2, 21), (1, 12)]);
        *old += new;
    });
    assert_eq!(merged, Err(SendError::Closed((1, 16))));
    drop(first);
    assert_left_by_all(&queue);
}

#[test]
fn a_merge_that_panics_leaves_the_old_value_in_its_place() {
    let queue = queue_of([(1, 10), (2, 20)]);
    let mut waits = None;
    let text = panics(|| {
        queue.try_upsert(1, 5, |old, _| {
            let mut other = queue.recv();
            drop(received(&mut other));
            waits = Some(counted(queue.recv()));
            *old += 1;
            panic!("on purpose: a merge");
        })
    });
    assert_eq!(text, "on purpose: a merge");
    let (mut recv, waker) = waits.unwrap();
    assert_eq!((waker.wakes(), *received(&mut recv)), (1, 11), "it goes on with what is there");
    assert_left_by_all(&queue);
}

#[test]
fn an_upsert_whose_merge_panics_has_ended_and_lost_nothing_but_its_own_value() {
    let queue = queue_of([(1, 10), (2, 20)]);
    let mut upsert = queue.upsert(1, 5, |_, _| panic!("on purpose: a merge"));
    assert!(panics(|| poll(&mut upsert)).contains("on purpose"));
    assert_eq!(upsert.into_inner(), None);
    assert_eq!(served(&queue), [(1, 10), (2, 20)]);
    assert_left_by_all(&queue);
}

#[test]
fn one_that_waits_for_room_is_let_in_as_it_is_if_nothing_of_its_key_waits_when_its_turn_comes() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let first = in_line(queue.upsert(2, 20, add));
    let (second, waker) = counted(queue.upsert(2, 5, add));
    drop(queue.try_recv().unwrap());
    assert_eq!((queue.len_of(&2), ready(first)), (1, Ok(Upserted::Inserted)), "let in, and nobody polled it");
    let held = queue.try_recv().unwrap();
    assert_eq!((queue.len_of(&2), waker.wakes()), (1, 1), "what would merge was let in as it is");
    assert_eq!(ready(second), Ok(Upserted::Inserted));
    drop(held);
    assert_eq!(served(&queue), [(2, 5)]);
    assert_left_by_all(&queue);
}

/// A full queue of two, with an upsert of key 2 in line whose turn has come, and something to merge with.
fn with_room_granted<'q>(
    queue: &'q Numbers,
    waker: &CountingWaker,
) -> Upsert<&'q Numbers, fn(&mut u32, u32)> {
    let merge: fn(&mut u32, u32) = add;
    [(1, 10), (3, 11)].into_iter().for_each(|(key, value)| queue.try_send(key, value).unwrap());
    let sending = in_line(queue.send(2, 20));
    let mut upsert = queue.upsert(2, 5, merge);
    assert!(poll_with(&mut upsert, &waker.waker()).is_pending());
    drop(queue.try_recv().unwrap());
    assert_eq!((ready(sending), waker.wakes()), (Ok(()), 0));
    drop(queue.try_recv().unwrap());
    assert_eq!((waker.wakes(), queue.stats().reserved, queue.len()), (1, 1, 1));
    upsert
}

#[test]
fn one_that_waits_for_room_merges_if_something_waits_when_its_turn_comes_and_gives_the_room_to_the_next() {
    let (queue, waker) = (Numbers::bounded(2), CountingWaker::new());
    let upsert = with_room_granted(&queue, &waker);
    let (next, other) = counted(queue.send(3, 30));
    assert_eq!(other.wakes(), 0);
    assert_eq!((ready(upsert), other.wakes()), (Ok(Upserted::Merged), 1));
    drop(next);
    assert_eq!(served(&queue), [(2, 25), (3, 30)]);
    assert_left_by_all(&queue);
}

#[test]
fn one_that_was_granted_room_and_finds_nothing_any_more_uses_it() {
    let (queue, waker) = (Numbers::bounded(2), CountingWaker::new());
    let upsert = with_room_granted(&queue, &waker);
    assert_eq!(*queue.try_recv().unwrap(), 20);
    assert_eq!(ready(upsert), Ok(Upserted::Inserted));
    assert_eq!(served(&queue), [(2, 5)]);
    assert_left_by_all(&queue);
}

#[test]
fn one_that_was_granted_room_and_is_dropped_gives_it_back_with_its_value() {
    let (queue, waker) = (Numbers::bounded(2), CountingWaker::new());
    let upsert = with_room_granted(&queue, &waker);
    let (next, other) = counted(queue.send(3, 30));
    assert_eq!(upsert.into_inner(), Some((2, 5)));
    assert_eq!((other.wakes(), ready(next)), (1, Ok(())));
    assert_eq!(served(&queue), [(2, 20), (3, 30)]);
    assert_left_by_all(&queue);
}

#[test]
fn one_that_was_granted_room_is_refused_if_the_queue_was_closed_since() {
    for ended in [false, true] {
        let (queue, waker) = (Numbers::bounded(2), CountingWaker::new());
        let upsert = with_room_granted(&queue, &waker);
        if ended {
            assert_eq!(queue.close_now().count(), 1);
        } else {
            queue.close();
        }
        assert_eq!(ready(upsert), Err(SendError::Closed((2, 5))));
        assert_eq!(served(&queue).len(), usize::from(!ended));
        assert_left_by_all(&queue);
    }
}

#[test]
fn one_whose_waker_breaks_the_room_it_gives_back_has_merged_by_then() {
    let (queue, waker) = (Numbers::bounded(2), CountingWaker::new());
    let mut upsert = with_room_granted(&queue, &waker);
    let mut next = queue.send(3, 30);
    let breaks = Hooks::new().on_wake(|| panic!("on purpose: a wake")).waker();
    assert!(poll_with(&mut next, &breaks).is_pending());
    assert!(panics(|| poll(&mut upsert)).contains("on purpose"));
    assert_eq!(upsert.into_inner(), None, "it is merged");
    assert_eq!(ready(next), Ok(()));
    assert_eq!(served(&queue), [(2, 25), (3, 30)]);
    assert_left_by_all(&queue);
}

#[test]
fn news_is_merged_however_much_of_it_comes() {
    let queue = Numbers::bounded(3);
    for round in 0..1_000 {
        for key in 0..3 {
            let upserted = queue.try_upsert(key, 1, add).unwrap();
            assert_eq!(upserted == Upserted::Inserted, round == 0);
        }
    }
    assert_eq!(served(&queue), [(0, 1_000), (1, 1_000), (2, 1_000)]);
}
