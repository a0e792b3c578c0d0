//! The value that owns the threads.

use super::pool::Pool;
use super::timer_thread::TimerThread;
use crate::rt::monotonic;
use crate::spawn::{BoxBlocking, SpawnBlocking, SpawnError};
use crate::sys::simulated;
use crate::time::{Clock, Driver, DriverSleep, Instant, Timer, WakeKey};
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::pin::Pin;
use core::task::Waker;
use std::io;
use std::time;

/// Time and blocking work on threads of its own: one for the timer, and up to four, unless built otherwise, for closures that block.
///
/// Clones share them; the last one takes them along. Sleeps hold a clone.
///
/// # Memory
/// Blocking threads are started when they are needed and stay until the end. A sleep that is polled takes a place in one queue.
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use core::time::Duration;
/// use untether::rt::threads::Threads;
/// use untether::spawn::SpawnExt;
/// use untether::time::Timer;
///
/// let threads = Threads::new()?;
/// let answer = threads.block_on(|rt| async move {
///     let computed = rt.spawn_blocking_task(|| 6 * 7).expect("the pool has room");
///     rt.sleep(Duration::from_millis(1)).await;
///     computed.await.expect("it does not panic")
/// });
/// assert_eq!(answer, 42);
/// # Ok(()) }
/// ```
#[doc(alias = "ThreadPoolExecutor")]
#[derive(Clone)]
pub struct Threads(Arc<Owner>);

/// Ends the threads, which hold only what they work on.
struct Owner {
    timer: Arc<TimerThread>,
    pool: Arc<Pool>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.timer.stop();
        self.pool.stop();
    }
}

impl Threads {
    /// Starts the timer thread; blocking threads are started when they are needed.
    ///
    /// # Errors
    /// [`StartError`] if the system refuses the thread.
    pub fn new() -> Result<Self, StartError> {
        Self::builder().build()
    }

    /// Sizes other than the usual.
    pub const fn builder() -> ThreadsBuilder {
        ThreadsBuilder { blocking_threads: 4, blocking_queue: 1_000, stack_size: None }
    }

    /// What its threads are at, now.
    #[must_use]
    pub fn stats(&self) -> ThreadsStats {
        self.0.pool.stats(self.0.timer.sleepers())
    }

    /// The moment of this clock that is `instant` on std's.
    #[must_use]
    pub fn instant_from_std(instant: time::Instant) -> Instant {
        monotonic::from_std(instant)
    }

    /// The moment of std's clock that is `instant` on this one. `None` for never.
    #[must_use]
    pub fn instant_to_std(instant: Instant) -> Option<time::Instant> {
        monotonic::to_std(instant)
    }
}

/// What the threads of a [`Threads`] are at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ThreadsStats {
    /// Sleeps that are registered.
    pub sleepers: usize,
    /// Threads for closures that block, started so far.
    pub blocking_threads: usize,
    /// Of these, how many run no closure.
    pub idle: usize,
    /// Closures that have come and not begun.
    pub waiting: usize,
}

/// Sizes of a [`Threads`].
#[derive(Clone, Debug)]
#[must_use = "a builder starts nothing by itself"]
pub struct ThreadsBuilder {
    blocking_threads: usize,
    blocking_queue: usize,
    stack_size: Option<usize>,
}

impl ThreadsBuilder {
    /// At most so many threads for closures that block. 4 by default; with 0 every closure is refused as
    /// [`Full`](crate::spawn::SpawnErrorKind::Full).
    #[doc(alias = "max_workers")]
    pub const fn blocking_threads(mut self, threads: usize) -> Self {
        self.blocking_threads = threads;
        self
    }

    /// At most so many closures waiting for a thread. 1,000 by default; one more is refused as
    /// [`Full`](crate::spawn::SpawnErrorKind::Full).
    pub const fn blocking_queue(mut self, closures: usize) -> Self {
        self.blocking_queue = closures;
        self
    }

    /// The stack of each thread in bytes. Std's default unless given.
    pub const fn stack_size(mut self, bytes: usize) -> Self {
        self.stack_size = Some(bytes);
        self
    }

    /// Starts the timer thread.
    ///
    /// # Errors
    /// [`StartError`] if the system refuses the thread.
    pub fn build(self) -> Result<Threads, StartError> {
        let timer = TimerThread::start(self.stack_size).map_err(StartError)?;
        let pool = Pool::new(self.blocking_threads, self.blocking_queue, self.stack_size);
        Ok(Threads(Arc::new(Owner { timer, pool })))
    }
}

impl Clock for Threads {
    fn now(&self) -> Instant {
        monotonic::now()
    }
}

impl Driver for Threads {
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        simulated::assert_outside("rt::threads");
        self.0.timer.schedule(at, key, waker);
    }

    fn cancel(&self, key: &mut WakeKey) {
        self.0.timer.cancel(key);
    }
}

impl Timer for Threads {
    type Sleep = DriverSleep<Self>;

    fn sleep_until(&self, deadline: Instant) -> DriverSleep<Self> {
        DriverSleep::new(self.clone(), deadline)
    }

    fn start_sleep(&self, duration: time::Duration) -> DriverSleep<Self> {
        DriverSleep::started(self.clone(), duration)
    }

    fn reset(&self, mut sleep: Pin<&mut DriverSleep<Self>>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

impl SpawnBlocking for Threads {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        self.0.pool.push(work)
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

/// The system refused a thread.
#[derive(Debug)]
pub struct StartError(io::Error);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system refused to start a thread")
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
