//! A runtime without a type parameter.

use super::{BoxBlocking, BoxTask, Runtime, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind};
use crate::time::{AnySleep, AnyTimer, Clock, Instant, Timer};
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::time::Duration;

/// Any [`Runtime`], with its type erased.
///
/// For a library whose public types should not be generic over the runtime: `Client` instead of `Client<R>`. Tasks and sleeps are
/// boxed, each once. Where a type parameter is no burden, use the runtime itself.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::spawn::{AnyRuntime, SpawnExt};
/// use untether::time::Timer;
///
/// struct Client {
///     rt: AnyRuntime,
/// }
/// # untether::rt::threads::block_on(|rt| async move {
/// let client = Client { rt: AnyRuntime::new(rt) };
/// let task = client.rt.spawn_task(async { "done" }).unwrap();
/// client.rt.sleep(Duration::from_millis(1)).await;
/// assert_eq!(task.await.unwrap(), "done");
/// # });
/// ```
#[derive(Clone)]
pub struct AnyRuntime {
    timer: AnyTimer,
    tasks: Arc<dyn Tasks + Send + Sync>,
}

impl AnyRuntime {
    /// Erases the type of a runtime that can run blocking closures as well.
    pub fn new<R: Runtime + SpawnBlocking>(rt: R) -> Self {
        Self { timer: AnyTimer::new(rt.clone()), tasks: Arc::new(rt) }
    }

    /// Erases the type of a runtime that has no threads to block. Blocking closures are refused with
    /// [`SpawnErrorKind::Unsupported`].
    pub fn without_blocking<R: Runtime>(rt: R) -> Self {
        Self { timer: AnyTimer::new(rt.clone()), tasks: Arc::new(NoBlocking(rt)) }
    }
}

trait Tasks: Spawn + SpawnBlocking {}

impl<R: Spawn + SpawnBlocking> Tasks for R {}

struct NoBlocking<R>(R);

impl<R: Spawn> Spawn for NoBlocking<R> {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0.spawn_boxed(task)
    }

    fn wants_labels(&self) -> bool {
        self.0.wants_labels()
    }
}

impl<R> SpawnBlocking for NoBlocking<R> {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        Err(SpawnError::new(SpawnErrorKind::Unsupported, work))
    }
}

impl Clock for AnyRuntime {
    fn now(&self) -> Instant {
        self.timer.now()
    }
}

impl Timer for AnyRuntime {
    type Sleep = AnySleep;

    fn sleep_until(&self, deadline: Instant) -> AnySleep {
        self.timer.sleep_until(deadline)
    }

    fn sleep(&self, duration: Duration) -> AnySleep {
        self.timer.sleep(duration)
    }

    fn reset(&self, sleep: Pin<&mut AnySleep>, deadline: Instant) {
        self.timer.reset(sleep, deadline);
    }
}

impl Spawn for AnyRuntime {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.tasks.spawn_boxed(task)
    }

    fn wants_labels(&self) -> bool {
        // A box is made in any case, so the label comes along for nothing.
        true
    }
}

impl SpawnBlocking for AnyRuntime {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        self.tasks.spawn_blocking_boxed(work)
    }
}

impl fmt::Debug for AnyRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyRuntime").finish_non_exhaustive()
    }
}
