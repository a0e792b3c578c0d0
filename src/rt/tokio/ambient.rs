//! The tokio runtime this code runs in.

use super::sleep::{Sleep, State, from_tokio, is_usual};
use crate::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind};
use crate::sys::simulated;
use crate::time::{Clock, Instant, Timer};
use core::pin::Pin;
use core::time::Duration;
use tokio::runtime::Handle;

/// The tokio runtime that is around each call: no size, nothing to set up.
///
/// Outside of a runtime it tells the machine's time, refuses tasks as [`NoContext`](SpawnErrorKind::NoContext), and its sleeps panic at
/// their first poll. Where code may run outside, use [`TokioOn`](super::TokioOn).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::rt::tokio::Tokio;
/// use untether::spawn::SpawnExt;
/// use untether::time::{Timer, TimeoutExt};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// # runtime.block_on(async {
/// let task = Tokio.spawn_task(async { Tokio.sleep(Duration::from_millis(1)).await }).unwrap();
/// assert!(task.timeout(Duration::from_secs(5), Tokio).await.is_ok());
/// # });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tokio;

/// The one around this call.
fn runtime() -> Option<Handle> {
    simulated::assert_outside("rt::tokio");
    Handle::try_current().ok()
}

impl Clock for Tokio {
    fn now(&self) -> Instant {
        from_tokio(tokio::time::Instant::now())
    }
}

impl Timer for Tokio {
    type Sleep = Sleep;

    fn sleep_until(&self, deadline: Instant) -> Sleep {
        Sleep::new(*self, State::New(deadline), None)
    }

    fn start_sleep(&self, duration: Duration) -> Sleep {
        if !is_usual(duration) {
            return self.sleep(duration);
        }
        Sleep::new(*self, State::Fresh(duration), None)
    }

    fn reset(&self, sleep: Pin<&mut Sleep>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

impl Spawn for Tokio {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        match runtime() {
            Some(runtime) => drop(runtime.spawn(task)),
            None => return Err(SpawnError::new(SpawnErrorKind::NoContext, task)),
        }
        Ok(())
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match runtime() {
            Some(runtime) => drop(runtime.spawn(future)),
            None => return Err(SpawnError::new(SpawnErrorKind::NoContext, BoxTask::new(future))),
        }
        Ok(())
    }
}

impl SpawnBlocking for Tokio {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        match runtime() {
            Some(runtime) => drop(runtime.spawn_blocking(|| work.run())),
            None => return Err(SpawnError::new(SpawnErrorKind::NoContext, work)),
        }
        Ok(())
    }
}
