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
/// let task = error.into_inner();
/// # drop(task);
/// ```
#[must_use = "dropping it drops the task"]
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
    pub fn into_inner(self) -> T {
        self.task.into_inner()
    }

    /// The same error around another form of the task.
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
        fmt::Display::fmt(&self.kind, f)
    }
}

impl fmt::Display for SpawnErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoContext => "spawning outside of a runtime",
            Self::Shutdown => "spawning on an executor that was shut down",
            Self::Full => "spawning on an executor that is full",
            Self::NoThread => "spawning needs a thread and the system refused it",
            Self::Unsupported => "spawning what this runtime cannot run",
        })
    }
}

impl Error for SpawnErrorKind {}

impl<T> Error for SpawnError<T> {}
