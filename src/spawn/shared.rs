//! What a running task shares with its [`Task`](super::Task): the wish to abort it, and its outcome.

use super::{JoinError, Label};
use crate::observe::{Event, Observer, Value};
use crate::sys::atomic::{AtomicBool, AtomicWaker};
use crate::sys::lock::Lock;
use crate::sys::unseen;
use crate::sys::unwind;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::Ordering;
use core::task::{Poll, Waker};

pub(super) type Outcome<T> = Result<T, JoinError>;
type Finally<T> = Box<dyn FnOnce(Outcome<T>) + Send>;

/// Shared by the task and its handle: the one allocation of a [`Task`](super::Task).
pub(super) struct Shared<T> {
    abort: AtomicBool,
    /// Of the spawned future, so that an abort is noticed.
    task: AtomicWaker,
    join: Lock<Join<T>>,
    pub(super) label: Label,
}

struct Join<T> {
    stage: Stage<T>,
    /// Of whoever awaits the outcome.
    waker: Option<Waker>,
    detached: bool,
    /// Its handle is still there.
    watched: bool,
}

enum Stage<T> {
    Running(Option<Finally<T>>),
    Finished(Outcome<T>),
    /// The outcome was handed out.
    Taken,
}

impl<T> Shared<T> {
    pub(super) fn new(label: Label) -> Arc<Self> {
        let join = Join { stage: Stage::Running(None), waker: None, detached: false, watched: true };
        Arc::new(Self {
            abort: AtomicBool::new(false),
            task: AtomicWaker::new(),
            join: Lock::new(join),
            label,
        })
    }

    pub(super) fn abort(&self) {
        // ORDERING: Release, pairs with the Acquire of `abort_requested`; the wake comes after it.
        self.abort.store(true, Ordering::Release);
        self.task.wake();
    }

    /// Sees to it that an abort from now on wakes the task. Asked again afterwards, `abort_requested` tells of one before.
    pub(super) fn register(&self, waker: &Waker) {
        self.task.register(waker);
    }

    pub(super) fn abort_requested(&self) -> bool {
        self.abort.load(Ordering::Acquire)
    }

    pub(super) fn is_finished(&self) -> bool {
        self.join.with(|join| !matches!(join.stage, Stage::Running(_)))
    }

    /// # Panics
    /// If the outcome was handed out before.
    pub(super) fn poll_join(&self, waker: &Waker) -> Poll<Outcome<T>> {
        let known = self.join.with(|join| match &join.waker {
            Some(current) if current.will_wake(waker) => Some(join.take()),
            _ => None,
        });
        let stage = known.unwrap_or_else(|| {
            let waker = waker.clone();
            let (stage, unused) = self.join.with(|join| {
                let stage = join.take();
                let running = matches!(stage, Stage::Running(_));
                (stage, if running { join.waker.replace(waker) } else { Some(waker) })
            });
            drop(unused);
            stage
        });
        match stage {
            Stage::Running(_) => Poll::Pending,
            Stage::Finished(outcome) => Poll::Ready(outcome),
            Stage::Taken => panic!("task polled again after it gave its outcome"),
        }
    }

    /// The handle is gone: nobody sees the outcome any more.
    pub(super) fn leave(&self) {
        let (waker, unread) = self.join.with(|join| {
            join.watched = false;
            (join.waker.take(), join.take())
        });
        drop(waker);
        if let Stage::Finished(outcome) = unread {
            note_unseen(&outcome);
        }
    }

    pub(super) fn detach(&self) {
        self.join.with(|join| join.detached = true);
    }

    /// Sees to it that `finally` gets the outcome: now, if it is there already.
    pub(super) fn detach_with(&self, finally: Finally<T>) {
        let (unused, stage) = self.join.with(|join| {
            join.detached = true;
            match join.take() {
                Stage::Running(_) => {
                    (None, core::mem::replace(&mut join.stage, Stage::Running(Some(finally))))
                }
                ended => (Some(finally), ended),
            }
        });
        if let (Some(finally), Stage::Finished(outcome)) = (unused, stage) {
            finally(outcome);
        }
    }

    /// Publishes the outcome. The future is gone by now.
    pub(super) fn finish(&self, outcome: Outcome<T>, observer: &impl Observer) {
        let detached = self.join.with(|join| join.detached);
        self.tell(&outcome, detached, observer);
        let (waker, unwatched) = self.join.with(|join| {
            let waker = join.waker.take();
            let unwatched = match core::mem::replace(&mut join.stage, Stage::Taken) {
                Stage::Running(Some(finally)) => Some((Some(finally), outcome)),
                _ if join.watched => {
                    join.stage = Stage::Finished(outcome);
                    None
                }
                _ => Some((None, outcome)),
            };
            (waker, unwatched)
        });
        match unwatched {
            Some((Some(finally), outcome)) => self.hand_over(finally, outcome, observer),
            Some((None, outcome)) => note_unseen(&outcome),
            None => {}
        }
        if let Some(waker) = waker {
            waker.wake();
        }
        // Last: a waker that panics when it is dropped must not keep the outcome from anybody.
        drop(self.task.take());
    }

    /// Runs the closure of [`detach_with`](Self::detach_with); its panic is the task's last word.
    fn hand_over(&self, finally: Finally<T>, outcome: Outcome<T>, observer: &impl Observer) {
        if let Err(panic) = unwind::catch(|| finally(outcome)) {
            let outcome = Err::<T, _>(JoinError::panicked(self.label.clone(), panic));
            self.tell(&outcome, true, observer);
            note_unseen(&outcome);
        }
    }

    fn tell(&self, outcome: &Outcome<T>, detached: bool, observer: &impl Observer) {
        let Err(error) = outcome else { return };
        let event = match error.panic_message() {
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
}

/// Lets the simulator know of a panic that ends with nobody.
fn note_unseen<T>(outcome: &Outcome<T>) {
    let Err(error) = outcome else { return };
    if let Some(message) = error.panic_message() {
        unseen::note(error.label(), message);
    }
}

impl<T> Join<T> {
    /// Takes the outcome, if it is there. A task that is running goes on running.
    fn take(&mut self) -> Stage<T> {
        match &self.stage {
            Stage::Running(_) => Stage::Running(None),
            Stage::Finished(_) | Stage::Taken => core::mem::replace(&mut self.stage, Stage::Taken),
        }
    }
}
