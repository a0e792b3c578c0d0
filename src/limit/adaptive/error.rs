//! Why a call did not come in.

use crate::sync::semaphore;
use core::error::Error;
use core::fmt;

/// The limit was closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcquireError(pub(super) ());

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the limit was closed")
    }
}

impl Error for AcquireError {}

/// Why there is no place at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryAcquireError {
    /// As many are in flight as may be now, or somebody waits for the place that is free.
    Full,
    /// The limit was closed.
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
            Self::Full => "the limit is reached",
            Self::Closed => "the limit was closed",
        })
    }
}

impl Error for TryAcquireError {}

/// An operation that was not called, since the limit was closed. Gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rejected<F>(pub(super) F);

impl<F> Rejected<F> {
    /// The operation, as it was given.
    #[must_use]
    pub fn into_inner(self) -> F {
        self.0
    }
}

impl<F> fmt::Debug for Rejected<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected").finish_non_exhaustive()
    }
}

impl<F> fmt::Display for Rejected<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AcquireError(()).fmt(f)
    }
}

impl<F> Error for Rejected<F> {}

/// The number would be none that can be in flight: 0, or more than [`Semaphore::MAX_PERMITS`](crate::sync::Semaphore::MAX_PERMITS).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LimitError(pub(super) ());

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a limit of no calls, or of more than can be counted")
    }
}

impl Error for LimitError {}
