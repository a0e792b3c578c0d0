//! Time and tasks as one value.

use super::{BoxBlocking, BoxTask, LocalBoxTask, Spawn, SpawnBlocking, SpawnError, SpawnLocal};
use crate::time::{Clock, Instant, Timer};
use core::pin::Pin;
use core::time::Duration;

/// A timer and a spawner in one value that goes wherever tasks go.
///
/// The bound for code that starts tasks which wait. It implies everything such code needs of its parts, so that nothing has to be
/// repeated. Implemented for every type that qualifies: the adapters in [`rt`](crate::rt), [`Parts`], [`AnyRuntime`](super::AnyRuntime),
/// the simulator.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::spawn::{Runtime, SpawnExt, Started};
///
/// fn later<R: Runtime>(rt: &R) -> Started<u32> {
///     let timer = rt.clone();
///     rt.spawn_task(async move {
///         timer.sleep(Duration::from_millis(1)).await;
///         7
///     })
/// }
/// # untether::rt::threads::block_on(|rt| async move { assert_eq!(later(&rt).unwrap().await.unwrap(), 7) });
/// ```
pub trait Runtime: Timer<Sleep: Send + 'static> + Spawn + Clone + Send + Sync + 'static {}

impl<R: Timer<Sleep: Send + 'static> + Spawn + Clone + Send + Sync + 'static> Runtime for R {}

/// A timer and a spawner of tasks that stay on one thread.
pub trait LocalRuntime: Timer<Sleep: 'static> + SpawnLocal + Clone + 'static {}

impl<R: Timer<Sleep: 'static> + SpawnLocal + Clone + 'static> LocalRuntime for R {}

/// Joins any timer with any spawner.
///
/// # Examples
/// ```
/// use untether::rt::local::Local;
/// use untether::spawn::{LocalRuntime, Parts};
///
/// fn needs_a_local_runtime(rt: impl LocalRuntime) {}
///
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// let local = Local::new();
/// let threads = untether::rt::threads::Threads::new()?;
/// needs_a_local_runtime(Parts { timer: threads, spawn: local.local_spawner() });
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts<T, S> {
    /// Waits.
    pub timer: T,
    /// Starts tasks.
    pub spawn: S,
}

impl<T: Clock, S> Clock for Parts<T, S> {
    fn now(&self) -> Instant {
        self.timer.now()
    }
}

impl<T: Timer, S> Timer for Parts<T, S> {
    type Sleep = T::Sleep;

    fn sleep_until(&self, deadline: Instant) -> T::Sleep {
        self.timer.sleep_until(deadline)
    }

    fn sleep(&self, duration: Duration) -> T::Sleep {
        self.timer.sleep(duration)
    }

    fn start_sleep(&self, duration: Duration) -> T::Sleep {
        self.timer.start_sleep(duration)
    }

    fn reset(&self, sleep: Pin<&mut T::Sleep>, deadline: Instant) {
        self.timer.reset(sleep, deadline);
    }
}

impl<T, S: Spawn> Spawn for Parts<T, S> {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.spawn.spawn_boxed(task)
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.spawn.spawn(future)
    }

    fn wants_labels(&self) -> bool {
        self.spawn.wants_labels()
    }
}

impl<T, S: SpawnLocal> SpawnLocal for Parts<T, S> {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        self.spawn.spawn_local_boxed(task)
    }

    #[track_caller]
    fn spawn_local<F>(&self, future: F) -> Result<(), SpawnError<LocalBoxTask>>
    where
        F: Future<Output = ()> + 'static,
    {
        self.spawn.spawn_local(future)
    }

    fn wants_local_labels(&self) -> bool {
        self.spawn.wants_local_labels()
    }
}

impl<T, S: SpawnBlocking> SpawnBlocking for Parts<T, S> {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        self.spawn.spawn_blocking_boxed(work)
    }
}
