//! How a breaker stands.

use super::transition::State;
use crate::time::Instant;

/// How a [`CircuitBreaker`](super::CircuitBreaker) stands, at one moment.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// Its state. Open stays open until a call comes when it is time to probe.
    pub state: State,
    /// How often the state has changed.
    pub generation: u64,
    /// How often it has opened.
    pub opened: u64,
    /// From when on a call may probe, where it is open.
    pub probes_at: Option<Instant>,
    /// How many calls have failed since one went well.
    pub failures_in_a_row: u32,
    /// Calls in the window; none if no rate is looked at. While it is open, those that opened it.
    pub calls: u64,
    /// Those of them that failed.
    pub failures: u64,
    /// Those of them that were slow.
    pub slow: u64,
}

impl Stats {
    /// The part of the calls in the window that failed: 0 of none.
    #[must_use]
    pub fn failure_rate(&self) -> f64 {
        self.part(self.failures)
    }

    /// The part of the calls in the window that were slow: 0 of none.
    #[must_use]
    pub fn slow_rate(&self) -> f64 {
        self.part(self.slow)
    }

    fn part(&self, of: u64) -> f64 {
        if self.calls == 0 { 0.0 } else { of as f64 / self.calls as f64 }
    }
}
