//! How a job fares, and how its runs end.

use crate::time::Instant;
use alloc::borrow::Cow;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// How a job fares at one moment. Of [`JobHandle::status`](super::JobHandle::status).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Status {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it is at.
    pub state: State,
    /// How many runs are going on.
    pub running: usize,
    /// How many have ended, well or not.
    pub runs: u64,
    /// How many of those did not end well.
    pub failures: u64,
    /// How many failed since the last that went well.
    pub failures_in_a_row: u64,
    /// How many beats came while it was running, or were seen too late, and had no run. Those of the run that is going on are counted at
    /// its end; those that pass while it is paused or backs off are not counted.
    pub skipped: u64,
    /// The run that ended last.
    pub last: Option<LastRun>,
    /// When the next run is due; it may have passed, while one is going on. `None` if only the end of a run says so, and for a job that is
    /// paused, stopping or stopped.
    pub next_due: Option<Instant>,
}

/// What a job is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum State {
    /// It waits for its next run.
    Waiting,
    /// The last run failed, and it waits as its schedule says.
    BackingOff,
    /// It is running.
    Running,
    /// It waits for [`resume`](super::JobHandle::resume).
    Paused,
    /// It was stopped, and a run is still going on.
    Stopping,
    /// It is over.
    Stopped,
}

/// How the last run ended.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct LastRun {
    /// Well, or not.
    pub result: Result<(), RunError>,
    /// When.
    pub ended: Instant,
    /// How long it took.
    pub took: Duration,
}

/// Why a run did not end well, or did not begin.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The job gave an error, which said this.
    Failed(Arc<str>),
    /// It took longer than its [`timeout`](super::JobBuilder::timeout), and was dropped.
    TimedOut(Duration),
    /// It panicked, and said this. Never without `std`, where a panic is the end of the program.
    Panicked(Arc<str>),
    /// It was dropped before it ended: aborted, or its executor went away.
    Aborted,
    /// It did not begin: another one is going on, and [`Overlap`](super::Overlap) does not let it wait.
    Busy,
    /// It did not begin: the job is stopping, or over.
    Stopped,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => f.write_str(error),
            Self::TimedOut(after) => write!(f, "timed out after {after:?}"),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::Aborted => f.write_str("aborted"),
            Self::Busy => f.write_str("not begun, for a run is going on"),
            Self::Stopped => f.write_str("not begun, for the job is stopped"),
        }
    }
}

impl Error for RunError {}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Waiting => "waiting",
            Self::BackingOff => "backing off",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
        })
    }
}

/// `cleanup: waiting, 12 runs, 2 failed, 1 skipped; last: disk full`
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, state, runs, failures, skipped, .. } = self;
        write!(f, "{name}: {state}, {runs} runs, {failures} failed, {skipped} skipped")?;
        match self.last.as_ref().map(|last| &last.result) {
            Some(Err(error)) => write!(f, "; last: {error}"),
            _ => Ok(()),
        }
    }
}
