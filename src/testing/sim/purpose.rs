//! What a choice on the tape is for.

use core::fmt;

/// Each of its own, so that a tape that no longer fits can say what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    Task,
    SpuriousPoll,
    SpuriousTask,
    Cancel,
    Probe,
    Test,
    Entropy,
    Fault,
    Lateness,
    Blocking,
    Drift,
}

impl Purpose {
    /// Whether it is drawn from a range so wide that an exhaustive search takes both ends and the middle.
    pub(super) const fn is_wide(self) -> bool {
        matches!(self, Self::Entropy | Self::Lateness | Self::Blocking | Self::Drift)
    }
}

/// A choice that was to be made: what for, and among how many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) purpose: Purpose,
    pub(super) of: u32,
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.of;
        match self.purpose {
            Purpose::Task => write!(f, "which of {of} tasks runs"),
            Purpose::SpuriousPoll => f.write_str("whether a task is polled for nothing"),
            Purpose::SpuriousTask => write!(f, "which of {of} tasks is polled for nothing"),
            Purpose::Cancel => f.write_str("whether a task is cancelled"),
            Purpose::Probe => f.write_str("whether a lost wake-up is looked for"),
            Purpose::Test => write!(f, "which of {of} alternatives the test takes"),
            Purpose::Entropy => f.write_str("what the entropy says"),
            Purpose::Fault => f.write_str("whether there is a fault"),
            Purpose::Lateness => f.write_str("how late a sleep ends"),
            Purpose::Blocking => f.write_str("how long a closure blocks"),
            Purpose::Drift => f.write_str("how far a clock is off"),
        }
    }
}
