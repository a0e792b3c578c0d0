//! What the tasks of a group share with it.

use super::ended::Failed;
use super::results::{Left, Results};
use super::roster::{Roster, both};
use crate::observe::{Event, Observer, Value};
use crate::spawn::{Label, Panicked};
use crate::sync::CancelToken;
use crate::sync::cancel::Cause;
use crate::sys::atomic::AtomicU64;
use crate::sys::lock::Lock;
use crate::sys::unseen;
use crate::sys::unwind;
use crate::sys::wake;
use crate::task::Outcome;
use alloc::sync::Arc;
use core::sync::atomic::Ordering;

type Supervisor<E> = Arc<dyn Fn(Failed<E>) + Send + Sync>;

/// What the failure of one means to the others.
pub(super) enum OnFailure<E> {
    Cancel,
    Continue,
    /// It is given to this, and forgotten. As long as there is a group: a handle in it would else keep itself.
    Supervise(Lock<Option<Supervisor<E>>>),
}

pub(super) struct Core<T, E> {
    /// How many were started.
    begun: AtomicU64,
    pub(super) roster: Arc<Roster>,
    pub(super) token: CancelToken,
    on_failure: OnFailure<E>,
    observer: Option<Arc<dyn Observer + Send + Sync>>,
    pub(super) results: Results<T, E>,
}

impl<T, E> Core<T, E> {
    pub(super) const fn new(
        roster: Arc<Roster>,
        token: CancelToken,
        on_failure: OnFailure<E>,
        observer: Option<Arc<dyn Observer + Send + Sync>>,
        results: Results<T, E>,
    ) -> Self {
        let begun = AtomicU64::new(0);
        Self { begun, roster, token, on_failure, observer, results }
    }

    /// The number of one that is started now.
    pub(super) fn number(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed)
    }

    /// Closes, asks those who have the token, drops the others.
    pub(super) fn cancel(&self, cause: Cause) {
        let cancels = || _ = self.token.cancel_with(cause);
        both(|| self.roster.close(), cancels);
    }

    /// What a task that did not end well has left, and what becomes of it. Gives it back if the supervisor is to hear of it.
    #[cold]
    pub(super) fn settle(&self, left: Left<T, E>) -> Option<Left<T, E>> {
        if let Outcome::Panicked(panicked) = &left.outcome {
            self.tell_of_panic(&left.seat.label, panicked.message());
        }
        match (&self.on_failure, &left.outcome) {
            (OnFailure::Supervise(_), Outcome::Err(_) | Outcome::Panicked(_)) => Some(left),
            _ => {
                self.put_away(left);
                None
            }
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

    /// Gives a failure to the supervisor, if there is still one.
    #[cold]
    pub(super) fn hand_over(&self, left: Left<T, E>) {
        self.results.count_failure();
        let OnFailure::Supervise(supervisor) = &self.on_failure else { return };
        let Some(supervisor) = supervisor.with(|supervisor| supervisor.clone()) else {
            return unwind::keep_going(|| drop(left));
        };
        let seat = left.seat.clone();
        let Err(failed) = left.into_ended().into_result() else { return };
        if let Err(panic) = unwind::catch(move || supervisor(failed)) {
            self.tell_of_panic(&seat.label, Panicked::new(panic).message());
        }
    }

    /// There is no group any more.
    pub(super) fn dismiss_supervisor(&self) {
        if let OnFailure::Supervise(supervisor) = &self.on_failure {
            let supervisor = supervisor.with(Option::take);
            unwind::keep_going(|| drop(supervisor));
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
