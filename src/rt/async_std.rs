//! async-std 1, by what it stands on.
//!
//! | | implements | by |
//! |---|---|---|
//! | [`AsyncStd`] | `Clock`, `Timer`, `Spawn`, `SpawnLocal`, `SpawnBlocking`: a whole [`Runtime`](crate::spawn::Runtime) and a [`LocalRuntime`](crate::spawn::LocalRuntime) | async-global-executor 2 and async-io |
//!
//! async-std itself is no longer maintained and is not pulled in. These two are what its 1.x runs on, so an application on async-std
//! shares threads, timer and tasks with this adapter. If the first task of the program comes through here, the threads are configured by
//! async-global-executor's defaults and not by async-std's: its `ASYNC_STD_THREAD_COUNT` then says nothing.
//!
//! Time is async-io's and works anywhere; blocking closures run in the pool of the crate blocking, whose queue has no bound. Local tasks
//! run on the thread that spawned them, while that is in async-std's `block_on` or is one of its own.
//!
//! At the end: the executor runs as long as the program, and its tasks are not dropped when that ends; local ones are, with their
//! thread. A blocking closure that was started is finished.

use super::async_io::timer_on_async_io;
use crate::spawn::{BoxBlocking, BoxTask, LocalBoxTask, Spawn, SpawnBlocking, SpawnError, SpawnLocal};
use crate::sys::simulated;

pub use super::async_io::Sleep;

const NAME: &str = "rt::async_std";

/// The runtime of an async-std application: no size, nothing to set up.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::rt::async_std::AsyncStd;
/// use untether::spawn::SpawnExt;
/// use untether::time::{Timer, TimeoutExt};
///
/// # use async_global_executor as task;
/// task::block_on(async {
///     let task = AsyncStd.spawn_task(AsyncStd.sleep(Duration::from_millis(1))).unwrap();
///     assert!(task.timeout(Duration::from_secs(5), AsyncStd).await.is_ok());
/// });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AsyncStd;

timer_on_async_io!(AsyncStd);

impl Spawn for AsyncStd {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        simulated::assert_outside(NAME);
        async_global_executor::spawn(task).detach();
        Ok(())
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        simulated::assert_outside(NAME);
        async_global_executor::spawn(future).detach();
        Ok(())
    }
}

impl SpawnLocal for AsyncStd {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        simulated::assert_outside(NAME);
        async_global_executor::spawn_local(task).detach();
        Ok(())
    }

    #[track_caller]
    fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        F: Future<Output = ()> + 'static,
    {
        simulated::assert_outside(NAME);
        async_global_executor::spawn_local(future).detach();
        Ok(())
    }
}

impl SpawnBlocking for AsyncStd {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        async_global_executor::spawn_blocking(|| work.run()).detach();
        Ok(())
    }
}
