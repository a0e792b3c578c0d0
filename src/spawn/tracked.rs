//! What runs on the executor, and what it shares with its [`Task`](super::Task).
//!
//! 1. The future is dropped before its outcome is published, so whoever sees the outcome knows that the future is gone.
//! 2. An abort is a flag and a wake. The flag is asked before the future is polled and again after the waker was registered, so an
//!    abort between the two is not missed.
//! 3. A wrapper that is dropped unfinished publishes `Cancelled`: nobody waits for an executor that is gone.

use super::{JoinError, Label};
use crate::observe::{Event, Observer, Value};
use crate::sys::atomic::{AtomicBool, AtomicWaker};
use crate::sys::lock::Lock;
use crate::sys::unseen;
use crate::sys::unwind::{self, Panic};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::pin::Pin;
use core::sync::atomic::Ordering;
use core::task::{Context, Poll, Waker};

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
    fn finish(&self, outcome: Outcome<T>, observer: &impl Observer) {
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

pin_project_lite::pin_project! {
    /// The future that is spawned in place of the user's.
    pub(super) struct Tracked<F: Future, O: Observer> {
        #[pin]
        future: Option<F>,
        shared: Arc<Shared<F::Output>>,
        observer: O,
    }

    impl<F: Future, O: Observer> PinnedDrop for Tracked<F, O> {
        fn drop(this: Pin<&mut Self>) {
            if this.future.is_some() {
                this.end(Ok(None));
            }
        }
    }
}

impl<F: Future, O: Observer> Tracked<F, O> {
    pub(super) const fn new(future: F, shared: Arc<Shared<F::Output>>, observer: O) -> Self {
        Self { future: Some(future), shared, observer }
    }

    /// Drops the future and publishes what came of it: a value, nothing (cancelled), or a panic.
    fn end(self: Pin<&mut Self>, came: Result<Option<F::Output>, Panic>) {
        let mut this = self.project();
        let dropped = unwind::catch(|| this.future.set(None));
        let label = &this.shared.label;
        // Of two panics the first is the cause.
        let came = match (came, dropped) {
            (Ok(_), Err(panic)) => Err(panic),
            (came, dropped) => {
                dropped.map_or_else(unwind::discard, |()| ());
                came
            }
        };
        let outcome = match came {
            Ok(Some(output)) => Ok(output),
            Ok(None) => Err(JoinError::cancelled(label.clone())),
            Err(panic) => Err(JoinError::panicked(label.clone(), panic)),
        };
        this.shared.finish(outcome, this.observer);
    }
}

impl<F: Future, O: Observer> Future for Tracked<F, O> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.as_mut().project();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Ready(()) };
        if this.shared.abort_requested() {
            self.end(Ok(None));
            return Poll::Ready(());
        }
        let came = match unwind::catch(|| future.poll(cx)) {
            Ok(Poll::Ready(output)) => Ok(Some(output)),
            Err(panic) => Err(panic),
            Ok(Poll::Pending) => {
                this.shared.task.register(cx.waker());
                if !this.shared.abort_requested() {
                    return Poll::Pending;
                }
                Ok(None)
            }
        };
        self.end(came);
        Poll::Ready(())
    }
}

/// The closure that is run in place of the user's.
pub(super) struct TrackedBlocking<F, T, O: Observer> {
    work: Option<F>,
    shared: Arc<Shared<T>>,
    observer: O,
}

impl<F: FnOnce() -> T, T, O: Observer> TrackedBlocking<F, T, O> {
    pub(super) const fn new(work: F, shared: Arc<Shared<T>>, observer: O) -> Self {
        Self { work: Some(work), shared, observer }
    }

    /// Runs the closure, unless it was aborted before it began.
    pub(super) fn run(mut self) {
        if self.shared.abort_requested() {
            return;
        }
        if let Some(work) = self.work.take() {
            let outcome = unwind::catch(work);
            let outcome = outcome.map_err(|panic| JoinError::panicked(self.shared.label.clone(), panic));
            self.shared.finish(outcome, &self.observer);
        }
    }
}

impl<F, T, O: Observer> Drop for TrackedBlocking<F, T, O> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            let label = self.shared.label.clone();
            let outcome = match unwind::catch(|| drop(work)) {
                Ok(()) => JoinError::cancelled(label),
                Err(panic) => JoinError::panicked(label, panic),
            };
            self.shared.finish(Err(outcome), &self.observer);
        }
    }
}
