//! The future of a closure.

use super::call::{Call, Passed};
use crate::spawn::{BoxBlocking, Label, SpawnBlocking, SpawnError};
use crate::sync::Semaphore;
use crate::sync::semaphore::Acquire;
use crate::sys::waits::waits;
use crate::task::Failure;
use alloc::sync::Arc;
use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// A closure that is run when there is a place for it. Made by [`Offload::run`](super::Offload::run).
///
/// `Unpin`, so it can be polled in place.
///
/// # Cancel safety
/// Dropping it never waits: see [`Offload::run`](super::Offload::run).
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Run<S, F, T> {
    spawn: S,
    state: State<F, T>,
}

enum State<F, T> {
    Waiting { acquire: Acquire<Arc<Semaphore>>, label: Label, work: F },
    Passed(Arc<Call<F, T>>),
    Ended,
}

impl<S: SpawnBlocking, F: Send + 'static, T: Send + 'static> Run<S, F, T> {
    pub(super) const fn new(spawn: S, acquire: Acquire<Arc<Semaphore>>, label: Label, work: F) -> Self {
        Self { spawn, state: State::Waiting { acquire, label, work } }
    }

    /// Polls it, where what runs is `call` of what it holds.
    pub(super) fn poll_by(
        &mut self,
        cx: &mut Context<'_>,
        call: impl FnOnce(F) -> T + Send + 'static,
    ) -> Poll<Result<T, Failure<SpawnError<F>>>> {
        if let State::Waiting { acquire, .. } = &mut self.state {
            let place = ready!(acquire.poll_acquire(cx)).expect("nobody closes it");
            let State::Waiting { label, work, .. } = mem::replace(&mut self.state, State::Ended) else {
                unreachable!("it was seen in the line above");
            };
            let shared = Call::new(work, place, label.clone());
            let passed = Passed(shared.clone());
            let closure = BoxBlocking::labelled(label, move || passed.run(call));
            let passed = self.spawn.spawn_blocking_boxed(closure);
            // It is not begun, unless the runtime is one that refuses what it has taken.
            if let Some((refused, work)) =
                passed.err().and_then(|refused| Some((refused, shared.take_back()?)))
            {
                return Poll::Ready(Err(Failure::Error(SpawnError::new(refused.kind(), work))));
            }
            self.state = State::Passed(shared);
        }
        let State::Passed(shared) = &self.state else { panic!("polled again after it was ready") };
        let came = ready!(shared.poll(cx.waker()));
        self.state = State::Ended;
        Poll::Ready(came.map_err(|panicked| panicked.map_or(Failure::Cancelled(None), Failure::Panicked)))
    }
}

impl<S, F, T> Drop for Run<S, F, T> {
    fn drop(&mut self) {
        if let State::Passed(shared) = &self.state {
            shared.leave();
        }
    }
}

impl<S, F, T> Run<S, F, T>
where
    S: SpawnBlocking,
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    waits!();
}

/// What it holds is never pinned.
impl<S, F, T> Unpin for Run<S, F, T> {}

impl<S, F, T> Future for Run<S, F, T>
where
    S: SpawnBlocking,
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    type Output = Result<T, Failure<SpawnError<F>>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_by(cx, |work| work())
    }
}

impl<S, F, T> fmt::Debug for Run<S, F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (waiting, running) =
            (matches!(self.state, State::Waiting { .. }), matches!(self.state, State::Passed(_)));
        f.debug_struct("Run").field("waiting", &waiting).field("running", &running).finish_non_exhaustive()
    }
}
