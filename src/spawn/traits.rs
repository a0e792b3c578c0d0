//! What an executor has to be able to do.

use super::{BoxBlocking, BoxTask, LocalBoxTask, SpawnError};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;

/// Starts tasks that may run on any thread.
///
/// `Ok` means that the task will be polled, or dropped: its drop is the report that it will never run. Object-safe; where the
/// executor is known, [`spawn`](Self::spawn) passes the future on without a box. Of the erased ones `Arc<dyn Spawn + Send + Sync>` is
/// itself a `Spawn`.
///
/// # Examples
/// An executor of one's own:
/// ```
/// use std::sync::Mutex;
/// use untether::spawn::{BoxTask, Spawn, SpawnError, SpawnErrorKind};
///
/// struct Bounded(Mutex<Vec<BoxTask>>);
///
/// impl Spawn for Bounded {
///     fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
///         let mut tasks = self.0.lock().unwrap();
///         if tasks.len() == 1 {
///             return Err(SpawnError::new(SpawnErrorKind::Full, task));
///         }
///         tasks.push(task);
///         Ok(())
///     }
/// }
///
/// let executor = Bounded(Mutex::new(Vec::new()));
/// assert!(executor.spawn(async {}).is_ok());
/// assert_eq!(executor.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::Full);
/// ```
pub trait Spawn {
    /// Starts a task that is boxed already.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back when it cannot be started.
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>>;

    /// Starts a task that runs by itself: it has no handle, and nobody can abort it or see it panic.
    /// [`SpawnExt::spawn_task`](super::SpawnExt::spawn_task) gives a [`Task`](super::Task). Executors that need no box override it.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back, boxed, when it cannot be started.
    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        Self: Sized,
        F: Future<Output = ()> + Send + 'static,
    {
        self.spawn_boxed(BoxTask::new(future))
    }

    /// Whether it makes use of a task's [`Label`](super::Label). A named task then comes boxed, with its label; else the label
    /// stays with the [`Task`](super::Task) alone and no box is made.
    fn wants_labels(&self) -> bool {
        false
    }
}

/// Starts tasks that stay on this thread: as [`Spawn`], for futures that are not `Send`.
pub trait SpawnLocal {
    /// Starts a task that is boxed already.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back when it cannot be started.
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>>;

    /// Starts a task that runs by itself: see [`Spawn::spawn`]. Executors that need no box override it.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back, boxed, when it cannot be started.
    #[track_caller]
    fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        Self: Sized,
        F: Future<Output = ()> + 'static,
    {
        self.spawn_local_boxed(LocalBoxTask::new(future))
    }

    /// As [`Spawn::wants_labels`].
    fn wants_local_labels(&self) -> bool {
        false
    }
}

/// Runs closures that block, where they hold up nobody else.
///
/// `Ok` means that the closure will be run, or dropped: its drop is the report that it never ran.
pub trait SpawnBlocking {
    /// Runs a closure that is boxed already.
    ///
    /// # Errors
    /// [`SpawnError`] hands the closure back when it cannot be run.
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>>;

    /// Runs a closure, without a handle: [`SpawnExt::spawn_blocking_task`](super::SpawnExt::spawn_blocking_task) gives one.
    /// What blocks a thread can bear a box, so there is nothing to override.
    ///
    /// # Errors
    /// [`SpawnError`] hands the closure back, boxed, when it cannot be run.
    #[track_caller]
    fn spawn_blocking<F>(&self, work: F) -> Result<(), SpawnError<BoxBlocking>>
    where
        Self: Sized,
        F: FnOnce() + Send + 'static,
    {
        self.spawn_blocking_boxed(BoxBlocking::new(work))
    }
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<S: Spawn> Spawn for $holder {
            fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
                (**self).spawn_boxed(task)
            }

            #[track_caller]
            fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
            where
                F: Future<Output = ()> + Send + 'static,
            {
                (**self).spawn(future)
            }

            fn wants_labels(&self) -> bool {
                (**self).wants_labels()
            }
        }

        impl<S: SpawnLocal> SpawnLocal for $holder {
            fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
                (**self).spawn_local_boxed(task)
            }

            #[track_caller]
            fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
            where
                F: Future<Output = ()> + 'static,
            {
                (**self).spawn_local(future)
            }

            fn wants_local_labels(&self) -> bool {
                (**self).wants_local_labels()
            }
        }

        impl<S: SpawnBlocking + ?Sized> SpawnBlocking for $holder {
            fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
                (**self).spawn_blocking_boxed(work)
            }
        }
    )*};
}

forward!(&S, Rc<S>, Arc<S>, Box<S>);

impl Spawn for Arc<dyn Spawn + Send + Sync> {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        (**self).spawn_boxed(task)
    }

    fn wants_labels(&self) -> bool {
        (**self).wants_labels()
    }
}
