//! What the tasks of a group left behind, and who waits for it.

use super::ended::{Ended, TaskId};
use super::seat::Seat;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::task::Outcome;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::task::Waker;

/// How many failures that nobody reads are kept where results are not.
const FAILURES_KEPT: usize = 1_000;

/// What a task left, and who it was.
pub(super) struct Left<T, E> {
    pub(super) seat: Arc<Seat>,
    pub(super) outcome: Outcome<T, E>,
}

pub(super) struct Results<T, E> {
    /// Whether every result is kept until it is read.
    collects: bool,
    kept: Lock<Kept<T, E>>,
}

struct Kept<T, E> {
    unread: VecDeque<Left<T, E>>,
    /// Of a group that does not collect: values of no size.
    values: Vec<T>,
    joiner: Option<Joiner>,
    ends: Ends,
    /// Cancelled, and nothing of it is kept.
    silent: usize,
    forgotten: usize,
}

struct Joiner {
    waker: Waker,
    /// It wants nothing before all have ended.
    at_the_end: bool,
}

/// How many tasks came to which end.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) succeeded: usize,
    pub(super) failed: usize,
    pub(super) cancelled: usize,
}

/// What is to be done when something other than a value was put away, outside of the lock.
pub(super) struct Done<T, E> {
    pub(super) joiner: Option<Waker>,
    pub(super) is_first_failure: bool,
    /// What is not kept.
    pub(super) refused: Option<Left<T, E>>,
}

/// All that was kept and not read.
pub(super) struct Rest<T, E> {
    pub(super) unread: VecDeque<Left<T, E>>,
    pub(super) values: Vec<T>,
    /// How many were cancelled and had nothing to say, besides the unread.
    pub(super) silent: usize,
    pub(super) forgotten: usize,
}

impl<T, E> Results<T, E> {
    pub(super) const fn new(collects: bool) -> Self {
        let ends = Ends { succeeded: 0, failed: 0, cancelled: 0 };
        let unread = VecDeque::new();
        let kept = Kept { unread, values: Vec::new(), joiner: None, ends, silent: 0, forgotten: 0 };
        Self { collects, kept: Lock::new(kept) }
    }

    /// Puts away what a task that ended well has left. Gives who is to hear of it.
    #[inline]
    pub(super) fn put_value(&self, seat: Arc<Seat>, value: T) -> Option<Waker> {
        if self.collects {
            let left = Left { seat, outcome: Outcome::Ok(value) };
            return self.kept.with(|kept| {
                kept.ends.succeeded += 1;
                kept.unread.push_back(left);
                kept.take_reader()
            });
        }
        self.kept.with(|kept| {
            kept.ends.succeeded += 1;
            kept.values.push(value);
        });
        None
    }

    /// Puts away what else a task has left.
    #[cold]
    pub(super) fn put(&self, left: Left<T, E>) -> Done<T, E> {
        self.kept.with(|kept| {
            let mut done = Done { joiner: None, is_first_failure: false, refused: None };
            if let Outcome::Cancelled(_) = &left.outcome {
                kept.ends.cancelled += 1;
            } else {
                done.is_first_failure = kept.ends.failed == 0;
                kept.ends.failed += 1;
            }
            let is_silent = matches!(left.outcome, Outcome::Cancelled(None));
            if !self.collects && (is_silent || kept.unread.len() >= FAILURES_KEPT) {
                kept.silent += usize::from(is_silent);
                kept.forgotten += usize::from(!is_silent);
                done.refused = Some(left);
            } else {
                kept.unread.push_back(left);
                done.joiner = kept.take_reader();
            }
            done
        })
    }

    /// A failure that somebody else was given.
    pub(super) fn count_failure(&self) {
        self.kept.with(|kept| kept.ends.failed += 1);
    }

    /// The oldest unread one; the waker is kept if there is none.
    pub(super) fn poll_next(&self, waker: &Waker) -> Option<Left<T, E>> {
        with_waker(&self.kept, waker, false, |kept, own| match kept.unread.pop_front() {
            Some(left) => Some(Some(left)),
            None => kept.wait(waker, own, false).then_some(None),
        })
    }

    /// The oldest unread one, now.
    pub(super) fn next(&self) -> Option<Left<T, E>> {
        self.kept.with(|kept| kept.unread.pop_front())
    }

    /// Keeps the waker of who wants to hear of the end.
    pub(super) fn await_end(&self, waker: &Waker) {
        with_waker(&self.kept, waker, false, |kept, own| kept.wait(waker, own, true).then_some(()));
    }

    /// All have ended, for now.
    pub(super) fn take_joiner(&self) -> Option<Waker> {
        self.kept.with(|kept| kept.joiner.take().map(|joiner| joiner.waker))
    }

    pub(super) fn take_rest(&self) -> Rest<T, E> {
        self.kept.with(|kept| Rest {
            unread: core::mem::take(&mut kept.unread),
            values: core::mem::take(&mut kept.values),
            silent: core::mem::take(&mut kept.silent),
            forgotten: core::mem::take(&mut kept.forgotten),
        })
    }

    /// How many are unread, and how many came to which end.
    pub(super) fn count(&self) -> (usize, Ends) {
        self.kept.with(|kept| (kept.unread.len(), kept.ends))
    }
}

impl<T, E> Kept<T, E> {
    /// Who waits for the next result.
    fn take_reader(&mut self) -> Option<Waker> {
        self.joiner.take_if(|joiner| !joiner.at_the_end).map(|joiner| joiner.waker)
    }

    /// `false` if a waker is to be brought. What is not needed any more is left in `own`.
    fn wait(&mut self, waker: &Waker, own: &mut Option<Waker>, at_the_end: bool) -> bool {
        if let Some(joiner) = &mut self.joiner {
            if joiner.waker.will_wake(waker) {
                joiner.at_the_end = at_the_end;
                return true;
            }
        }
        let Some(waker) = own.take() else { return false };
        *own = self.joiner.replace(Joiner { waker, at_the_end }).map(|joiner| joiner.waker);
        true
    }
}

impl<T, E> Left<T, E> {
    pub(super) fn into_ended(self) -> Ended<T, E> {
        let id = TaskId(self.seat.index);
        // Mostly nobody else has the seat any more, and nothing is copied.
        let label = match Arc::try_unwrap(self.seat) {
            Ok(seat) => seat.label,
            Err(shared) => shared.label.clone(),
        };
        Ended { id, label, outcome: self.outcome }
    }
}
