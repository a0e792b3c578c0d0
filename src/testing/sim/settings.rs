//! How the runs of a check go.

/// How every run of a [`Check`](super::Check) goes.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) fresh_wakers: bool,
    pub(super) spurious_polls: bool,
    pub(super) max_polls: u64,
    /// The name of the tasks that are cancelled.
    pub(super) cancel: Option<&'static str>,
    /// Whether the panic of a task that nobody awaits fails the run.
    pub(super) unseen_panics_fail: bool,
    /// Whether the tape of a run that failed is made smaller.
    pub(super) shrinks: bool,
}

impl Settings {
    pub(super) const DEFAULT: Self = Self {
        fresh_wakers: true,
        spurious_polls: false,
        max_polls: 1_000_000,
        cancel: None,
        unseen_panics_fail: true,
        shrinks: true,
    };
}
