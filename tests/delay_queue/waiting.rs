//! Who gets what is due, and in which order.

use super::*;
use futures_util::StreamExt;
use untether::time::TimeoutExt;

#[test]
fn who_came_first_is_served_first() {
    let (queue, clock) = queue();
    let mut waiters: Vec<Waiter> = (0..5).map(|_| waiter(&queue)).collect();
    (0..5).for_each(|item| _ = put(&queue, item, item));
    for item in 0..5 {
        assert_eq!(got(&mut waiters[item as usize]), item);
        clock.advance(SECOND);
        assert!(waiters.iter_mut().skip(item as usize + 2).all(|later| later.poll().is_pending()));
    }
    assert_eq!(queue.waiting(), 0);
}

#[test]
fn nobody_overtakes_one_who_waits_when_an_item_is_due() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    let mut first = waiter(&queue);
    clock.advance(SECOND);
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue), "it is the first one's");
    assert_eq!(queue.try_recv_many(&mut Vec::new(), 10), 0);
    let mut second = waiter(&queue);
    assert_eq!(first.wakes(), 1);
    assert_eq!(got(&mut first), 1);
    put(&queue, 2, 0);
    assert_eq!((second.wakes(), got(&mut second)), (1, 2));
}

#[test]
fn nobody_overtakes_one_who_was_called_and_has_not_come() {
    let (queue, _clock) = queue();
    let (mut first, mut second) = (waiter(&queue), waiter(&queue));
    (1..=3).for_each(|item| _ = put(&queue, item, 0));
    assert_eq!(got(&mut first), 1);
    assert_eq!(second.wakes(), 1, "called");
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
    let mut third = waiter(&queue);
    assert_eq!((got(&mut second), got(&mut third)), (2, 3));
}

#[test]
fn many_that_are_due_at_once_go_to_all_who_wait_one_calling_the_next() {
    let (queue, clock) = queue();
    let mut waiters: Vec<Waiter> = (0..8).map(|_| waiter(&queue)).collect();
    (0..8).for_each(|item| _ = put(&queue, item, 1));
    waiters[0].assert_pending();
    clock.advance(SECOND);
    for (item, waiter) in (0..).zip(&mut waiters) {
        let before = waiter.wakes();
        assert!(before > 0, "it was told");
        assert_eq!(got(waiter), item);
    }
}

#[test]
fn one_sleep_is_armed_however_many_wait_and_the_last_to_go_disarms_it() {
    let (queue, clock) = queue();
    (0..100).for_each(|item| _ = put(&queue, item, 60 + item));
    let mut waiters: Vec<Waiter> = (0..100).map(|_| waiter(&queue)).collect();
    assert_eq!((clock.sleepers(), queue.waiting()), (1, 100));
    while let Some(mut first) = (!waiters.is_empty()).then(|| waiters.remove(0)) {
        first.assert_pending();
        assert_eq!(clock.sleepers(), 1);
        drop(first);
    }
    assert_eq!((clock.sleepers(), queue.waiting()), (0, 0));
}

#[test]
fn who_is_served_hands_the_time_on_to_the_next() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    put(&queue, 2, 2);
    let (mut first, mut second) = (waiter(&queue), waiter(&queue));
    clock.advance(SECOND);
    assert_eq!(got(&mut first), 1);
    assert_eq!((second.wakes(), clock.sleepers()), (1, 0), "called, and not there yet");
    second.assert_pending();
    assert_eq!(clock.sleepers(), 1);
    clock.advance(SECOND);
    assert_eq!((second.wakes(), got(&mut second)), (2, 2));
}

#[test]
fn try_recv_takes_what_is_due_and_nothing_else() {
    let (queue, clock) = queue();
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
    put(&queue, 1, 1);
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
    clock.advance(SECOND);
    assert_eq!(queue.try_recv().map(Expired::into_inner), Ok(1));
    assert_eq!(TryRecvError::NoneDue.to_string(), "no item is due");
}

#[test]
fn recv_many_takes_all_that_are_due_up_to_its_limit() {
    let (queue, clock) = queue();
    let mut taken = Vec::new();
    {
        let mut many = Probe::new(queue.recv_many(&mut taken, 10));
        many.assert_pending();
        (0..15).for_each(|item| _ = put(&queue, item, item / 13));
        assert_eq!((many.wakes(), many.assert_ready()), (1, 10));
    }
    clock.advance(SECOND);
    // What the clock showed before covers three, what it shows now all five.
    assert_eq!(queue.try_recv_many(&mut taken, 10), 5);
    assert_eq!(taken.drain(..).map(Expired::into_inner).collect::<Vec<_>>(), (0..15).collect::<Vec<_>>());
    assert_eq!(Probe::new(queue.recv_many(&mut taken, 0)).assert_ready(), 0, "of nothing there is enough");
    assert_eq!(queue.try_recv_many(&mut taken, 10), 0);
}

#[test]
fn recv_many_takes_all_that_are_due_also_if_the_clock_was_asked_before_some_of_them_were() {
    let (queue, clock) = queue();
    (0..3).for_each(|item| _ = put(&queue, item, item));
    clock.advance(SECOND);
    assert_eq!(queue.try_recv().map(Expired::into_inner), Ok(0), "which shows that another is due");
    clock.advance(SECOND);
    let mut taken = Vec::new();
    assert_eq!(Probe::new(queue.recv_many(&mut taken, 10)).assert_ready(), 2);
}

#[test]
fn recv_many_leaves_what_exceeds_its_limit_to_the_next_in_line() {
    let (queue, _clock) = queue();
    let mut taken = Vec::new();
    let mut many = Probe::new(queue.recv_many(&mut taken, 2));
    many.assert_pending();
    let mut next = waiter(&queue);
    (0..3).for_each(|item| _ = put(&queue, item, 0));
    assert_eq!(many.assert_ready(), 2);
    assert_eq!((next.wakes(), got(&mut next)), (1, 2));
}

#[test]
fn a_recv_that_is_polled_again_waits_for_the_next_item() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    put(&queue, 2, 2);
    let mut recv = waiter(&queue);
    for item in [1, 2] {
        clock.advance(SECOND);
        assert_eq!(got(&mut recv), item);
        recv.assert_pending();
    }
}

#[test]
fn a_stream_gives_one_after_the_other_and_stands_in_line_only_while_it_waits() {
    let (queue, clock) = queue();
    let mut stream = DelayQueue::stream_owned(queue.clone());
    for item in 1..=3 {
        put(&queue, item, 1);
        let mut next = Probe::new(stream.next());
        next.assert_pending();
        assert_eq!((queue.waiting(), clock.sleepers()), (1, 1));
        clock.advance(SECOND);
        assert_eq!(next.wakes(), 1);
        assert_eq!(next.assert_ready().map(Expired::into_inner), Some(item));
        assert_eq!((queue.waiting(), clock.sleepers()), (0, 0));
    }
    queue.close();
    assert_eq!(Probe::new(stream.next()).assert_ready(), None);
    assert_eq!(Probe::new(stream.next()).assert_ready(), None);
}

#[test]
fn a_stream_and_a_recv_stand_in_the_same_line() {
    let (queue, _clock) = queue();
    let mut stream = queue.stream();
    let mut streams = Probe::new(stream.next());
    streams.assert_pending();
    let mut recv = waiter(&queue);
    put(&queue, 1, 0);
    put(&queue, 2, 0);
    recv.assert_pending();
    assert_eq!(streams.assert_ready().map(Expired::into_inner), Some(1));
    assert_eq!(got(&mut recv), 2);
}

/// Requirement: `timeout(d, q.recv())` loses nothing.
#[test]
fn a_timeout_around_a_recv_loses_nothing() {
    let (queue, clock) = queue();
    put(&queue, 1, 2);
    for _ in 0..3 {
        // The limit and the item come at the same moment, once.
        let mut limited = Probe::new(queue.recv().timeout(SECOND, &clock));
        limited.assert_pending();
        clock.advance(SECOND);
        match limited.assert_ready() {
            Ok(expired) => {
                assert_eq!(expired.map(Expired::into_inner), Some(1));
                return;
            }
            Err(_) => assert_eq!(queue.len(), 1),
        }
        drop(limited);
        assert_eq!(clock.sleepers(), 0);
    }
    panic!("it was lost");
}

#[test]
fn a_poll_for_nothing_changes_nothing() {
    let (queue, clock) = queue();
    put(&queue, 1, 2);
    let (mut first, mut second) = (waiter(&queue), waiter(&queue));
    for _ in 0..10 {
        second.assert_pending();
        first.assert_pending();
        assert_eq!((clock.sleepers(), queue.waiting()), (1, 2));
    }
    clock.advance(2 * SECOND);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert_eq!(got(&mut first), 1);
}

#[test]
fn peek_tells_the_first_due_or_not_and_takes_nothing() {
    let (queue, clock) = queue();
    assert_eq!(queue.peek(), None);
    let later = put(&queue, 1, 5);
    assert_eq!(queue.peek(), Some((later, in_seconds(&clock, 5))));
    let sooner = put(&queue, 2, 1);
    let at = in_seconds(&clock, 1);
    clock.advance(SECOND);
    assert_eq!((queue.peek(), queue.len()), (Some((sooner, at)), 2));
}
