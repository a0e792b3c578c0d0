//! Why a call was not made.

use crate::sync::semaphore;
use core::error::Error;
use core::fmt;

/// Why waiting for a place ended without one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AcquireError {
    /// As many run as may, and as many wait as [may](super::Builder::queue).
    Full,
    /// As many ran as may, for longer than [`max_wait`](super::Builder::max_wait).
    TimedOut,
    /// The bulkhead was closed.
    Closed,
}

impl From<semaphore::AcquireError> for AcquireError {
    fn from(error: semaphore::AcquireError) -> Self {
        match error {
            semaphore::AcquireError::Closed => Self::Closed,
            // One permit is never too many.
            semaphore::AcquireError::QueueFull | semaphore::AcquireError::TooMany => Self::Full,
        }
    }
}

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the bulkhead is full",
            Self::TimedOut => "no place in the bulkhead came free in time",
            Self::Closed => "the bulkhead was closed",
        })
    }
}

impl Error for AcquireError {}

/// Why there is no place at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryAcquireError {
    /// As many run as may, or somebody waits for the place that is free.
    Full,
    /// The bulkhead was closed.
    Closed,
}

impl From<semaphore::TryAcquireError> for TryAcquireError {
    fn from(error: semaphore::TryAcquireError) -> Self {
        match error {
            semaphore::TryAcquireError::Closed => Self::Closed,
            semaphore::TryAcquireError::NoPermits => Self::Full,
        }
    }
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the bulkhead is full",
            Self::Closed => "the bulkhead was closed",
        })
    }
}

impl Error for TryAcquireError {}

/// An operation that was refused: it was not called. Gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rejected<F> {
    operation: F,
    reason: AcquireError,
}

impl<F> Rejected<F> {
    pub(super) const fn new(operation: F, reason: AcquireError) -> Self {
        Self { operation, reason }
    }

    /// Why.
    #[must_use]
    pub const fn reason(&self) -> AcquireError {
        self.reason
    }

    /// The operation, as it was given.
    #[must_use]
    pub fn into_inner(self) -> F {
        self.operation
    }
}

impl<F> fmt::Debug for Rejected<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl<F> fmt::Display for Rejected<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl<F> Error for Rejected<F> {}

/// For `?` where the operation is not wanted back.
impl<F> From<Rejected<F>> for AcquireError {
    fn from(rejected: Rejected<F>) -> Self {
        rejected.reason
    }
}

/// The number would be none that can run at once: 0, for which everybody would wait for ever, or more than
/// [`Semaphore::MAX_PERMITS`](crate::sync::Semaphore::MAX_PERMITS). Nothing was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConcurrencyError(pub(super) ());

impl fmt::Display for ConcurrencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bulkhead of no calls, or of more than can be counted")
    }
}

impl Error for ConcurrencyError {}
