//! The handle of a job.

use super::cell::{Cell, Over};
use super::status::{RunError, Status};
use crate::sync::{Event, event, oneshot};
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// One job of a [`Background`](super::Background). Made by [`start`](super::Background::start) and [`get`](super::Background::get).
///
/// It is the `Background` that owns the job: dropping handles does nothing. A handle of a job that is over says so, and means that job also
/// when another one goes by its name.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::task::Background;
/// use untether::task::background::{RunError, State};
///
/// let background = Background::new(rt);
/// let report = || async { Err::<(), _>("no paper") };
/// let report = background.start("report", Duration::from_secs(3600), report).unwrap();
/// assert_eq!(report.run_now().await, Err(RunError::Failed("no paper".into())));
/// assert_eq!((report.status().runs, report.status().failures), (1, 1));
/// report.stop().await;
/// assert_eq!(report.status().state, State::Stopped);
/// # });
/// ```
#[derive(Clone)]
pub struct JobHandle {
    cell: Arc<Cell>,
}

impl JobHandle {
    pub(super) const fn new(cell: Arc<Cell>) -> Self {
        Self { cell }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.cell.name()
    }

    /// How it fares.
    #[must_use]
    pub fn status(&self) -> Status {
        self.cell.status()
    }

    /// Has it run now, beside its beat, also while it is paused or backs off. What becomes of that while it is running already says its
    /// [`Overlap`](super::Overlap).
    ///
    /// Awaited from within the job itself it never ends where [`Overlap::Wait`](super::Overlap::Wait) holds.
    ///
    /// # Cancel safety
    /// The run is asked for by this call. Dropping the future does not take that back.
    pub fn run_now(&self) -> RunNow {
        RunNow { answer: self.cell.wish_a_run() }
    }

    /// Lets no run begin with the beat until [`resume`](Self::resume). One that is going on goes on.
    pub fn pause(&self) {
        self.cell.wish(|wishes| wishes.pause = true);
    }

    /// Goes on with the next beat that lies ahead. Those that passed are not made up for.
    pub fn resume(&self) {
        self.cell.wish(|wishes| wishes.pause = false);
    }

    /// Stops the job: no run begins any more, and one that is going on ends by itself. The future waits for that; then the name is free.
    ///
    /// Awaited from within the job itself it never ends.
    ///
    /// # Cancel safety
    /// The stop is asked for by this call. Dropping the future does not take it back.
    pub fn stop(&self) -> Stop {
        self.cell.wish(|wishes| wishes.stop = true);
        Stop { over: Event::wait_owned(Over(self.cell.clone())) }
    }

    /// Stops the job, and has a run that is going on dropped in place of its next poll. [`stop`](Self::stop) waits until it is gone.
    pub fn abort(&self) {
        self.cell.wish(|wishes| wishes.abort = true);
    }
}

impl fmt::Debug for JobHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobHandle").field("name", self.cell.name()).finish_non_exhaustive()
    }
}

/// Waits for the end of a run, and says how it ended. Made by [`JobHandle::run_now`].
///
/// # Cancel safety
/// Dropping it does not take the run back.
/// # Errors
/// [`RunError`] if the run did not end well, or did not begin.
#[must_use = "a failure would be lost; the run has been asked for already"]
pub struct RunNow {
    answer: oneshot::Receiver<Result<(), RunError>>,
}

impl RunNow {
    waits!();
}

impl Future for RunNow {
    type Output = Result<(), RunError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.answer.poll_recv(cx).map(|answer| answer.unwrap_or(Err(RunError::Stopped)))
    }
}

impl fmt::Debug for RunNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunNow").finish_non_exhaustive()
    }
}

/// Waits until a job is over. Made by [`JobHandle::stop`]. Ready stays ready.
///
/// # Cancel safety
/// Dropping it does not take the stop back.
#[must_use = "futures do nothing unless polled; the stop has been asked for already"]
pub struct Stop {
    over: event::Wait<Over>,
}

impl Stop {
    waits!();
}

impl Future for Stop {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.over.poll_wait(cx)
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").finish_non_exhaustive()
    }
}
