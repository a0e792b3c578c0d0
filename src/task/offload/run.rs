//! The future of a closure.

use super::core::Offload;
use crate::spawn::{BoxBlocking, SpawnBlocking, SpawnError, Task, TaskBuilder, Unspawned};
use crate::sync::Semaphore;
use crate::sync::semaphore::{Acquire, Permit};
use crate::sys::unwind;
use crate::sys::waits::waits;
use crate::task::Failure;
use alloc::sync::Arc;
use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// A closure that the runtime did not take: why, and the closure with the handle of what it gives.
///
/// It keeps its place, until it is dropped or was run: by another runtime, or here.
///
/// # Examples
/// ```
/// # use untether::rt::threads::{Threads, block_on};
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use untether::spawn::SpawnErrorKind;
/// use untether::task::{Failure, Offload};
///
/// let threads = Threads::builder().blocking_threads(0).build()?;
/// # block_on(|_| async move {
/// let Err(Failure::Error(refused)) = Offload::new(threads).run(|| 7).await else { panic!("it has no thread") };
/// assert_eq!(refused.kind(), SpawnErrorKind::Full);
/// let unspawned = refused.into_inner();
/// unspawned.task.run();
/// assert_eq!(unspawned.handle.await.unwrap(), 7);
/// # });
/// # Ok(()) }
/// ```
pub type Refused<T> = SpawnError<Unspawned<T, BoxBlocking>>;

/// A place among those that run.
pub(super) type Place = Permit<Arc<Semaphore>>;

/// A closure that is run when there is a place for it. Made by [`Offload::run`].
///
/// `Unpin`, so it can be polled in place.
///
/// # Cancel safety
/// Dropping it never waits: see [`Offload::run`].
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Run<S, F, T> {
    spawn: S,
    state: State<F, T>,
}

enum State<F, T> {
    Waiting { acquire: Acquire<Arc<Semaphore>>, task: TaskBuilder, work: F },
    Running(Task<T>),
    Ended,
}

impl<S: SpawnBlocking + Clone, F: Send + 'static, T: Send + 'static> Run<S, F, T> {
    pub(super) fn new(offload: &Offload<S>, task: TaskBuilder, work: F) -> Self {
        let acquire = Semaphore::acquire_owned(offload.places.clone());
        Self { spawn: offload.spawn.clone(), state: State::Waiting { acquire, task, work } }
    }

    /// Polls it, where what runs is `call` of what it holds.
    pub(super) fn poll_by(
        &mut self,
        cx: &mut Context<'_>,
        call: impl FnOnce(F) -> T + Send + 'static,
    ) -> Poll<Result<T, Failure<Refused<T>>>> {
        if let State::Waiting { acquire, .. } = &mut self.state {
            let place = ready!(acquire.poll_acquire(cx)).expect("nobody closes it");
            let State::Waiting { task, work, .. } = mem::replace(&mut self.state, State::Ended) else {
                unreachable!("it was seen in the line above");
            };
            let in_place = InPlace { work: move || call(work), place };
            match task.spawn_blocking(&self.spawn, move || in_place.run()) {
                Ok(task) => self.state = State::Running(task),
                Err(refused) => return Poll::Ready(Err(Failure::Error(refused))),
            }
        }
        let State::Running(task) = &mut self.state else { panic!("polled again after it was ready") };
        let outcome = ready!(Pin::new(task).poll(cx));
        self.state = State::Ended;
        Poll::Ready(outcome.map_err(Failure::from))
    }
}

/// What is passed to the runtime. In this order: the work is gone before its place is free, also where it is dropped unrun.
struct InPlace<W> {
    work: W,
    place: Place,
}

impl<T, W: FnOnce() -> T> InPlace<W> {
    /// The place is free before anybody sees what came of the work.
    fn run(self) -> T {
        let Self { work, place } = self;
        let done = unwind::catch(work);
        // Wakers of others are called here. What one of them does is no concern of this closure.
        unwind::keep_going(|| drop(place));
        done.unwrap_or_else(|panic| unwind::resume(panic))
    }
}

impl<S, F, T> Run<S, F, T>
where
    S: SpawnBlocking + Clone,
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    waits!();
}

/// What it holds is never pinned.
impl<S, F, T> Unpin for Run<S, F, T> {}

impl<S, F, T> Future for Run<S, F, T>
where
    S: SpawnBlocking + Clone,
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    type Output = Result<T, Failure<Refused<T>>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_by(cx, |work| work())
    }
}

impl<S, F, T> fmt::Debug for Run<S, F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (waiting, running) =
            (matches!(self.state, State::Waiting { .. }), matches!(self.state, State::Running(_)));
        f.debug_struct("Run").field("waiting", &waiting).field("running", &running).finish_non_exhaustive()
    }
}
