//! A tokio `LocalSet`.

use super::{Sleep, Tokio};
use crate::spawn::{BoxBlocking, LocalBoxTask, SpawnBlocking, SpawnError, SpawnErrorKind, SpawnLocal};
use crate::time::{Clock, Instant, Timer};
use alloc::rc::{Rc, Weak};
use core::pin::Pin;
use core::time::Duration;
use tokio::task::LocalSet;

/// The tokio runtime that is around each call, with tasks on a `LocalSet`, which need not be `Send`.
///
/// It does not keep the set alive, so a task may hold it: a task that held the set itself would keep itself alive. Once the set is gone
/// tasks are refused as [`Shutdown`](SpawnErrorKind::Shutdown).
///
/// # Examples
/// ```
/// use std::rc::Rc;
/// use untether::rt::tokio::TokioLocal;
/// use untether::spawn::SpawnExt;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// # runtime.block_on(async {
/// let set = Rc::new(tokio::task::LocalSet::new());
/// let rt = TokioLocal::new(&set);
/// let stays = Rc::new(42);
/// let task = rt.spawn_local_task(async move { *stays }).unwrap();
/// assert_eq!(set.run_until(task).await.unwrap(), 42);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct TokioLocal(Weak<LocalSet>);

impl TokioLocal {
    /// Tasks go to `set`, which somebody has to drive.
    #[must_use]
    pub fn new(set: &Rc<LocalSet>) -> Self {
        Self(Rc::downgrade(set))
    }
}

impl Clock for TokioLocal {
    fn now(&self) -> Instant {
        Tokio.now()
    }
}

impl Timer for TokioLocal {
    type Sleep = Sleep;

    fn sleep_until(&self, deadline: Instant) -> Sleep {
        Tokio.sleep_until(deadline)
    }

    fn start_sleep(&self, duration: Duration) -> Sleep {
        Tokio.start_sleep(duration)
    }

    fn reset(&self, sleep: Pin<&mut Sleep>, deadline: Instant) {
        Tokio.reset(sleep, deadline);
    }
}

impl SpawnLocal for TokioLocal {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        match self.0.upgrade() {
            Some(set) => drop(set.spawn_local(task)),
            None => return Err(SpawnError::new(SpawnErrorKind::Shutdown, task)),
        }
        Ok(())
    }

    #[track_caller]
    fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        F: Future<Output = ()> + 'static,
    {
        match self.0.upgrade() {
            Some(set) => drop(set.spawn_local(future)),
            None => return Err(SpawnError::new(SpawnErrorKind::Shutdown, LocalBoxTask::new(future))),
        }
        Ok(())
    }
}

impl SpawnBlocking for TokioLocal {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        Tokio.spawn_blocking_boxed(work)
    }
}
