//! What a running task shares with its [`Task`](super::Task): the wish to abort it, and its outcome.

use super::join_error::Cause;
use super::{JoinError, Label};
use crate::observe::{Event, Observer, Value};
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::unseen;
use crate::sys::unwind;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::Ordering;
use core::task::{Poll, Waker};

pub(super) type Outcome<T> = Result<T, JoinError>;
/// An outcome as the task leaves it; who it was is said where it is handed out.
pub(super) type Ended<T> = Result<T, Cause>;
type Finally<T> = Box<dyn FnOnce(Outcome<T>) + Send>;

/// Shared by the task and its handle: the one allocation of a [`Task`](super::Task), and small.
pub(super) struct Shared<T> {
    abort: AtomicBool,
    join: Lock<Join<T>>,
    pub(super) label: Label,
}

struct Join<T> {
    stage: Stage<T>,
    /// Of the spawned future, so that an abort is noticed.
    task: Option<Waker>,
    /// Of whoever awaits the outcome.
    joiner: Option<Waker>,
}

enum Stage<T> {
    Running,
    /// Running, and its handle is gone.
    Unwatched,
    /// Running, and its outcome goes here.
    Handed(Finally<T>),
    Finished(Ended<T>),
    /// The outcome was handed out.
    Taken,
}

impl<T> Shared<T> {
    pub(super) fn new(label: Label) -> Arc<Self> {
        let join = Join { stage: Stage::Running, task: None, joiner: None };
        Arc::new(Self { abort: AtomicBool::new(false), join: Lock::new(join), label })
    }

    pub(super) fn abort(&self) {
        // ORDERING: Release, pairs with the Acquire of `abort_requested`; the lock orders it before or after `register`.
        self.abort.store(true, Ordering::Release);
        if let Some(waker) = self.join.with(|join| join.task.take()) {
            waker.wake();
        }
    }

    /// Sees to it that an abort from now on wakes the task. Asked again afterwards, `abort_requested` tells of one before.
    pub(super) fn register(&self, waker: &Waker) {
        if self.join.with(|join| is_for(&join.task, waker)) {
            return;
        }
        let waker = waker.clone();
        let replaced = self.join.with(|join| join.task.replace(waker));
        drop(replaced);
    }

    pub(super) fn abort_requested(&self) -> bool {
        self.abort.load(Ordering::Acquire)
    }

    pub(super) fn is_finished(&self) -> bool {
        self.join.with(|join| join.has_ended())
    }

    /// # Panics
    /// If the outcome was handed out before.
    pub(super) fn poll_join(&self, waker: &Waker) -> Poll<Outcome<T>> {
        let known = self.join.with(|join| {
            let nothing_to_note = join.has_ended() || is_for(&join.joiner, waker);
            nothing_to_note.then(|| join.take())
        });
        let stage = known.unwrap_or_else(|| {
            let waker = waker.clone();
            let (stage, unused) = self.join.with(|join| {
                let unused = if join.has_ended() { Some(waker) } else { join.joiner.replace(waker) };
                (join.take(), unused)
            });
            drop(unused);
            stage
        });
        match stage {
            Stage::Finished(ended) => Poll::Ready(self.outcome(ended)),
            Stage::Taken => panic!("task polled again after it gave its outcome"),
            Stage::Running | Stage::Unwatched | Stage::Handed(_) => Poll::Pending,
        }
    }

    fn outcome(&self, ended: Ended<T>) -> Outcome<T> {
        ended.map_err(|cause| JoinError::new(self.label.clone(), cause))
    }

    /// The handle is gone: nobody sees the outcome any more.
    pub(super) fn leave(&self) {
        let (waker, unread) = self.join.with(|join| {
            if matches!(join.stage, Stage::Running) {
                join.stage = Stage::Unwatched;
            }
            (join.joiner.take(), join.take())
        });
        drop(waker);
        if let Stage::Finished(ended) = unread {
            self.note_unseen(&ended);
        }
    }

    /// Sees to it that `finally` gets the outcome: now, if it is there already.
    pub(super) fn detach_with(&self, finally: Finally<T>) {
        let (unused, stage) = self.join.with(|join| {
            if join.has_ended() {
                return (Some(finally), join.take());
            }
            (None, core::mem::replace(&mut join.stage, Stage::Handed(finally)))
        });
        if let (Some(finally), Stage::Finished(ended)) = (unused, stage) {
            finally(self.outcome(ended));
        }
    }

    /// Publishes what came of the task. The future is gone by now.
    pub(super) fn finish(&self, ended: Ended<T>, observer: &impl Observer) {
        if let Err(cause) = &ended {
            let detached = self.join.with(|join| matches!(join.stage, Stage::Unwatched | Stage::Handed(_)));
            self.tell(cause, detached, observer);
        }
        let (wakers, unwatched) = self.join.with(|join| {
            let wakers = (join.joiner.take(), join.task.take());
            let unwatched = match core::mem::replace(&mut join.stage, Stage::Taken) {
                Stage::Handed(finally) => Some((Some(finally), ended)),
                Stage::Unwatched => Some((None, ended)),
                Stage::Running | Stage::Finished(_) | Stage::Taken => {
                    join.stage = Stage::Finished(ended);
                    None
                }
            };
            (wakers, unwatched)
        });
        match unwatched {
            Some((Some(finally), ended)) => self.hand_over(finally, ended, observer),
            Some((None, ended)) => self.note_unseen(&ended),
            None => {}
        }
        let (joiner, task) = wakers;
        if let Some(joiner) = joiner {
            joiner.wake();
        }
        // Last: a waker that panics when it is dropped must not keep the outcome from anybody.
        drop(task);
    }

    /// Runs the closure of [`detach_with`](Self::detach_with); its panic is the task's last word.
    fn hand_over(&self, finally: Finally<T>, ended: Ended<T>, observer: &impl Observer) {
        if let Err(panic) = unwind::catch(|| finally(self.outcome(ended))) {
            let cause = Cause::panicked(panic);
            self.tell(&cause, true, observer);
            self.note_unseen(&Err(cause));
        }
    }

    fn tell(&self, cause: &Cause, detached: bool, observer: &impl Observer) {
        let event = match cause.message() {
            Some(message) => Event::new("task_panicked").field("message", Value::Text(message)),
            None if detached && !self.abort_requested() => Event::new("detached_task_cancelled"),
            None => return,
        };
        let event = event.field("site", Value::Site(self.label.site()));
        let event = match self.label.name() {
            Some(name) => event.named(name),
            None => event,
        };
        // Whoever awaits the outcome gets it whatever the observer does; the panic hook was told.
        if let Err(panic) = unwind::catch(|| observer.on(&event)) {
            unwind::discard(panic);
        }
    }

    /// Lets the simulator know of a panic that ends with nobody.
    fn note_unseen(&self, ended: &Ended<T>) {
        if let Some(message) = ended.as_ref().err().and_then(Cause::message) {
            unseen::note(&self.label, message);
        }
    }
}

fn is_for(kept: &Option<Waker>, waker: &Waker) -> bool {
    kept.as_ref().is_some_and(|kept| kept.will_wake(waker))
}

impl<T> Join<T> {
    const fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Finished(_) | Stage::Taken)
    }

    /// Takes the outcome, if it is there. A task that is running goes on running.
    fn take(&mut self) -> Stage<T> {
        if self.has_ended() { core::mem::replace(&mut self.stage, Stage::Taken) } else { Stage::Running }
    }
}
