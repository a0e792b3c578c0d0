//! Wakers that use the limiter from within their clone, wake and drop, and panic there, where the matrix of `tests/reentrancy` does not
//! reach: while somebody keeps the time, and where one calls the next.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::task::Waker;
use std::thread;
use untether_support::Hooks;

/// Everything one can do with a limiter from a waker that leaves what is owed as it is.
fn use_it(limiter: &Arc<Limiter>) {
    let (mut one, mut two) = (acquire(limiter, 1), acquire(limiter, 1));
    let _ = (one.poll_with(Waker::noop()).is_ready(), two.poll_with(Waker::noop()).is_ready());
    drop(one);
    limiter.set_quota(limiter.quota());
    limiter.refund(0);
    let _ = (limiter.try_acquire(0), limiter.peek(), limiter.stats(), format!("{limiter:?}"));
}

/// Runs a cell on a thread of its own. A deadlock fails the test instead of hanging it.
fn ends(cell: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = thread::spawn(move || {
        cell();
        done.send(()).unwrap();
    });
    let ended = wait.recv_timeout(Duration::from_secs(10));
    assert_ne!(ended, Err(mpsc::RecvTimeoutError::Timeout), "deadlock");
    thread.join().unwrap();
}

#[test]
fn wakers_may_use_the_limiter_wherever_they_are_cloned_woken_and_dropped() {
    ends(|| {
        let (limiter, clock) = exhausted();
        let hooks = || {
            let [a, b, c] = [(); 3].map(|()| limiter.clone());
            Hooks::new().on_clone(move || use_it(&a)).on_wake(move || use_it(&b)).on_drop(move || use_it(&c))
        };
        let (mut first, mut second) = (acquire(&limiter, 1), acquire(&limiter, 1));
        assert!(first.poll_with(&hooks().waker()).is_pending());
        assert!(second.poll_with(&hooks().waker()).is_pending());
        assert!(first.poll_with(&hooks().waker()).is_pending(), "replaced");
        limiter.set_quota(Quota::per_second(1));
        assert!(first.poll_with(&hooks().waker()).is_pending(), "told");
        clock.advance(SECOND);
        assert_eq!(first.assert_ready(), Ok(()));
        assert!(second.poll_with(&hooks().waker()).is_pending(), "called");
        drop(second);
        assert_eq!((limiter.stats().waiting, clock.sleepers()), (0, 0));
    });
}

#[test]
fn a_wake_that_panics_loses_no_cell_and_the_next_keeps_the_time() {
    ends(|| {
        let (limiter, clock) = exhausted();
        let mut first = waiter(&limiter, 1);
        let bomb = Hooks::new().on_wake(|| panic!("on purpose: a wake")).waker();
        let mut second = acquire(&limiter, 1);
        assert!(second.poll_with(&bomb).is_pending());
        clock.advance(SECOND);
        assert_eq!(first.assert_ready(), Ok(()), "the panic of the next one's wake goes no further");
        second.assert_pending();
        clock.advance(SECOND);
        assert_eq!((second.wakes(), second.assert_ready()), (1, Ok(())));
    });
}

#[test]
fn a_drop_of_a_waker_that_panics_when_its_future_is_dropped_does_not_keep_the_next_from_going() {
    ends(|| {
        let armed = Arc::new(AtomicBool::new(false));
        let when = armed.clone();
        let panics = move || assert!(!when.swap(false, Ordering::AcqRel), "on purpose: a drop");
        let bomb = Hooks::new().on_drop(panics).waker();
        let (limiter, clock) = exhausted();
        let mut first = acquire(&limiter, 1);
        assert!(first.poll_with(&bomb).is_pending());
        let mut second = waiter(&limiter, 1);
        armed.store(true, Ordering::Release);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(first))).is_err());
        assert_eq!(second.wakes(), 1);
        second.assert_pending();
        clock.advance(SECOND);
        assert_eq!(second.assert_ready(), Ok(()));
    });
}

#[test]
fn a_clone_that_panics_leaves_the_line_as_it_was() {
    ends(|| {
        let (limiter, clock) = exhausted();
        let bomb = Hooks::new().on_clone(|| panic!("on purpose: a clone")).waker();
        let mut first = acquire(&limiter, 1);
        assert!(catch_unwind(AssertUnwindSafe(|| first.poll_with(&bomb))).is_err());
        assert_eq!(limiter.stats().waiting, 0);
        first.assert_pending();
        assert!(catch_unwind(AssertUnwindSafe(|| first.poll_with(&bomb))).is_err());
        clock.advance(SECOND);
        assert_eq!(first.assert_ready(), Ok(()));
    });
}

#[test]
fn cells_given_back_while_a_waker_is_cloned_are_seen() {
    ends(|| {
        let (limiter, _clock) = exhausted();
        let gives_back = limiter.clone();
        let waker = Hooks::new().on_clone(move || gives_back.refund(1)).waker();
        let mut waits = acquire(&limiter, 1);
        assert_eq!(waits.poll_with(&waker), Poll::Ready(Ok(())));
        assert_eq!(limiter.stats().waiting, 0);
    });
}
