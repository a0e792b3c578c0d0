//! The executor that smol brings.

use super::NAME;
use crate::rt::async_io::timer_on_async_io;
use crate::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError};
use crate::sys::simulated;

/// Smol's global executor: no size, nothing to set up.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::rt::smol::Smol;
/// use untether::spawn::SpawnExt;
/// use untether::time::{Timer, TimeoutExt};
///
/// smol::block_on(async {
///     let task = Smol.spawn_task(Smol.sleep(Duration::from_millis(1))).unwrap();
///     assert!(task.timeout(Duration::from_secs(5), Smol).await.is_ok());
/// });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Smol;

timer_on_async_io!(Smol);

impl Spawn for Smol {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        simulated::assert_outside(NAME);
        smol::spawn(task).detach();
        Ok(())
    }

    #[track_caller]
    fn spawn<F>(&self, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        simulated::assert_outside(NAME);
        smol::spawn(future).detach();
        Ok(())
    }
}

impl SpawnBlocking for Smol {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        simulated::assert_outside(NAME);
        smol::unblock(|| work.run()).detach();
        Ok(())
    }
}
