//! Why a job was not put in, or is not yours any more.

use core::error::Error;
use core::fmt;

/// Why a job was not put in. Each gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushError<T> {
    /// There are as many as there may be, or somebody waits for room, and the caller does not wait.
    Full(T),
    /// The queue was closed.
    Closed(T),
}

impl<T> PushError<T> {
    /// The job.
    pub fn into_inner(self) -> T {
        match self {
            Self::Full(job) | Self::Closed(job) => job,
        }
    }
}

impl<T> fmt::Debug for PushError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> fmt::Display for PushError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "putting a job into a queue that is full",
            Self::Closed(_) => "putting a job into a queue that was closed",
        })
    }
}

impl<T> Error for PushError<T> {}

/// The lease has run out: the job is tried again, or was already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LeaseLost(pub(super) ());

impl fmt::Display for LeaseLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lease of the job has run out")
    }
}

impl Error for LeaseLost {}

/// Why no job was leased at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
#[repr(usize)] // a byte beside a job would be copied piecemeal, and be waited for
pub enum TryLeaseError {
    /// None is ready, or those who wait come first.
    NoneReady,
    /// There will be none any more.
    Closed,
}

impl fmt::Display for TryLeaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoneReady => "no job is ready",
            Self::Closed => "leasing from a queue that was closed and has no jobs",
        })
    }
}

impl Error for TryLeaseError {}
