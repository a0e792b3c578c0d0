//! A thread that waits: it sleeps only while nobody has woken it, and it polls again after every wake.

use super::{model, thread, wait_for};
use crate::sys::park::block_on;
use crate::sys::thread::park;
use core::future::{poll_fn, ready};
use core::pin::pin;
use core::task::Poll;

#[test]
fn a_wake_at_any_time_leads_to_another_poll_that_sees_what_came_before_it() {
    model(|| assert_eq!(block_on(pin!(wait_for::<1>()), None), Some(())));
}

#[test]
fn two_wakes_that_become_one_are_both_seen() {
    model(|| assert_eq!(block_on(pin!(wait_for::<2>()), None), Some(())));
}

#[test]
fn a_wake_left_from_the_wait_before_takes_none_away_from_this_one() {
    model(|| {
        let ready_with_a_wake_to_come = poll_fn(|cx| {
            let waker = cx.waker().clone();
            thread::spawn(move || waker.wake());
            Poll::Ready(())
        });
        assert_eq!(block_on(pin!(ready_with_a_wake_to_come), None), Some(()));
        assert_eq!(block_on(pin!(wait_for::<1>()), None), Some(()));
    });
}

/// Waits for a wake that may come while its own poll blocks the thread by `blocking`.
fn wait_while_blocking(blocking: impl Fn()) {
    assert_eq!(block_on(pin!(ready(())), None), Some(()), "leaves a parker that is used again");
    let mut polled = false;
    let future = poll_fn(|cx| {
        if core::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        thread::spawn(move || waker.wake());
        blocking();
        Poll::Pending
    });
    assert_eq!(block_on(pin!(future), None), Some(()));
}

#[test]
fn a_poll_that_parks_by_itself_takes_no_wake_away() {
    model(|| wait_while_blocking(park));
}

#[test]
fn a_wait_within_a_poll_takes_no_wake_away() {
    model(|| wait_while_blocking(|| assert_eq!(block_on(pin!(wait_for::<1>()), None), Some(()))));
}
