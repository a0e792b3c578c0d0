//! A tokio runtime by its handle.

use super::sleep::{Sleep, State, begin, from_tokio, is_usual, to_tokio};
use crate::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError};
use crate::sys::simulated;
use crate::time::{Clock, Instant, Timer};
use core::pin::Pin;
use core::time::Duration;
use tokio::runtime::Handle;

/// The tokio runtime of a handle: it needs none around the call, so that threads and tasks of other runtimes can use it.
///
/// The handle does not keep the runtime alive. A current-thread runtime runs tasks and fires sleeps only while somebody is in its
/// `block_on`. Inside of the runtime [`Tokio`](super::Tokio) costs less: its clock needs not be entered.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::rt::tokio::TokioOn;
/// use untether::time::Timer;
///
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// let rt = TokioOn(runtime.handle().clone());
/// std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
/// // On another thread, by an executor that knows nothing of tokio:
/// untether::rt::threads::block_on(async |_| rt.sleep(Duration::from_millis(1)).await);
/// ```
#[derive(Clone, Debug)]
pub struct TokioOn(pub Handle);

impl TokioOn {
    /// Tokio registers nothing before the first poll, so the sleep may be made ahead, where its runtime is known.
    fn bound(&self, deadline: Instant) -> Option<tokio::time::Sleep> {
        if deadline.is_far_future() {
            return None;
        }
        simulated::assert_outside("rt::tokio");
        let _entered = self.0.enter();
        Some(tokio::time::sleep_until(to_tokio(deadline)))
    }
}

impl Clock for TokioOn {
    fn now(&self) -> Instant {
        let _entered = self.0.enter();
        from_tokio(tokio::time::Instant::now())
    }
}

impl Timer for TokioOn {
    type Sleep = Sleep<Self>;

    /// # Panics
    /// If the runtime was built without `enable_time`.
    fn sleep_until(&self, deadline: Instant) -> Sleep<Self> {
        Sleep::new(self.clone(), State::New(deadline), self.bound(deadline))
    }

    /// # Panics
    /// If the runtime was built without `enable_time`.
    fn start_sleep(&self, duration: Duration) -> Sleep<Self> {
        if !is_usual(duration) {
            return self.sleep(duration);
        }
        simulated::assert_outside("rt::tokio");
        let _entered = self.0.enter();
        Sleep::new(self.clone(), State::Armed, Some(begin(duration)))
    }

    fn reset(&self, mut sleep: Pin<&mut Sleep<Self>>, deadline: Instant) {
        if sleep.is_bound() {
            sleep.reset(deadline);
        } else {
            sleep.set(self.sleep_until(deadline));
        }
    }
}

impl Spawn for TokioOn {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        drop(self.0.spawn(task));
        Ok(())
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        drop(self.0.spawn(future));
        Ok(())
    }
}

impl SpawnBlocking for TokioOn {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        drop(self.0.spawn_blocking(|| work.run()));
        Ok(())
    }
}
