//! How a [`Task`] is started.

use super::shared::Shared;
use super::tracked::{Answers, Tracked, TrackedBlocking};
use super::{BoxBlocking, BoxTask, Label, LocalBoxTask, Spawn, SpawnBlocking, SpawnError, SpawnLocal, Task};
use crate::observe::Observer;
use alloc::borrow::Cow;
use core::fmt;

/// What starting a task gives: its handle, or the task itself with the reason why it was not started.
pub type Started<T, B = BoxTask> = Result<Task<T>, SpawnError<Unspawned<T, B>>>;

/// The short way to a [`Task`]: on every spawner, without a name.
pub trait SpawnExt {
    /// Starts a task and gives its handle.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back, with its handle, when it cannot be started.
    #[track_caller]
    fn spawn_task<F>(&self, future: F) -> Started<F::Output>
    where
        Self: Spawn + Sized,
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        TaskBuilder::here().spawn(self, future)
    }

    /// Starts a task that stays on this thread and gives its handle.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back, with its handle, when it cannot be started.
    #[track_caller]
    fn spawn_local_task<F>(&self, future: F) -> Started<F::Output, LocalBoxTask>
    where
        Self: SpawnLocal + Sized,
        F: Future + 'static,
    {
        TaskBuilder::here().spawn_local(self, future)
    }

    /// Runs a blocking closure and gives the handle of its result.
    ///
    /// # Errors
    /// [`SpawnError`] hands the closure back, with its handle, when it cannot be run.
    #[track_caller]
    fn spawn_blocking_task<F, T>(&self, work: F) -> Started<T, BoxBlocking>
    where
        Self: SpawnBlocking,
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        TaskBuilder::here().spawn_blocking(self, work)
    }
}

impl<S: ?Sized> SpawnExt for S {}

/// Starts tasks with a name and an observer. Made by [`Task::builder`].
#[must_use = "a builder starts nothing by itself"]
#[derive(Clone)]
pub struct TaskBuilder<O = ()> {
    label: Label,
    observer: O,
}

impl<O> fmt::Debug for TaskBuilder<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskBuilder").field("label", &self.label).finish_non_exhaustive()
    }
}

impl TaskBuilder {
    #[track_caller]
    pub(super) const fn here() -> Self {
        Self { label: Label::here(), observer: () }
    }
}

impl<O: Observer> TaskBuilder<O> {
    /// Names the task: in its [`JoinError`](super::JoinError), in events, in the reports of the simulator.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.label = self.label.named(name);
        self
    }

    /// Tells `observer` when the task panics, or is dropped by its executor after it was detached.
    pub fn observer<P: Observer>(self, observer: P) -> TaskBuilder<P> {
        TaskBuilder { label: self.label, observer }
    }

    /// Starts a task on `spawner`.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back, with its handle, when it cannot be started.
    pub fn spawn<S, F>(self, spawner: &S, future: F) -> Started<F::Output>
    where
        S: Spawn,
        F: Future<Output: Send + 'static> + Send + 'static,
        O: Send + 'static,
    {
        let shared = Shared::new(self.label);
        let task = Task::new(shared.clone());
        let label = spawner.wants_labels().then(|| shared.label.clone());
        let tracked = Tracked::new(future, Answers { shared, observer: self.observer });
        let started = match label {
            Some(label) => spawner.spawn_boxed(BoxTask::labelled(label, tracked)),
            None => spawner.spawn(tracked),
        };
        finish(started, task)
    }

    /// Starts a task that stays on this thread on `spawner`.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back, with its handle, when it cannot be started.
    pub fn spawn_local<S, F>(self, spawner: &S, future: F) -> Started<F::Output, LocalBoxTask>
    where
        S: SpawnLocal,
        F: Future + 'static,
        O: 'static,
    {
        let shared = Shared::new(self.label);
        let task = Task::new(shared.clone());
        let label = spawner.wants_local_labels().then(|| shared.label.clone());
        let tracked = Tracked::new(future, Answers { shared, observer: self.observer });
        let started = match label {
            Some(label) => spawner.spawn_local_boxed(LocalBoxTask::labelled(label, tracked)),
            None => spawner.spawn_local(tracked),
        };
        finish(started, task)
    }

    /// Runs a blocking closure on `spawner`.
    ///
    /// # Errors
    /// [`SpawnError`] hands the closure back, with its handle, when it cannot be run.
    #[doc(alias = "run_in_executor")]
    pub fn spawn_blocking<S, F, T>(self, spawner: &S, work: F) -> Started<T, BoxBlocking>
    where
        S: SpawnBlocking + ?Sized,
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
        O: Send + 'static,
    {
        let shared = Shared::new(self.label);
        let task = Task::new(shared.clone());
        let label = shared.label.clone();
        let tracked = TrackedBlocking::new(work, shared, self.observer);
        let started = spawner.spawn_blocking_boxed(BoxBlocking::labelled(label, move || tracked.run()));
        finish(started, task)
    }
}

fn finish<T, B>(started: Result<(), SpawnError<B>>, handle: Task<T>) -> Started<T, B> {
    match started {
        Ok(()) => Ok(handle),
        Err(error) => Err(error.map(|task| Unspawned { task, handle })),
    }
}

/// A task that no executor took, and the handle that waits for it.
///
/// Whoever runs the task, or spawns it elsewhere, gets its outcome from the handle.
///
/// # Cancel safety
/// Dropping it, as `?` does, drops the task.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::rt::local::Local;
/// use untether::spawn::{Spawn, SpawnExt, Unspawned};
///
/// let closed = Local::new().spawner(); // its Local is gone
/// let refused = closed.spawn_task(async { 7 }).unwrap_err();
/// let Unspawned { task, handle, .. } = refused.into_inner();
/// rt.spawn_boxed(task).expect("this one is running");
/// assert_eq!(handle.await.unwrap(), 7);
/// # });
/// ```
#[must_use = "dropping it drops the task"]
#[non_exhaustive]
pub struct Unspawned<T, B = BoxTask> {
    /// The task: a future to poll or to spawn, or a closure to run.
    pub task: B,
    /// Its handle.
    pub handle: Task<T>,
}

impl<T, B> fmt::Debug for Unspawned<T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unspawned").field("handle", &self.handle).finish_non_exhaustive()
    }
}

impl<T, B> fmt::Display for Unspawned<T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {} that was not started", self.handle.label())
    }
}
