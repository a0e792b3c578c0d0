//! The executors that speak futures-rs: `ThreadPool`, `LocalPool`, `FuturesUnordered`, or one of a library's own.
//!
//! | | implements | by |
//! |---|---|---|
//! | [`Futures`] | `Spawn` | any [`futures_util::task::Spawn`] |
//! | | `SpawnLocal` | any [`futures_util::task::LocalSpawn`] |
//!
//! There is no time in futures-rs: [`Parts`](crate::spawn::Parts) joins it with any timer.
//!
//! At the end: an executor that says that it is shut down hands the task back as [`Shutdown`](SpawnErrorKind::Shutdown). One that refuses a
//! task only when it has got it drops it, and the drop is the report.

use crate::spawn::{BoxTask, LocalBoxTask, Spawn, SpawnError, SpawnErrorKind, SpawnLocal};
use alloc::boxed::Box;
use futures_util::task::{self, FutureObj, LocalFutureObj, LocalSpawn};

/// A spawner of futures-rs as one of ours.
///
/// # Examples
/// ```
/// use futures_util::FutureExt;
/// use futures_util::task::{FutureObj, Spawn, SpawnError};
/// use untether::rt::futures::Futures;
/// use untether::spawn::SpawnExt;
///
/// struct AtOnce; // an executor for tasks that never wait
/// impl Spawn for AtOnce {
///     fn spawn_obj(&self, task: FutureObj<'static, ()>) -> Result<(), SpawnError> {
///         task.now_or_never().ok_or(SpawnError::shutdown())
///     }
/// }
/// let task = Futures(AtOnce).spawn_task(async { 42 }).unwrap();
/// assert_eq!(task.now_or_never().unwrap().unwrap(), 42);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Futures<S>(pub S);

impl<S: task::Spawn> Spawn for Futures<S> {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        if self.0.status().is_err() {
            return Err(SpawnError::new(SpawnErrorKind::Shutdown, task));
        }
        let _dropped_if_refused = self.0.spawn_obj(FutureObj::new(task.into_inner()));
        Ok(())
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.0.status().is_err() {
            return Err(SpawnError::new(SpawnErrorKind::Shutdown, BoxTask::new(future)));
        }
        let _dropped_if_refused = self.0.spawn_obj(FutureObj::new(Box::new(future)));
        Ok(())
    }
}

impl<S: LocalSpawn> SpawnLocal for Futures<S> {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        if self.0.status_local().is_err() {
            return Err(SpawnError::new(SpawnErrorKind::Shutdown, task));
        }
        let _dropped_if_refused = self.0.spawn_local_obj(LocalFutureObj::new(task.into_inner()));
        Ok(())
    }

    #[track_caller]
    fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        F: Future<Output = ()> + 'static,
    {
        if self.0.status_local().is_err() {
            return Err(SpawnError::new(SpawnErrorKind::Shutdown, LocalBoxTask::new(future)));
        }
        let _dropped_if_refused = self.0.spawn_local_obj(LocalFutureObj::new(Box::new(future)));
        Ok(())
    }
}
