//! In which ways a run fails.

use crate::time::Instant;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::mem::{self, Discriminant};
use core::time::Duration;

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
    /// Tasks wait for the time to move, and a [`HeldTime`](super::HeldTime) keeps it from moving.
    TimeHeld,
    /// The time would have moved further than [`Check::max_time`](super::Check::max_time) allows.
    #[non_exhaustive]
    TimeLimit {
        /// How far it may move.
        limit: Duration,
    },
    /// Tasks were still alive after the test had ended and everybody who was ready had run.
    #[non_exhaustive]
    TaskLeak {
        /// Which ones.
        tasks: Vec<String>,
    },
    /// A sleep was still registered after everything had been dropped: it was forgotten, or its key was dropped without a cancel.
    #[non_exhaustive]
    TimerLeak {
        /// Until when.
        deadline: Instant,
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
        /// What was to be chosen.
        asked: String,
    },
    /// The same choices led to another choice, or to another end, the second time: something decides that is not on the tape.
    #[non_exhaustive]
    NonDeterminism {
        /// The first choice that differs, counted from 0.
        place: usize,
        /// What was asked the first time, and which task was chosen.
        first: String,
        /// What was asked the second time.
        second: String,
    },
    /// No task had the name of those that were to be cancelled.
    #[non_exhaustive]
    NobodyToCancel {
        /// The name.
        name: &'static str,
    },
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
            Self::TimeHeld => f.write_str("deadlock: no task is ready, and the time is held"),
            Self::TimeLimit { limit } => write!(f, "time limit: no end within {limit:?} of virtual time"),
            Self::TaskLeak { tasks } => {
                write!(f, "task leak: alive after the end of the test: {}", tasks.join(", "))
            }
            Self::TimerLeak { deadline } => {
                write!(f, "timer leak: a sleep until {deadline:?} is registered after everything was dropped")
            }
            Self::TapeMisfit { place, choice, of, asked } => write!(
                f,
                "the tape does not fit: its choice {place}, {asked}, is {choice} of {of}; \
                 it is of another test, or the test is not deterministic"
            ),
            Self::NonDeterminism { place, first, second } => {
                write!(
                    f,
                    "not deterministic: choice {place} is {first} the first time, and {second} the second"
                )
            }
            Self::NobodyToCancel { name } => write!(f, "nobody to cancel: no task was named \"{name}\""),
        }
    }
}

impl FailureKind {
    /// What is the same in two runs that fail in the same way. `None` where it is not the schedule that fails.
    ///
    /// Of a panic and of a lost wake-up that is the whole text but for its numbers, the name and the line of the task included: another
    /// text is another bug. Of everything else it is the kind, since the rest is how much or for how long.
    pub(super) fn manner(&self) -> Option<(Discriminant<Self>, String)> {
        let text = match self {
            Self::Panic { .. } | Self::LostWakeup { .. } => self.to_string(),
            Self::Deadlock
            | Self::Livelock { .. }
            | Self::TimeHeld
            | Self::TimeLimit { .. }
            | Self::TaskLeak { .. }
            | Self::TimerLeak { .. } => String::new(),
            Self::TapeMisfit { .. } | Self::NonDeterminism { .. } | Self::NobodyToCancel { .. } => {
                return None;
            }
        };
        let without_numbers = text.chars().filter(|char| !char.is_ascii_digit()).collect();
        Some((mem::discriminant(self), without_numbers))
    }
}
