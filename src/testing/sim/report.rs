//! Where a task stood when a run failed.

use crate::spawn::Label;
use crate::time::Instant;
use core::fmt;

/// Where a task stood when a run failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TaskReport {
    /// Who it is.
    pub label: Label,
    /// How often it was polled.
    pub polls: u32,
    /// Since when it waits: its last poll, or when it was spawned.
    pub since: Instant,
    /// Its last wake that counted, or how it was spawned.
    pub woken: LastWake,
    /// Whether it is ready: it was woken and not polled since.
    pub ready: bool,
    /// How many wakes came through a waker of an earlier poll and were ignored: a future keeps an old waker.
    pub stale_wakes: u32,
    /// The deadline it registered last, if it lies ahead.
    pub sleeps_until: Option<Instant>,
}

/// How a task became ready the last time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LastWake {
    /// By whom.
    pub by: WokenBy,
    /// When.
    pub at: Instant,
    /// Before which of its polls, counted from 1. Before the first: that was when it was spawned.
    pub before_poll: u32,
}

/// Who made a task ready.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WokenBy {
    /// A task, while it was polled or dropped; the test itself is the task "main".
    Task(Label),
    /// A timer whose deadline had come.
    Timer,
    /// The end of [`Sim::idle`](super::Sim::idle).
    Idle,
    /// Nobody in the run: it began, or another thread was it.
    Outside,
}

impl fmt::Display for TaskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, polled {} times, ", self.label, self.polls)?;
        match self.ready {
            true => write!(f, "ready since {:?}", self.woken.at)?,
            false => write!(f, "waits since {:?}", self.since)?,
        }
        match &self.woken {
            LastWake { by: WokenBy::Outside, before_poll: 1, .. } => {}
            LastWake { by, at, before_poll: 1 } => write!(f, ", spawned by {by} at {at:?}")?,
            LastWake { by, at, before_poll } => {
                write!(f, ", last woken by {by} at {at:?} before poll {before_poll}")?;
            }
        }
        if self.stale_wakes > 0 {
            write!(f, ", {} wakes came through a stale waker", self.stale_wakes)?;
        }
        if let Some(until) = self.sleeps_until {
            write!(f, ", sleeps until {until:?}")?;
        }
        Ok(())
    }
}

impl fmt::Display for WokenBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(label) => label.fmt(f),
            Self::Timer => f.write_str("a timer"),
            Self::Idle => f.write_str("the end of its idle wait"),
            Self::Outside => f.write_str("nobody in the run"),
        }
    }
}
