//! How the runs of a check go.

use core::time::Duration;

/// How every run of a [`Check`](super::Check) goes.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) fresh_wakers: bool,
    pub(super) spurious_polls: bool,
    pub(super) max_polls: u64,
    /// How far time may move.
    pub(super) max_time: Option<Duration>,
    /// The name of the tasks that are cancelled.
    pub(super) cancel: Option<&'static str>,
    /// Whether the panic of a task that nobody awaits fails the run.
    pub(super) unseen_panics_fail: bool,
    /// Whether a task that is alive after the end of the test fails the run.
    pub(super) leaks_fail: bool,
    /// Whether each schedule is run twice, and both must make the same choices.
    pub(super) twice: bool,
    /// Whether the tape of a run that failed is made smaller.
    pub(super) shrinks: bool,
    pub(super) faults: Faults,
}

/// What goes wrong on purpose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults {
    /// Whether [`Sim::buggify`](super::Sim::buggify) ever says yes.
    pub(super) buggify: bool,
    /// How late a sleep may end.
    pub(super) jitter: Duration,
    /// How long a blocking closure may take.
    pub(super) blocking: Duration,
}

impl Settings {
    pub(super) const DEFAULT: Self = Self {
        fresh_wakers: true,
        spurious_polls: false,
        max_polls: 1_000_000,
        max_time: None,
        cancel: None,
        unseen_panics_fail: true,
        leaks_fail: false,
        twice: false,
        shrinks: true,
        faults: Faults { buggify: false, jitter: Duration::ZERO, blocking: Duration::ZERO },
    };
}
