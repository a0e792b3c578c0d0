//! What runs on the executor in place of the future, or of the closure, of a [`Task`](super::Task).
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
use core::task::{Context, Poll};

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
        // Of two panics the first is the cause.
        let came = match (came, dropped) {
            (Ok(_), Err(panic)) => Err(panic),
            (came, dropped) => {
                dropped.map_or_else(unwind::discard, |()| ());
                came
            }
        };
        let ended = match came {
            Ok(Some(output)) => Ok(output),
            Ok(None) => Err(Cause::Cancelled),
            Err(panic) => Err(Cause::panicked(panic)),
        };
        this.shared.finish(ended, this.observer);
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
                this.shared.register(cx.waker());
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
