//! What runs on the executor in place of a future that somebody answers for, or of the closure of a [`Task`](super::Task).
//!
//! 1. The future is dropped before its outcome is published, so whoever sees the outcome knows that the future is gone.
//! 2. An abort is a flag and a wake. The flag is asked before the future is polled and again after the waker was registered, so an
//!    abort between the two is not missed.
//! 3. A wrapper that is dropped unfinished publishes `Cancelled`: nobody waits for an executor that is gone.

use super::join_error::Cause;
use super::shared::Shared;
use crate::observe::Observer;
use crate::sys::unwind::{self, Panic};
use alloc::sync::Arc;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Who hears of a future on an executor, and has a say in when it ends.
pub(crate) trait Report<T> {
    /// Whether it is to be dropped in place of its next poll.
    fn abort_requested(&self) -> bool;

    /// Sees to it that a request from now on wakes the task. Asked again afterwards, `abort_requested` tells of one before.
    fn register(&mut self, waker: &Waker);

    /// What came of the future, which is gone by now. Called once.
    fn finish(&mut self, ended: Result<T, Cause>);
}

/// A [`Task`](super::Task) answers to its handle, and tells its observer.
pub(super) struct Answers<T, O> {
    pub(super) shared: Arc<Shared<T>>,
    pub(super) observer: O,
}

impl<T, O: Observer> Report<T> for Answers<T, O> {
    fn abort_requested(&self) -> bool {
        self.shared.abort_requested()
    }

    fn register(&mut self, waker: &Waker) {
        self.shared.register(waker);
    }

    fn finish(&mut self, ended: Result<T, Cause>) {
        self.shared.finish(ended, &self.observer);
    }
}

pin_project_lite::pin_project! {
    /// The future that is spawned in place of the user's.
    pub(crate) struct Tracked<F: Future, R: Report<F::Output>> {
        #[pin]
        future: Option<F>,
        report: R,
    }

    impl<F: Future, R: Report<F::Output>> PinnedDrop for Tracked<F, R> {
        fn drop(this: Pin<&mut Self>) {
            if this.future.is_some() {
                this.end(Ok(None));
            }
        }
    }
}

impl<F: Future, R: Report<F::Output>> Tracked<F, R> {
    pub(crate) const fn new(future: F, report: R) -> Self {
        Self { future: Some(future), report }
    }

    /// Drops the future and publishes what came of it: a value, nothing (cancelled), or a panic.
    fn end(self: Pin<&mut Self>, came: Result<Option<F::Output>, Panic>) {
        let mut this = self.project();
        let dropped = unwind::catch(|| this.future.set(None));
        // Of two panics the first is the cause.
        let came = match (came, dropped) {
            (Ok(_), Err(panic)) => Err(panic),
            (came, dropped) => {
                dropped.map_or_else(unwind::discard, |()| ());
                came
            }
        };
        this.report.finish(match came {
            Ok(Some(output)) => Ok(output),
            Ok(None) => Err(Cause::Cancelled),
            Err(panic) => Err(Cause::panicked(panic)),
        });
    }
}

impl<F: Future, R: Report<F::Output>> Future for Tracked<F, R> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.as_mut().project();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Ready(()) };
        if this.report.abort_requested() {
            self.end(Ok(None));
            return Poll::Ready(());
        }
        let came = match unwind::catch(|| future.poll(cx)) {
            Ok(Poll::Ready(output)) => Ok(Some(output)),
            Err(panic) => Err(panic),
            Ok(Poll::Pending) => {
                this.report.register(cx.waker());
                if !this.report.abort_requested() {
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
            let ended = unwind::catch(work).map_err(Cause::panicked);
            self.shared.finish(ended, &self.observer);
        }
    }
}

impl<F, T, O: Observer> Drop for TrackedBlocking<F, T, O> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            let cause = unwind::catch(|| drop(work)).map_or_else(Cause::panicked, |()| Cause::Cancelled);
            self.shared.finish(Err(cause), &self.observer);
        }
    }
}
