//! Who is polled when somebody is woken, and by which waker the task is.

use super::*;

#[test]
fn only_what_was_woken_is_polled() {
    let gates = Gates::default();
    let mut all = Probe::new(map(0..1_000, |n| gates.wait(n)).limit(1_000).collect());
    all.assert_pending();
    assert!(gates.polls().iter().all(|polls| *polls == 1));
    gates.waker(500).wake();
    gates.waker(7).wake();
    all.assert_pending();
    let polled: Vec<_> =
        gates.polls().iter().enumerate().filter(|(_, polls)| **polls == 2).map(|(n, _)| n).collect();
    assert_eq!(polled, [7, 500]);
}

#[test]
fn the_task_is_woken_once_for_all_that_were_woken_between_two_polls() {
    let gates = Gates::default();
    let mut all = Probe::new(map(0..9, |n| gates.wait(n)).collect());
    all.assert_pending();
    (0..9).for_each(|n| gates.open(n));
    assert_eq!(all.wakes(), 1);
    assert_eq!(all.assert_ready().len(), 9);
}

#[test]
fn those_that_were_woken_are_polled_in_that_order() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..5, |n| gates.wait(n)).as_completed());
    assert!(next(all.as_mut()).is_pending());
    [3, 0, 4, 2, 1].into_iter().for_each(|n| gates.open(n));
    let order: Vec<usize> = super::all(all).into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [3, 0, 4, 2, 1]);
}

#[test]
fn a_late_wake_of_one_that_is_gone_is_one_poll_too_many_of_the_next_in_its_place() {
    let gates = Gates::default();
    let mut all = Probe::new(map(0..2, |n| gates.wait(n)).limit(1).collect());
    all.assert_pending();
    let left = gates.waker(0);
    gates.open(0);
    all.assert_pending();
    assert_eq!(gates.polls(), [2, 1]);
    (0..9).for_each(|_| left.wake_by_ref());
    all.assert_pending();
    assert_eq!(gates.polls(), [2, 2]);
    gates.open(1);
    assert_eq!(all.assert_ready().len(), 2);
    left.wake();
}

#[test]
fn the_waker_of_the_last_poll_is_the_one_that_is_woken() {
    let gates = Gates::default();
    let mut all = Probe::new(map(0..2, |n| gates.wait(n)).collect());
    let (first, last) = (CountingWaker::new(), CountingWaker::new());
    assert!(all.poll_with(&first.waker()).is_pending());
    assert!(all.poll_with(&last.waker()).is_pending());
    gates.waker(0).wake();
    assert_eq!((first.wakes(), last.wakes()), (0, 1));
}

#[test]
fn the_waker_of_the_last_poll_is_woken_by_what_was_woken_between_two_items() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..3, |n| gates.wait(n)).as_completed());
    let (first, last) = (CountingWaker::new(), CountingWaker::new());
    let (first_waker, last_waker) = (first.waker(), last.waker());
    let mut with_first = Context::from_waker(&first_waker);
    let mut with_last = Context::from_waker(&last_waker);
    assert!(all.as_mut().poll_next(&mut with_first).is_pending());
    gates.open(0);
    assert!(all.as_mut().poll_next(&mut with_first).is_ready());
    gates.waker(1).wake();
    assert!(all.as_mut().poll_next(&mut with_last).is_pending());
    gates.open(2);
    assert_eq!(last.wakes(), 1);
    assert!(all.as_mut().poll_next(&mut with_last).is_ready());
}

#[test]
fn who_is_woken_while_others_have_their_turn_comes_after_them() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..6, |n| gates.wait(n)).limit(4).as_completed());
    assert!(next(all.as_mut()).is_pending());
    [2, 3].into_iter().for_each(|n| gates.open(n));
    let mut order = Vec::new();
    for woken in [1, 0] {
        let Poll::Ready(Some((index, _))) = next(all.as_mut()) else { panic!("it lies ready") };
        order.push(index);
        gates.open(woken);
    }
    for _ in 0..2 {
        let Poll::Ready(Some((index, _))) = next(all.as_mut()) else { panic!("it lies ready") };
        order.push(index);
    }
    assert_eq!(order, [2, 3, 1, 0]);
}

#[test]
fn a_slow_taker_is_given_what_has_ended_in_the_meantime_without_being_pending() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..3, |n| gates.wait(n)).as_completed());
    assert!(next(all.as_mut()).is_pending());
    for number in [1, 0, 2] {
        gates.open(number);
        assert!(matches!(next(all.as_mut()), Poll::Ready(Some((index, Outcome::Ok(_)))) if index == number));
    }
    assert!(matches!(next(all.as_mut()), Poll::Ready(None)));
}

#[test]
fn a_slow_taker_of_what_is_in_order_holds_up_nobody_who_has_a_place() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..6, |n| gates.wait(n)).limit(4).ordered());
    assert!(next(all.as_mut()).is_pending());
    (0..3).for_each(|n| gates.open(n));
    assert!(next(all.as_mut()).is_ready(), "the first");
    gates.waker(3).wake();
    assert!(next(all.as_mut()).is_ready(), "the second, though it lay ready");
    assert_eq!(gates.polls(), [2, 2, 2, 2, 1], "3 was polled, and 4 has the place of the first");
}

#[test]
fn what_wakes_itself_is_polled_again_in_the_next_poll() {
    let polls = Cell::new(0);
    let work = |()| {
        poll_fn(|cx| {
            polls.set(polls.get() + 1);
            cx.waker().wake_by_ref();
            if polls.get() == 3 { Poll::Ready(Ok::<(), ()>(())) } else { Poll::Pending }
        })
    };
    let mut once = Probe::new(map([()], work).tally());
    once.assert_pending();
    assert_eq!((polls.get(), once.wakes()), (1, 1));
    once.assert_pending();
    assert_eq!((polls.get(), once.wakes()), (2, 2));
    assert_eq!(once.assert_ready().ok, 1);
}

#[test]
fn a_task_that_is_gone_is_kept_by_no_waker_of_a_place() {
    let gates = Gates::default();
    let counting = CountingWaker::new();
    let mut all = Box::pin(map(0..2, |n| gates.wait(n)).collect());
    let waker = counting.waker();
    assert!(all.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    drop(all);
    gates.waker(0).wake();
    assert_eq!(counting.wakes(), 0);
}
