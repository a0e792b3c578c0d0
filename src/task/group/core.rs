//! What the tasks of a group share with it: who is in, what they left behind, and what a failure means to the others.
//!
//! A task that ends does these things, in this order: it leaves its result; it has its siblings cancelled, if it is the first that failed and they
//! are to be; it gives up its seat and its slot; it is no longer counted. So who finds nobody counted finds every result.

use super::ended::{Ended, Failed};
use super::roster::{Roster, Seat};
use crate::observe::{Event, Observer, Value};
use crate::spawn::{Cause as End, Label, Panicked, Report};
use crate::sync::cancel::Cause;
use crate::sync::{CancelToken, Semaphore};
use crate::sys::lock::Lock;
use crate::sys::unseen;
use crate::sys::unwind;
use crate::sys::wake;
use crate::task::{Failure, InFlight, Outcome};
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::task::Waker;

/// How many failures that nobody reads are kept where results are not.
const FAILURES_KEPT: usize = 1_000;

/// What the failure of one means to the others.
pub(super) enum OnFailure<E> {
    Cancel,
    Continue,
    /// It is given to this, and forgotten.
    Supervise(Arc<dyn Fn(Failed<E>) + Send + Sync>),
}

pub(super) struct Core<T, E> {
    pub(super) inside: InFlight,
    pub(super) roster: Arc<Roster>,
    pub(super) token: CancelToken,
    /// One for each task that runs, where there is a limit.
    pub(super) slots: Option<Semaphore>,
    pub(super) on_failure: OnFailure<E>,
    pub(super) observer: Option<Arc<dyn Observer + Send + Sync>>,
    /// Whether every result is kept until it is read.
    pub(super) collects: bool,
    results: Lock<Results<T, E>>,
}

/// What the tasks left behind.
struct Results<T, E> {
    unread: VecDeque<Ended<T, E>>,
    /// Of a group that does not collect: values of no size.
    values: Vec<T>,
    joiner: Option<Waker>,
    succeeded: usize,
    failed: usize,
    cancelled: usize,
    /// Of these, those of which nothing is kept.
    silent: usize,
    forgotten: usize,
}

/// What a joiner finds.
pub(super) enum Found<T, E> {
    Ended(Ended<T, E>),
    /// Nothing, and its waker is kept.
    Waiting,
}

/// What is to be done when a result was kept, outside of the lock.
struct Kept<E> {
    joiner: Option<Waker>,
    is_first_failure: bool,
    /// A failure for which there was no room.
    forgotten: Option<Failed<E>>,
}

/// What a group that does not collect has besides unread failures.
pub(super) struct Rest<T> {
    pub(super) values: Vec<T>,
    /// How many were cancelled and had nothing to say.
    pub(super) cancelled: usize,
    pub(super) forgotten: usize,
}

/// How many tasks came to which end.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) unread: usize,
    pub(super) succeeded: usize,
    pub(super) failed: usize,
    pub(super) cancelled: usize,
}

impl<T, E> Core<T, E> {
    pub(super) const fn new(
        token: CancelToken,
        roster: Arc<Roster>,
        slots: Option<Semaphore>,
        on_failure: OnFailure<E>,
        observer: Option<Arc<dyn Observer + Send + Sync>>,
        collects: bool,
    ) -> Self {
        let results = Results {
            unread: VecDeque::new(),
            values: Vec::new(),
            joiner: None,
            succeeded: 0,
            failed: 0,
            cancelled: 0,
            silent: 0,
            forgotten: 0,
        };
        let inside = InFlight::new();
        Self { inside, roster, token, slots, on_failure, observer, collects, results: Lock::new(results) }
    }

    /// Refuses new tasks, also those that wait for a slot.
    pub(super) fn close(&self) {
        self.inside.close();
        if let Some(slots) = &self.slots {
            slots.close();
        }
    }

    /// Closes, asks those who have the token, drops the others.
    pub(super) fn cancel(&self, cause: Cause) {
        self.close();
        self.token.cancel_with(cause);
    }

    /// The oldest unread result.
    pub(super) fn poll_unread(&self, waker: &Waker) -> Found<T, E> {
        crate::sys::two_steps::with_waker(&self.results, waker, false, |results, own| {
            if let Some(ended) = results.unread.pop_front() {
                return Some(Found::Ended(ended));
            }
            if results.joiner.as_ref().is_some_and(|kept| kept.will_wake(waker)) {
                return Some(Found::Waiting);
            }
            let own_waker = own.take()?;
            *own = results.joiner.replace(own_waker);
            Some(Found::Waiting)
        })
    }

    /// Without a waker.
    pub(super) fn take_unread(&self) -> Option<Ended<T, E>> {
        self.results.with(|results| results.unread.pop_front())
    }

    /// What lies nowhere among the unread.
    pub(super) fn take_rest(&self) -> Rest<T> {
        self.results.with(|results| Rest {
            values: core::mem::take(&mut results.values),
            cancelled: results.silent,
            forgotten: results.forgotten,
        })
    }

    /// All that nobody read, and the joiner.
    pub(super) fn clear(&self) -> (VecDeque<Ended<T, E>>, Option<Waker>) {
        self.results.with(|results| (core::mem::take(&mut results.unread), results.joiner.take()))
    }

    pub(super) fn ends(&self) -> Ends {
        self.results.with(|results| Ends {
            unread: results.unread.len(),
            succeeded: results.succeeded,
            failed: results.failed,
            cancelled: results.cancelled,
        })
    }

    /// What a task has left, and what becomes of it.
    fn settle(&self, ended: Ended<T, E>) {
        let failed = matches!(ended.outcome, Outcome::Err(_) | Outcome::Panicked(_));
        let ended = match (&self.on_failure, failed, ended) {
            (OnFailure::Supervise(supervisor), true, ended) => return self.hand_over(&**supervisor, ended),
            (_, _, ended) => ended,
        };
        let kept = self.keep(ended);
        if kept.is_first_failure && matches!(self.on_failure, OnFailure::Cancel) {
            // Whatever wakers and callbacks do: the joiner is still to be woken.
            unwind::keep_going(|| self.cancel(Cause::SiblingFailed));
        }
        wake::outside(kept.joiner, None);
        if let Some(Failed { label, failure: Failure::Panicked(panicked), .. }) = kept.forgotten {
            unseen::note(&label, panicked.message());
        }
    }

    fn hand_over(&self, supervisor: &(dyn Fn(Failed<E>) + Send + Sync), ended: Ended<T, E>) {
        self.results.with(|results| results.failed += 1);
        let label = ended.label.clone();
        let Err(failed) = ended.into_result() else { return };
        if let Err(panic) = unwind::catch(|| supervisor(failed)) {
            self.tell_of_panic(&label, Panicked::new(panic).message());
        }
    }

    fn keep(&self, ended: Ended<T, E>) -> Kept<E> {
        self.results.with(|results| {
            let mut kept = Kept { joiner: None, is_first_failure: false, forgotten: None };
            match &ended.outcome {
                Outcome::Ok(_) => results.succeeded += 1,
                Outcome::Cancelled(_) => results.cancelled += 1,
                Outcome::Err(_) | Outcome::Panicked(_) => {
                    kept.is_first_failure = results.failed == 0;
                    results.failed += 1;
                }
            }
            let has_room = self.collects || results.unread.len() < FAILURES_KEPT;
            match ended.outcome {
                Outcome::Ok(value) if !self.collects => results.values.push(value),
                Outcome::Cancelled(None) if !self.collects => results.silent += 1,
                _ if has_room => {
                    results.unread.push_back(ended);
                    kept.joiner = results.joiner.take();
                }
                _ => {
                    results.forgotten += 1;
                    kept.forgotten = ended.into_result().err();
                }
            }
            kept
        })
    }

    fn tell_of_panic(&self, label: &Label, message: &str) {
        let Some(observer) = &self.observer else { return };
        let event = Event::new("task_panicked");
        let event = event.field("message", Value::Text(message)).field("site", Value::Site(label.site()));
        let event = match label.name() {
            Some(name) => event.named(name),
            None => event,
        };
        unwind::keep_going(|| observer.on(&event));
    }
}

/// A task on its executor, to its group.
pub(super) struct Member<T, E> {
    pub(super) core: Arc<Core<T, E>>,
    pub(super) seat: Arc<Seat>,
}

impl<T, E> Report<Result<T, E>> for Member<T, E> {
    fn abort_requested(&self) -> bool {
        self.seat.abort_requested()
    }

    fn register(&self, waker: &Waker) {
        self.seat.register(waker);
    }

    fn finish(&self, ended: Result<Result<T, E>, End>) {
        let Self { core, seat } = self;
        let outcome = match ended {
            Ok(Ok(value)) => Outcome::Ok(value),
            // It was asked to stop, and this is what came of its clean-up.
            Ok(Err(error)) if seat.asked && core.token.is_cancelled() => Outcome::Cancelled(Some(error)),
            Ok(Err(error)) => Outcome::Err(error),
            Err(End::Cancelled) => Outcome::Cancelled(None),
            Err(End::Panicked(panicked)) => {
                core.tell_of_panic(&seat.label, panicked.message());
                Outcome::Panicked(panicked)
            }
        };
        let ended = Ended { id: seat.id, label: seat.label.clone(), outcome };
        let last_words = unwind::catch(|| core.settle(ended));
        core.roster.leave(seat.id.key);
        if let Some(slots) = &core.slots {
            unwind::keep_going(|| slots.release(1));
        }
        if core.inside.leave() {
            let joiner = core.results.with(|results| results.joiner.take());
            wake::outside(joiner, None);
        }
        if let Err(panic) = last_words {
            unwind::resume_unless_unwinding(panic);
        }
    }
}
