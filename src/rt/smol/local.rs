//! An executor of one's own, for one thread.

use super::{NAME, Smol};
use crate::rt::async_io::timer_on_async_io;
use crate::spawn::{BoxBlocking, LocalBoxTask, SpawnBlocking, SpawnError, SpawnErrorKind, SpawnLocal};
use crate::sys::simulated;
use alloc::rc::{Rc, Weak};
use async_executor::LocalExecutor;

/// A `LocalExecutor` of your own, whose tasks need not be `Send`. It does not keep it alive: see [`SmolOn`](super::SmolOn).
///
/// # Examples
/// ```
/// use std::rc::Rc;
/// use untether::rt::smol::SmolLocal;
/// use untether::spawn::SpawnExt;
///
/// let executor = Rc::new(smol::LocalExecutor::new());
/// let rt = SmolLocal::new(&executor);
/// let stays = Rc::new(42);
/// let task = rt.spawn_local_task(async move { *stays }).unwrap();
/// assert_eq!(smol::block_on(executor.run(task)).unwrap(), 42);
/// ```
#[derive(Clone, Debug)]
pub struct SmolLocal(Weak<LocalExecutor<'static>>);

impl SmolLocal {
    /// Tasks go to `executor`, which somebody has to run.
    #[must_use]
    pub fn new(executor: &Rc<LocalExecutor<'static>>) -> Self {
        Self(Rc::downgrade(executor))
    }

    fn start<F: Future<Output = ()> + 'static>(&self, future: F) -> Result<(), F> {
        simulated::assert_outside(NAME);
        match self.0.upgrade() {
            Some(executor) => executor.spawn(future).detach(),
            None => return Err(future),
        }
        Ok(())
    }
}

timer_on_async_io!(SmolLocal);

impl SpawnLocal for SmolLocal {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        self.start(task).map_err(|task| SpawnError::new(SpawnErrorKind::Shutdown, task))
    }

    #[track_caller]
    fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        F: Future<Output = ()> + 'static,
    {
        match self.start(future) {
            Ok(()) => Ok(()),
            Err(future) => Err(SpawnError::new(SpawnErrorKind::Shutdown, LocalBoxTask::new(future))),
        }
    }
}

impl SpawnBlocking for SmolLocal {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        Smol.spawn_blocking_boxed(work)
    }
}
