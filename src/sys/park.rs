//! A thread that polls one future and sleeps in between: how threads stand in the same line as tasks.
//!
//! The waker is a flag and the thread to unpark. The flag makes it immune to a foreign `park` or `unpark` on the same thread; it is
//! kept in a thread-local and used again, so waiting allocates once per thread.

use super::atomic::AtomicBool;
use super::thread::{self, Thread};
use alloc::sync::Arc;
use alloc::task::Wake;
use core::cell::RefCell;
use core::pin::Pin;
use core::sync::atomic::Ordering;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::time::Instant;

struct Parker {
    woken: AtomicBool,
    thread: Thread,
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // ORDERING: Release, pairs with the Acquire of `take`: what was written before the wake is seen by the poll after it.
        if !self.woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

impl Parker {
    fn take(&self) -> bool {
        self.woken.swap(false, Ordering::Acquire)
    }
}

thread::local! {
    static SPARE: RefCell<Option<(Arc<Parker>, Waker)>> = const { RefCell::new(None) };
}

/// Polls `future` on this thread until it is ready, or until `limit` has passed: then `None`.
pub(crate) fn block_on<F: Future>(mut future: Pin<&mut F>, limit: Option<Duration>) -> Option<F::Output> {
    // Taken out while in use: a nested call, from within a poll, makes its own.
    let spare = SPARE.try_with(RefCell::take).ok().flatten();
    let (parker, waker) = spare.unwrap_or_else(|| {
        let parker = Arc::new(Parker { woken: AtomicBool::new(false), thread: thread::current() });
        (parker.clone(), Waker::from(parker))
    });
    parker.take();
    let deadline = limit.and_then(|limit| now().checked_add(limit));
    let output = loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            break Some(output);
        }
        if !park_until_woken(&parker, deadline) {
            break None;
        }
    };
    let _ = SPARE.try_with(|spare| spare.replace(Some((parker, waker))));
    output
}

/// `false` when the deadline passed first, also for a future that wakes itself again and again.
fn park_until_woken(parker: &Parker, deadline: Option<Instant>) -> bool {
    if deadline.is_some_and(|at| at <= now()) {
        return false;
    }
    while !parker.take() {
        match deadline.map(|at| at.saturating_duration_since(now())) {
            None => thread::park(),
            Some(Duration::ZERO) => return false,
            Some(left) => thread::park_timeout(left),
        }
    }
    true
}

#[expect(clippy::disallowed_methods, reason = "threads wait by the machine's clock")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use core::future::{pending, poll_fn, ready};
    use core::pin::pin;
    use std::thread;

    #[test]
    fn a_ready_future_is_returned_without_waiting() {
        assert_eq!(block_on(pin!(ready(3)), Some(Duration::ZERO)), Some(3));
    }

    #[test]
    fn a_limit_ends_the_wait() {
        assert_eq!(block_on(pin!(pending::<()>()), Some(Duration::from_millis(1))), None);
    }

    #[test]
    fn a_wake_from_another_thread_ends_the_wait_and_a_foreign_unpark_does_not() {
        let mut helper = None;
        let mut polls = 0;
        let future = poll_fn(|cx| {
            polls += 1;
            if polls == 1 {
                thread::current().unpark();
                let waker = cx.waker().clone();
                helper = Some(thread::spawn(move || waker.wake()));
                return Poll::Pending;
            }
            Poll::Ready(())
        });
        assert_eq!(block_on(pin!(future), None), Some(()));
        helper.expect("started at the first poll").join().expect("it only wakes");
        assert_eq!(polls, 2);
    }

    #[test]
    fn a_nested_wait_has_its_own_waker() {
        let mut outer_polls = 0;
        let future = poll_fn(|cx| {
            outer_polls += 1;
            let inner = block_on(pin!(yield_once()), None);
            assert_eq!(inner, Some(()));
            if outer_polls == 2 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        assert_eq!(block_on(pin!(future), None), Some(()));
        assert_eq!(outer_polls, 2);
    }

    #[test]
    fn a_limit_ends_the_wait_of_a_future_that_wakes_itself() {
        let mut left = 100_000_000_u64;
        let restless = poll_fn(|cx| {
            cx.waker().wake_by_ref();
            left -= 1;
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        });
        assert_eq!(block_on(pin!(restless), Some(Duration::from_millis(1))), None);
    }

    #[test]
    fn a_nested_wait_leaves_the_wake_of_the_outer_one_alone() {
        assert_eq!(block_on(pin!(ready(1)), None), Some(1), "there is a spare from now on");
        let mut polls = 0;
        let future = poll_fn(|cx| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            assert_eq!(block_on(pin!(yield_once()), None), Some(()));
            Poll::Pending
        });
        assert_eq!(block_on(pin!(future), Some(Duration::from_secs(60))), Some(()));
    }

    #[test]
    fn a_foreign_unpark_makes_no_poll_and_ends_no_limit() {
        let (mut polls, start) = (0, now());
        let future = poll_fn(|_| {
            polls += 1;
            thread::current().unpark();
            Poll::<()>::Pending
        });
        assert_eq!(block_on(pin!(future), Some(Duration::from_millis(20))), None);
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert_eq!(polls, 1);
    }

    fn yield_once() -> impl Future<Output = ()> {
        let mut yielded = false;
        poll_fn(move |cx| {
            if core::mem::replace(&mut yielded, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
    }
}
