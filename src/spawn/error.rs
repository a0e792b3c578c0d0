//! Why a task was not started, with the task.

use crate::sys::exclusive::Exclusive;
use core::error::Error;
use core::fmt;

/// A task could not be started: why, and the task.
///
/// `Send + Sync` although a task is only `Send`, so that it passes through `?`. For a task that stays on its thread, which is not even
/// `Send`, drop the task first: `error.map(drop)`.
///
/// # Examples
/// ```
/// use untether::rt::local::Local;
/// use untether::spawn::{Spawn, SpawnErrorKind};
///
/// let local = Local::new();
/// let spawner = local.spawner();
/// drop(local);
/// let error = spawner.spawn(async {}).unwrap_err();
/// assert_eq!(error.kind(), SpawnErrorKind::Shutdown);
/// let task = error.into_task();
/// # drop(task);
/// ```
pub struct SpawnError<T> {
    kind: SpawnErrorKind,
    task: Exclusive<T>,
}

/// Why a task could not be started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SpawnErrorKind {
    /// It was spawned outside of the runtime that should run it.
    NoContext,
    /// The executor is gone or going.
    Shutdown,
    /// The executor has no room now.
    Full,
    /// The operating system refused a thread.
    NoThread,
    /// This runtime cannot run tasks of this sort.
    Unsupported,
}

impl<T> SpawnError<T> {
    /// For executors: refuses a task and hands it back.
    #[must_use]
    pub const fn new(kind: SpawnErrorKind, task: T) -> Self {
        Self { kind, task: Exclusive::new(task) }
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> SpawnErrorKind {
        self.kind
    }

    /// The task.
    #[must_use]
    pub fn into_task(self) -> T {
        self.task.into_inner()
    }

    /// The same error around another form of the task.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> SpawnError<U> {
        SpawnError::new(self.kind, change(self.task.into_inner()))
    }
}

impl<T> fmt::Debug for SpawnError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnError").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SpawnError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            SpawnErrorKind::NoContext => "spawning outside of a runtime",
            SpawnErrorKind::Shutdown => "spawning on an executor that was shut down",
            SpawnErrorKind::Full => "spawning on an executor that is full",
            SpawnErrorKind::NoThread => "spawning needs a thread and the system refused it",
            SpawnErrorKind::Unsupported => "spawning what this runtime cannot run",
        })
    }
}

impl<T> Error for SpawnError<T> {}
