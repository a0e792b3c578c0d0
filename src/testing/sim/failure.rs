//! What went wrong in a run, told so that it can be mended.

use super::tape::Tape;
use crate::spawn::Label;
use crate::sys::host;
use crate::time::Instant;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

/// A run failed: how, on which tape, and where its tasks stood.
#[non_exhaustive]
pub struct Failure {
    /// What happened.
    pub kind: FailureKind,
    /// The choices that led there. [`Check::replay`](super::Check::replay) makes them again.
    pub tape: Tape,
    /// The seed of the schedule, if it was a random one.
    pub seed: Option<u64>,
    /// How many schedules were run, this one included.
    pub schedules: u64,
    /// When it happened.
    pub now: Instant,
    /// The tasks that had not ended.
    pub tasks: Vec<TaskReport>,
    /// The deadlines of all sleeps that were registered, earliest first.
    pub timers: Vec<Instant>,
}

/// How a run failed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum FailureKind {
    /// An assertion of the test, or a task that no handle watches.
    #[non_exhaustive]
    Panic {
        /// What it said.
        message: String,
        /// Which task it was in.
        task: Option<String>,
    },
    /// Tasks wait, no timer is registered, and polling them again changes nothing.
    Deadlock,
    /// A task waited for a wake that never came, and went on when it was polled without one.
    #[non_exhaustive]
    LostWakeup {
        /// Which one.
        task: String,
    },
    /// The run came to no end.
    #[non_exhaustive]
    Livelock {
        /// How often tasks were polled until it was given up.
        polls: u64,
        /// How often of these since the time moved last.
        since_time_moved: u64,
    },
    /// The tape says what cannot be chosen: it is of another test, or the test is not deterministic.
    #[non_exhaustive]
    TapeMisfit {
        /// Which choice of the tape, counted from 0.
        place: usize,
        /// What it says.
        choice: u32,
        /// How many alternatives there were.
        of: u32,
    },
    /// No task had the name of those that were to be cancelled.
    #[non_exhaustive]
    NobodyToCancel {
        /// The name.
        name: &'static str,
    },
}

/// Where a task stood when a run failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TaskReport {
    /// Who it is.
    pub label: Label,
    /// How often it was polled.
    pub polls: u32,
    /// By whom it was woken last, or spawned. `None`: by a timer or by the test itself.
    pub woken_by: Option<Label>,
    /// How many wakes came through a waker of an earlier poll and were ignored: a future keeps an old waker.
    pub stale_wakes: u32,
    /// The deadline it registered last, if it lies ahead.
    pub sleeps_until: Option<Instant>,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic { message, task: Some(task) } => write!(f, "panic in task {task}: {message}"),
            Self::Panic { message, task: None } => write!(f, "panic: {message}"),
            Self::Deadlock => f.write_str("deadlock: no task is ready and no timer is registered"),
            Self::LostWakeup { task } => {
                write!(f, "lost wake-up: task {task} could go on, and nobody woke it")
            }
            Self::Livelock { polls, since_time_moved } => write!(
                f,
                "livelock: no end after {polls} polls, {since_time_moved} of them since the time moved last"
            ),
            Self::TapeMisfit { place, choice, of } => write!(
                f,
                "the tape does not fit: its choice {place} is {choice} of {of}; \
                 it is of another test, or the test is not deterministic"
            ),
            Self::NobodyToCancel { name } => write!(f, "nobody to cancel: no task was named \"{name}\""),
        }
    }
}

/// What a shell takes, and a reader bears.
const LONGEST_LINE: usize = 4_096;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.kind)?;
        writeln!(f, "  in schedule {} at {:?}", self.schedules, self.now)?;
        match self.replay_line() {
            line if line.len() <= LONGEST_LINE => writeln!(f, "  to replay it: {line}")?,
            _ => writeln!(f, "  its tape of {} choices is too long for a line", self.tape.choices().len())?,
        }
        if let Some(seed) = self.seed {
            writeln!(f, "  its seed: UNTETHER_SEED={seed}")?;
        }
        writeln!(f, "  pending timers: {:?}", self.timers)?;
        f.write_str("  pending tasks:")?;
        self.tasks.iter().try_for_each(|task| write!(f, "\n    {task}"))
    }
}

impl Failure {
    pub(super) fn nobody_to_cancel(name: &'static str, schedules: u64) -> Box<Self> {
        let kind = FailureKind::NobodyToCancel { name };
        let (tape, tasks, timers) = (Tape::default(), Vec::new(), Vec::new());
        Box::new(Self { kind, tape, seed: None, schedules, now: Instant::from_nanos(0), tasks, timers })
    }

    /// The command that plays this run again, for a shell.
    #[must_use]
    pub fn replay_line(&self) -> String {
        // Under the test runner the thread has the name of the test.
        let test = host::thread_name().filter(|name| name != "main").unwrap_or_default();
        alloc::format!("UNTETHER_TAPE='{}' cargo test --all-features {test} -- --exact", self.tape)
    }
}

impl fmt::Display for TaskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, polled {} times", self.label, self.polls)?;
        if let Some(by) = &self.woken_by {
            write!(f, ", {} by {by}", if self.polls < 2 { "spawned" } else { "last woken" })?;
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

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Failure {}
