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

pub(super) struct Results<T, E>(Lock<Kept<T, E>>);

struct Kept<T, E> {
    /// Whether every result is kept until it is read.
    collects: bool,
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

/// What is to be done when a result was put away, outside of the lock.
pub(super) struct Done<T, E> {
    pub(super) joiner: Option<Waker>,
    pub(super) is_first_failure: bool,
    /// A failure for which there was no room.
    pub(super) forgotten: Option<Left<T, E>>,
    /// Who left what is not kept.
    pub(super) seat: Option<Arc<Seat>>,
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
        Self(Lock::new(Kept {
            collects,
            unread: VecDeque::new(),
            values: Vec::new(),
            joiner: None,
            ends,
            silent: 0,
            forgotten: 0,
        }))
    }

    pub(super) fn put(&self, left: Left<T, E>) -> Done<T, E> {
        self.0.with(|kept| kept.put(left))
    }

    /// A failure that somebody else was given.
    pub(super) fn count_failure(&self) {
        self.0.with(|kept| kept.ends.failed += 1);
    }

    /// The oldest unread one; the waker is kept if there is none.
    pub(super) fn poll_next(&self, waker: &Waker) -> Option<Left<T, E>> {
        with_waker(&self.0, waker, false, |kept, own| match kept.unread.pop_front() {
            Some(left) => Some(Some(left)),
            None => kept.wait(waker, own, false).then_some(None),
        })
    }

    /// The oldest unread one, now.
    pub(super) fn next(&self) -> Option<Left<T, E>> {
        self.0.with(|kept| kept.unread.pop_front())
    }

    /// Keeps the waker of who wants to hear of the end.
    pub(super) fn await_end(&self, waker: &Waker) {
        with_waker(&self.0, waker, false, |kept, own| kept.wait(waker, own, true).then_some(()));
    }

    /// All have ended, for now.
    pub(super) fn take_joiner(&self) -> Option<Waker> {
        self.0.with(|kept| kept.joiner.take().map(|joiner| joiner.waker))
    }

    pub(super) fn take_rest(&self) -> Rest<T, E> {
        self.0.with(|kept| Rest {
            unread: core::mem::take(&mut kept.unread),
            values: core::mem::take(&mut kept.values),
            silent: core::mem::take(&mut kept.silent),
            forgotten: core::mem::take(&mut kept.forgotten),
        })
    }

    /// How many are unread, and how many came to which end.
    pub(super) fn count(&self) -> (usize, Ends) {
        self.0.with(|kept| (kept.unread.len(), kept.ends))
    }
}

impl<T, E> Kept<T, E> {
    fn put(&mut self, left: Left<T, E>) -> Done<T, E> {
        let mut done = Done { joiner: None, is_first_failure: false, forgotten: None, seat: None };
        match &left.outcome {
            Outcome::Ok(_) => self.ends.succeeded += 1,
            Outcome::Cancelled(_) => self.ends.cancelled += 1,
            Outcome::Err(_) | Outcome::Panicked(_) => {
                done.is_first_failure = self.ends.failed == 0;
                self.ends.failed += 1;
            }
        }
        let has_room = self.collects || self.unread.len() < FAILURES_KEPT;
        match left.outcome {
            Outcome::Ok(value) if !self.collects => {
                self.values.push(value);
                done.seat = Some(left.seat);
            }
            Outcome::Cancelled(None) if !self.collects => {
                self.silent += 1;
                done.seat = Some(left.seat);
            }
            _ if has_room => {
                self.unread.push_back(left);
                let joiner = self.joiner.take_if(|joiner| !joiner.at_the_end);
                done.joiner = joiner.map(|joiner| joiner.waker);
            }
            _ => {
                self.forgotten += 1;
                done.forgotten = Some(left);
            }
        }
        done
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
