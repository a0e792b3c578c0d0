//! What the tasks of a group share with it.

use super::ended::Failed;
use super::results::{Left, Results};
use super::roster::Roster;
use crate::observe::{Event, Observer, Value};
use crate::spawn::{Label, Panicked};
use crate::sync::cancel::Cause;
use crate::sync::{CancelToken, Semaphore};
use crate::sys::atomic::AtomicU64;
use crate::sys::unseen;
use crate::sys::unwind;
use crate::sys::wake;
use crate::task::{InFlight, Outcome};
use alloc::sync::Arc;
use core::sync::atomic::Ordering;

/// What the failure of one means to the others.
pub(super) enum OnFailure<E> {
    Cancel,
    Continue,
    /// It is given to this, and forgotten.
    Supervise(Arc<dyn Fn(Failed<E>) + Send + Sync>),
}

pub(super) struct Core<T, E> {
    pub(super) inside: InFlight,
    /// How many were started.
    begun: AtomicU64,
    pub(super) roster: Arc<Roster>,
    pub(super) token: CancelToken,
    /// One for each task that runs, where there is a limit.
    pub(super) slots: Option<Semaphore>,
    on_failure: OnFailure<E>,
    observer: Option<Arc<dyn Observer + Send + Sync>>,
    pub(super) results: Results<T, E>,
}

impl<T, E> Core<T, E> {
    pub(super) const fn new(
        roster: Arc<Roster>,
        token: CancelToken,
        slots: Option<Semaphore>,
        on_failure: OnFailure<E>,
        observer: Option<Arc<dyn Observer + Send + Sync>>,
        results: Results<T, E>,
    ) -> Self {
        let inside = InFlight::new();
        let begun = AtomicU64::new(0);
        Self { inside, begun, roster, token, slots, on_failure, observer, results }
    }

    /// The number of one that is started now.
    pub(super) fn number(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed)
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

    /// What a task that did not end well has left, and what becomes of it.
    #[cold]
    pub(super) fn settle(&self, left: Left<T, E>) {
        if let Outcome::Panicked(panicked) = &left.outcome {
            self.tell_of_panic(&left.seat.label, panicked.message());
        }
        match (&self.on_failure, &left.outcome) {
            (OnFailure::Supervise(supervisor), Outcome::Err(_) | Outcome::Panicked(_)) => {
                self.hand_over(&**supervisor, left);
            }
            _ => self.put_away(left),
        }
    }

    fn put_away(&self, left: Left<T, E>) {
        let done = self.results.put(left);
        if done.is_first_failure && matches!(self.on_failure, OnFailure::Cancel) {
            // Whatever wakers and callbacks do: the joiner is still to be woken.
            unwind::keep_going(|| self.cancel(Cause::SiblingFailed));
        }
        wake::outside(done.joiner, None);
        if let Some(Left { seat, outcome: Outcome::Panicked(panicked) }) = done.refused {
            unseen::note(&seat.label, panicked.message());
        }
    }

    fn hand_over(&self, supervisor: &(dyn Fn(Failed<E>) + Send + Sync), left: Left<T, E>) {
        self.results.count_failure();
        let seat = left.seat.clone();
        let Err(failed) = left.into_ended().into_result() else { return };
        if let Err(panic) = unwind::catch(|| supervisor(failed)) {
            self.tell_of_panic(&seat.label, Panicked::new(panic).message());
        }
    }

    fn tell_of_panic(&self, label: &Label, message: &str) {
        self.tell("task_panicked", label, Some(message));
    }

    pub(super) fn tell(&self, kind: &'static str, label: &Label, message: Option<&str>) {
        let Some(observer) = &self.observer else { return };
        let event = Event::new(kind).field("site", Value::Site(label.site()));
        let event = match message {
            Some(message) => event.field("message", Value::Text(message)),
            None => event,
        };
        let event = match label.name() {
            Some(name) => event.named(name),
            None => event,
        };
        unwind::keep_going(|| observer.on(&event));
    }
}
