//! Why there are no cells.

use core::error::Error;
use core::fmt;
use core::time::Duration;

/// Why cells were not to be had at once, or in the time that was allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryAcquireError {
    /// Not now. If nobody else takes any before, and those who wait already take theirs, they are there in so long.
    Denied {
        /// How long it would take.
        wait: Duration,
    },
    /// Never: the quota lets fewer through at once.
    TooLarge {
        /// How many it lets through at once.
        burst: u32,
    },
}

impl TryAcquireError {
    /// In how long it may be tried again. `None` if that is never of use.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Denied { wait } => Some(*wait),
            Self::TooLarge { .. } => None,
        }
    }
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied { wait } => write!(f, "over the limit for {wait:?}"),
            Self::TooLarge { burst } => write!(f, "more cells than the burst of {burst}"),
        }
    }
}

impl Error for TryAcquireError {}

/// More cells were asked for than the quota lets through at once: they would be waited for in vain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcquireError {
    pub(super) burst: u32,
}

impl AcquireError {
    /// How many the quota lets through at once.
    #[must_use]
    pub const fn burst(&self) -> u32 {
        self.burst
    }
}

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waiting for more cells than the burst of {}", self.burst)
    }
}

impl Error for AcquireError {}
