//! In which state a breaker is, and how it came there.

use crate::time::Instant;
use core::fmt;

/// In which state a [`CircuitBreaker`](super::CircuitBreaker) is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum State {
    /// Calls go through, and are counted.
    Closed,
    /// Calls are refused, until some time has passed.
    Open,
    /// A few calls go through to find out: the probes.
    HalfOpen,
    /// Calls go through, and nothing is counted: by [`force_closed`](super::CircuitBreaker::force_closed).
    ForcedClosed,
    /// Calls are refused: by [`force_open`](super::CircuitBreaker::force_open).
    ForcedOpen,
    /// Calls are refused, as long as there is an [`Isolation`](super::Isolation).
    Isolated,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half open",
            Self::ForcedClosed => "forced closed",
            Self::ForcedOpen => "forced open",
            Self::Isolated => "isolated",
        })
    }
}

/// Why a [`CircuitBreaker`](super::CircuitBreaker) changed its state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Why {
    /// So many calls failed one after the other.
    FailuresInARow,
    /// So large a part of the calls failed.
    FailureRate,
    /// So large a part of the calls was slow.
    SlowRate,
    /// It was open for as long as it should be, and a call came.
    TimeToProbe,
    /// Enough probes went well.
    ProbesSucceeded,
    /// Too many probes failed.
    ProbesFailed,
    /// No probe said anything for too long.
    ProbesHung,
    /// Somebody forced it.
    Forced,
    /// Somebody reset it.
    Reset,
    /// Somebody isolated it.
    Isolated,
    /// The last isolation has ended.
    Released,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FailuresInARow => "failures in a row",
            Self::FailureRate => "failure rate",
            Self::SlowRate => "rate of slow calls",
            Self::TimeToProbe => "time to probe",
            Self::ProbesSucceeded => "probes succeeded",
            Self::ProbesFailed => "probes failed",
            Self::ProbesHung => "probes hung",
            Self::Forced => "forced",
            Self::Reset => "reset",
            Self::Isolated => "isolated",
            Self::Released => "released",
        })
    }
}

/// A change of state. It displays as `closed -> open: failure rate`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// The state after. The same only where a closed breaker was [reset](super::CircuitBreaker::reset).
    pub to: State,
    /// When, by the breaker's clock.
    pub at: Instant,
    /// Why.
    pub why: Why,
    /// Which one it is: the first is 1, and each is one more than the one before.
    pub generation: u64,
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}: {}", self.from, self.to, self.why)
    }
}
