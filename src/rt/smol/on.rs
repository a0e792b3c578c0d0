//! An executor of one's own.

use super::{NAME, Smol};
use crate::rt::async_io::timer_on_async_io;
use crate::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind};
use crate::sys::simulated;
use alloc::sync::{Arc, Weak};
use async_executor::Executor;

/// An executor of your own, whether smol or async-executor showed it to you. It does not keep it alive, so a task may hold it: a task that held its executor would keep itself alive.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use untether::rt::smol::SmolOn;
/// use untether::spawn::SpawnExt;
///
/// let executor = Arc::new(smol::Executor::new());
/// let rt = SmolOn::new(&executor);
/// let task = rt.spawn_task(async { 42 }).unwrap();
/// assert_eq!(smol::block_on(executor.run(task)).unwrap(), 42);
/// ```
#[derive(Clone, Debug)]
pub struct SmolOn(Of);

#[derive(Clone, Debug)]
enum Of {
    Shared(Weak<Executor<'static>>),
    Static(&'static Executor<'static>),
}

impl SmolOn {
    /// Tasks go to `executor`, which somebody has to run.
    #[must_use]
    pub fn new(executor: &Arc<Executor<'static>>) -> Self {
        Self(Of::Shared(Arc::downgrade(executor)))
    }

    /// As [`new`](Self::new), for an executor that lives as long as the program.
    #[must_use]
    pub const fn from_static(executor: &'static Executor<'static>) -> Self {
        Self(Of::Static(executor))
    }

    /// Starts what fits the executor, or hands it back if that is gone.
    fn start<F: Future<Output = ()> + Send + 'static>(&self, future: F) -> Result<(), F> {
        simulated::assert_outside(NAME);
        match &self.0 {
            Of::Static(executor) => executor.spawn(future).detach(),
            Of::Shared(executor) => match executor.upgrade() {
                Some(executor) => executor.spawn(future).detach(),
                None => return Err(future),
            },
        }
        Ok(())
    }
}

timer_on_async_io!(SmolOn);

impl Spawn for SmolOn {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.start(task).map_err(|task| SpawnError::new(SpawnErrorKind::Shutdown, task))
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match self.start(future) {
            Ok(()) => Ok(()),
            Err(future) => Err(SpawnError::new(SpawnErrorKind::Shutdown, BoxTask::new(future))),
        }
    }
}

impl SpawnBlocking for SmolOn {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        Smol.spawn_blocking_boxed(work)
    }
}
