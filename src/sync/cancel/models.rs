//! The flag and the registrations, the walk and the family, on two and three threads.

use super::{CancelFlag, CancelToken, Cause};
use crate::sys::models::{Held, JoinHandle, Wakes, block_on, held, join, model, thread};
use core::task::{Context, Poll};

/// A token whose atomics are there.
fn token() -> CancelToken {
    used(CancelToken::new())
}

fn used(token: CancelToken) -> CancelToken {
    assert!(!token.is_cancelled() && token.cause().is_none(), "used once before it is shared");
    token
}

fn cancel_from_another_thread(token: &CancelToken, cause: Cause) -> JoinHandle<bool> {
    let token = token.clone();
    thread::spawn(move || token.cancel_with(cause))
}

#[test]
fn whoever_waits_is_told_whenever_the_request_comes() {
    model(|| {
        let token = token();
        let request = cancel_from_another_thread(&token, Cause::Shutdown);
        assert!(matches!(block_on(token.cancelled()), Cause::Shutdown));
        assert_eq!(join([request]), [true]);
    });
}

#[test]
fn whoever_waits_for_a_flag_is_told_whenever_the_request_comes() {
    model(|| {
        let flag = alloc::sync::Arc::new(CancelFlag::new());
        assert!(!flag.is_cancelled() && flag.cause().is_none(), "used once before it is shared");
        let cancels = flag.clone();
        let request = thread::spawn(move || cancels.cancel());
        assert!(matches!(block_on(flag.cancelled()), Cause::Requested));
        assert_eq!(join([request]), [true]);
    });
}

#[test]
fn the_request_reaches_the_waker_of_the_last_poll_or_the_poll_sees_it() {
    model(|| {
        let token = token();
        let mut waits = token.cancelled();
        let ((old_wakes, old), (new_wakes, new)) = (Wakes::new(), Wakes::new());
        let request = cancel_from_another_thread(&token, Cause::Requested);
        let mut poll = |waker| waits.poll_cancelled(&mut Context::from_waker(waker)).is_ready();
        let seen = poll(&old) || poll(&new);
        join([request]);
        assert!(seen || new_wakes.count() == 1, "the request came later and told another waker");
        assert!(old_wakes.count() + new_wakes.count() <= 1);
        assert!(poll(&new));
    });
}

#[test]
fn one_who_leaves_is_woken_at_most_once_and_another_is_woken_all_the_same() {
    model(|| {
        let token = token();
        let ((wakes, waker), (other_wakes, other_waker)) = (Wakes::new(), Wakes::new());
        let (mut leaves, mut stays) = (token.cancelled(), token.cancelled());
        assert!(leaves.poll_cancelled(&mut Context::from_waker(&waker)).is_pending());
        assert!(stays.poll_cancelled(&mut Context::from_waker(&other_waker)).is_pending());
        let request = cancel_from_another_thread(&token, Cause::Requested);
        drop(leaves);
        join([request]);
        assert!(wakes.count() <= 1);
        assert_eq!(other_wakes.count(), 1);
    });
}

#[test]
fn whoever_sees_the_flag_sees_the_cause_and_what_was_done_before_the_request() {
    model(|| {
        let (token, (witness, held)) = (token(), held());
        let cancels = token.clone();
        let request = thread::spawn(move || {
            drop::<Held>(held);
            cancels.cancel();
        });
        if token.is_cancelled() {
            assert!(witness.saw_it_go() && token.cause().is_some());
        }
        join([request]);
    });
}

#[test]
fn of_two_requests_one_is_first_and_its_cause_stays() {
    model(|| {
        let token = token();
        let request = cancel_from_another_thread(&token, Cause::Shutdown);
        let first = token.cancel_with(Cause::Deadline);
        assert!(token.is_cancelled(), "from the moment of the request");
        let before = token.cause();
        let [other] = join([request]);
        assert!(first != other);
        for cause in [before, token.cause()] {
            assert_eq!(matches!(cause, Some(Cause::Deadline)), first);
        }
    });
}

#[test]
fn whichever_request_returns_all_below_is_cancelled() {
    model(|| {
        let (root, child, below);
        root = token();
        child = used(root.child());
        below = used(child.child());
        let (cancels, looks) = (child.clone(), below.clone());
        let request = thread::spawn(move || {
            cancels.cancel();
            looks.is_cancelled()
        });
        root.cancel();
        assert!(below.is_cancelled(), "the other request is on its way, and this one has not waited for it");
        assert_eq!(join([request]), [true]);
    });
}

#[test]
fn a_child_that_comes_or_goes_meanwhile_is_cancelled_or_gone() {
    model(|| {
        let root = token();
        let old = used(root.child());
        let request = cancel_from_another_thread(&root, Cause::Shutdown);
        drop(old);
        let new = root.child();
        join([request]);
        assert!(matches!(new.cause(), Some(Cause::Parent(root)) if matches!(*root, Cause::Shutdown)));
    });
}

#[test]
fn a_child_of_several_that_comes_meanwhile_is_cancelled_by_whichever_was() {
    model(|| {
        let (one, other) = (token(), token());
        let request = cancel_from_another_thread(&other, Cause::Shutdown);
        let child = CancelToken::any([&one, &other]);
        join([request]);
        assert!(child.is_cancelled() && child.cause().is_some());
    });
}

#[test]
fn a_callback_is_called_once_whenever_it_is_registered() {
    model(|| {
        let (token, (calls, waker)) = (token(), Wakes::new());
        let request = cancel_from_another_thread(&token, Cause::Requested);
        let registration = token.on_cancel(move |_| waker.wake());
        join([request]);
        assert_eq!(calls.count(), 1);
        drop(registration);
    });
}

#[test]
fn a_callback_that_is_unregistered_was_called_or_never_will_be() {
    model(|| {
        let (token, (calls, waker)) = (token(), Wakes::new());
        let registration = token.on_cancel(move |_| waker.wake());
        let request = cancel_from_another_thread(&token, Cause::Requested);
        let in_time = registration.unregister();
        join([request]);
        assert_eq!(calls.count(), usize::from(!in_time));
    });
}

#[test]
fn the_last_two_of_a_family_may_be_dropped_at_once() {
    model(|| {
        let root = token();
        let child = used(root.child());
        let (witness, held) = held();
        root.on_cancel(move |_| drop(held)).detach();
        let other = thread::spawn(move || drop(child));
        drop(root);
        join([other]);
        assert!(witness.saw_it_go());
    });
}

#[test]
fn a_run_ends_by_the_request_whenever_it_comes() {
    model(|| {
        let token = token();
        let request = cancel_from_another_thread(&token, Cause::Requested);
        let mut polls = 0;
        let work = core::future::poll_fn(|_| {
            polls += 1;
            Poll::<()>::Pending
        });
        assert!(block_on(token.run(work)).is_err());
        assert!(polls <= 2);
        join([request]);
    });
}
