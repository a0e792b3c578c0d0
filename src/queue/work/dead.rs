//! What becomes of a job that is not tried again.

use alloc::borrow::Cow;
use core::fmt;

/// A job that is not tried again. Found in [`WorkQueue::dead_letters`](super::WorkQueue::dead_letters).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct DeadLetter<T> {
    /// The job.
    pub item: T,
    /// How often it was leased.
    pub attempts: u32,
    /// Why it is not tried again.
    pub why: Why,
}

/// Why a job is not tried again.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Why {
    /// It was tried as often as it may be; or it failed after the queue was [ended](super::WorkQueue::close_now).
    Exhausted,
    /// Whoever had it leased said so.
    Rejected(Cow<'static, str>),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exhausted => f.write_str("no attempt is left"),
            Self::Rejected(reason) => write!(f, "rejected: {reason}"),
        }
    }
}
