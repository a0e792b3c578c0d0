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
    /// By whom it was woken last, or spawned. `None`: by a timer or by the test itself.
    pub woken_by: Option<Label>,
    /// How many wakes came through a waker of an earlier poll and were ignored: a future keeps an old waker.
    pub stale_wakes: u32,
    /// The deadline it registered last, if it lies ahead.
    pub sleeps_until: Option<Instant>,
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
