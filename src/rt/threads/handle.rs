//! What `block_on` passes to its body.

use super::Threads;
use crate::rt::local::Spawner;
use crate::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError};
use crate::time::{Clock, DriverSleep, Instant, Timer};
use core::pin::Pin;
use core::time::Duration;

/// A whole [`Runtime`](crate::spawn::Runtime): the timer and the pool of [`Threads`], and tasks on the thread that is in
/// [`block_on`](super::block_on).
///
/// It may be sent anywhere; its tasks run where `block_on` was called. Once that has returned they are refused.
#[derive(Clone, Debug)]
pub struct Handle {
    threads: Threads,
    spawner: Spawner,
}

impl Handle {
    pub(super) const fn new(threads: Threads, spawner: Spawner) -> Self {
        Self { threads, spawner }
    }
}

impl Clock for Handle {
    fn now(&self) -> Instant {
        self.threads.now()
    }
}

impl Timer for Handle {
    type Sleep = DriverSleep<Threads>;

    fn sleep_until(&self, deadline: Instant) -> DriverSleep<Threads> {
        self.threads.sleep_until(deadline)
    }

    fn start_sleep(&self, duration: Duration) -> DriverSleep<Threads> {
        self.threads.start_sleep(duration)
    }

    fn reset(&self, mut sleep: Pin<&mut DriverSleep<Threads>>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

impl Spawn for Handle {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.spawner.spawn_boxed(task)
    }
}

impl SpawnBlocking for Handle {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        self.threads.spawn_blocking_boxed(work)
    }
}
