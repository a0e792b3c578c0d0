//! Who is woken: one for each item, one for each change that brings the earliest deadline nearer, and nobody else.

use super::*;
use futures_util::StreamExt;

#[test]
fn an_insert_wakes_one_of_all_who_wait() {
    let (queue, _clock) = queue();
    let waiters: Vec<Waiter> = (0..8).map(|_| waiter(&queue)).collect();
    put(&queue, 1, 5);
    assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
    put(&queue, 2, 1);
    assert_eq!(wakes(&waiters), 1, "it will look when it is polled, and was told so");
}

#[test]
fn an_insert_wakes_the_one_that_keeps_the_time_if_it_is_earlier_than_all_and_nobody_else() {
    let (queue, _clock) = queue();
    put(&queue, 1, 10);
    let mut waiters: Vec<Waiter> = (0..8).map(|_| waiter(&queue)).collect();
    put(&queue, 2, 20);
    put(&queue, 3, 10);
    assert_eq!(wakes(&waiters), 0, "later, or at the same moment");
    for round in 1..5 {
        put(&queue, 4, 10 - round);
        assert_eq!((wakes(&waiters), waiters[0].wakes()), (round as usize, round as usize));
        waiters[0].assert_pending();
    }
}

#[test]
fn removing_or_putting_off_the_earliest_wakes_nobody_and_its_sleep_ends_once_for_nothing() {
    for put_off in [false, true] {
        let (queue, clock) = queue();
        let first = put(&queue, 1, 1);
        put(&queue, 2, 3);
        let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&queue)).collect();
        assert!(if put_off { queue.reset(&first, 9 * SECOND) } else { queue.remove(&first).is_some() });
        assert_eq!(wakes(&waiters), 0);
        clock.advance(SECOND);
        assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
        waiters[0].assert_pending();
        clock.advance(2 * SECOND);
        assert_eq!((wakes(&waiters), waiters[0].wakes()), (2, 2));
        assert_eq!(got(&mut waiters[0]), 2);
    }
}

#[test]
fn a_reset_wakes_one_if_the_entry_becomes_the_earliest_and_nobody_else() {
    let (queue, clock) = queue();
    let keys = [put(&queue, 1, 10), put(&queue, 2, 20)];
    let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&queue)).collect();
    assert!(queue.reset(&keys[1], 15 * SECOND) && queue.reset(&keys[1], 30 * SECOND));
    assert!(queue.reset(&keys[0], 10 * SECOND), "the same");
    assert_eq!(wakes(&waiters), 0);
    assert!(queue.reset(&keys[1], 5 * SECOND));
    assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
    waiters[0].assert_pending();
    assert!(queue.reset_at(&keys[0], clock.now()));
    assert_eq!((wakes(&waiters), waiters[0].wakes()), (2, 2));
    assert_eq!(got(&mut waiters[0]), 1);
}

#[test]
fn clearing_wakes_nobody() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let mut waiters: Vec<Waiter> = (0..3).map(|_| waiter(&queue)).collect();
    queue.clear();
    assert_eq!(wakes(&waiters), 0);
    clock.advance(SECOND);
    assert_eq!(wakes(&waiters), 1, "the sleep that was armed");
    waiters[0].assert_pending();
    clock.advance(9 * SECOND);
    assert_eq!((wakes(&waiters), clock.sleepers()), (1, 0));
    put(&queue, 2, 0);
    assert_eq!((wakes(&waiters), got(&mut waiters[0])), (2, 2));
}

#[test]
fn what_is_never_due_wakes_nobody() {
    let (queue, _clock) = queue();
    let waiters: Vec<Waiter> = (0..3).map(|_| waiter(&queue)).collect();
    queue.insert(1, Duration::MAX).unwrap();
    assert_eq!(wakes(&waiters), 0);
}

#[test]
fn one_item_wakes_one_of_those_who_wait_and_so_does_each_of_many() {
    let (queue, clock) = queue();
    let mut waiters: Vec<Waiter> = (0..64).map(|_| waiter(&queue)).collect();
    for item in 0..8_u32 {
        put(&queue, item, 1);
        // Called, and sleeps.
        assert_eq!((wakes(&waiters), waiters[0].wakes()), (1, 1));
        waiters[0].assert_pending();
        clock.advance(SECOND);
        assert_eq!((wakes(&waiters), waiters[0].wakes()), (2, 2));
        assert_eq!(got(&mut waiters.remove(0)), item);
        assert_eq!(wakes(&waiters), 0, "there is nothing to wait for");
    }
    (0..20).for_each(|item| _ = put(&queue, item, 0));
    let mut served = 0;
    while let Some(place) = waiters.iter().position(|waiter| waiter.wakes() > 0) {
        assert_eq!((place, wakes(&waiters)), (0, 1));
        got(&mut waiters.remove(0));
        served += 1;
    }
    assert_eq!(served, 20);
}

/// async-channel and flume wake all of them (anchors: 64 of 64 for one message).
#[test]
fn one_item_wakes_one_of_many_streams() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let mut streams: Vec<RecvStream<_, u32, ManualClock>> = (0..64).map(|_| queue.stream()).collect();
    let mut waiting: Vec<_> = streams.iter_mut().map(|stream| Probe::new(stream.next())).collect();
    waiting.iter_mut().for_each(Probe::assert_pending);
    clock.advance(SECOND);
    assert_eq!(waiting.iter().map(Probe::wakes).sum::<usize>(), 1);
    assert_eq!(waiting[0].assert_ready().map(Expired::into_inner), Some(1));
    assert_eq!(waiting.iter().map(Probe::wakes).sum::<usize>(), 1);
}

#[test]
fn timeouts_that_are_set_and_taken_back_all_the_time_wake_at_most_once_for_each_sleep() {
    let (queue, clock) = queue();
    let mut waiter = waiter(&queue);
    for _ in 0..1_000 {
        let key = put(&queue, 1, 10);
        if waiter.wakes() > 0 {
            waiter.assert_pending();
        }
        clock.advance(Duration::from_millis(10));
        assert!(queue.remove(&key).is_some());
    }
    assert!(waiter.wakes() <= 2, "{} wakes for 1,000 timeouts in 10 s", waiter.wakes());
}
