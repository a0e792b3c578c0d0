//! Why there is no permit.

use core::error::Error;
use core::fmt;

/// Why waiting for permits ended without them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AcquireError {
    /// The semaphore was closed.
    Closed,
    /// As many wait already as may: see [`Builder::max_waiters`](super::Builder::max_waiters).
    QueueFull,
    /// More were asked for than any semaphore can hold: see [`Semaphore::MAX_PERMITS`](super::Semaphore::MAX_PERMITS).
    TooMany,
}

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "acquiring from a semaphore that was closed",
            Self::QueueFull => "acquiring from a semaphore for which too many wait",
            Self::TooMany => "acquiring more permits than a semaphore can hold",
        })
    }
}

impl Error for AcquireError {}

/// Why there are no permits at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryAcquireError {
    /// The semaphore was closed.
    Closed,
    /// Too few are free, or somebody waits for them.
    NoPermits,
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "acquiring from a semaphore that was closed",
            Self::NoPermits => "no permits are free",
        })
    }
}

impl Error for TryAcquireError {}

/// The number of permits would be none a semaphore can have: more than [`Semaphore::MAX_PERMITS`](super::Semaphore::MAX_PERMITS), or
/// less than zero. Nothing was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CapacityError(pub(super) ());

impl fmt::Display for CapacityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no semaphore can have so many permits")
    }
}

impl Error for CapacityError {}
