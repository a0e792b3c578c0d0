//! What went wrong in a run, told so that it can be mended.

use super::kind::FailureKind;
use super::report::TaskReport;
use super::tape::Tape;
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
    /// How the tape was made smaller; then all that is told here is of the run with the smaller tape. `None` where that was not
    /// tried: on a replay, with [`unshrunk`](super::Check::unshrunk), and where it is not the schedule that fails.
    pub shrunk: Option<Shrunk>,
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

/// What a shell takes, and a reader bears.
const LONGEST_LINE: usize = 4_096;

/// How a tape was made smaller: by runs that failed in the same way.
///
/// That is with the same [kind](FailureKind); in a panic and a lost wake-up also of the same task, and in a panic with the same
/// message, but for the numbers in them. A thousand runs at most are spent on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Shrunk {
    /// How many choices there were before.
    pub from: usize,
    /// How many runs it took.
    pub runs: u64,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.kind)?;
        writeln!(f, "  in schedule {} at {:?}", self.schedules, self.now)?;
        match self.replay_line() {
            line if line.len() <= LONGEST_LINE => writeln!(f, "  to replay it: {line}")?,
            _ => writeln!(f, "  its tape of {} choices is too long for a line", self.tape.choices().len())?,
        }
        if let Some(Shrunk { from, runs }) = self.shrunk {
            let to = self.tape.choices().len();
            writeln!(f, "  shrunk from {from} choices to {to} in {runs} runs")?;
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
    /// A failure that is of no task.
    pub(super) fn without_tasks(kind: FailureKind, tape: Tape) -> Box<Self> {
        let (tasks, timers, now) = (Vec::new(), Vec::new(), Instant::from_nanos(0));
        Box::new(Self { kind, tape, shrunk: None, seed: None, schedules: 0, now, tasks, timers })
    }

    /// The command that plays this run again, for a shell.
    #[must_use]
    pub fn replay_line(&self) -> String {
        // Under the test runner the thread has the name of the test.
        let test = host::thread_name().filter(|name| name != "main").unwrap_or_default();
        alloc::format!("UNTETHER_TAPE='{}' cargo test --all-features {test} -- --exact", self.tape)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Failure {}
