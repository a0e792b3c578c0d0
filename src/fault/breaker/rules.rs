//! What was said about a breaker: when it opens, and when it closes again.

use super::transition::Why;
use super::window::{Counts, Span, Sums, Window};
use core::time::Duration;

/// All but the schedule. A number of 0 stands for what was not said.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rules {
    pub(super) consecutive: u32,
    pub(super) failure_rate: f64,
    pub(super) slow_rate: f64,
    pub(super) slower_than: Duration,
    pub(super) window: Window,
    pub(super) min_calls: u32,
    pub(super) probes: u32,
    pub(super) needed: u32,
    pub(super) probe_max_wait: Duration,
}

/// So many failures in a row, where no rule is given.
const CONSECUTIVE: u32 = 5;
/// So many calls before a rate counts.
const MIN_CALLS: u32 = 20;

impl Rules {
    pub(super) const DEFAULT: Self = Self {
        consecutive: 0,
        failure_rate: 0.0,
        slow_rate: 0.0,
        slower_than: Duration::MAX,
        window: Window::calls(100),
        min_calls: 0,
        probes: 1,
        needed: 1,
        probe_max_wait: Duration::from_secs(30),
    };

    /// With what stands for what was not said; `None` if more calls have to be in the window than fit.
    pub(super) const fn completed(mut self) -> Option<Self> {
        if self.consecutive == 0 && !self.has_rates() {
            self.consecutive = CONSECUTIVE;
        }
        let most = match self.window.0 {
            Span::Calls(calls) => calls,
            Span::Time(_) => u32::MAX,
        };
        if self.min_calls == 0 {
            self.min_calls = if MIN_CALLS < most { MIN_CALLS } else { most };
        }
        if self.min_calls > most { None } else { Some(self) }
    }

    const fn has_rates(&self) -> bool {
        self.failure_rate > 0.0 || self.slow_rate > 0.0
    }

    /// Whether calls are counted by the time at which they end.
    #[inline]
    pub(super) const fn is_timed(&self) -> bool {
        self.has_rates() && matches!(self.window.0, Span::Time(_))
    }

    /// Whether it matters how long calls take.
    #[inline]
    pub(super) const fn measures(&self) -> bool {
        self.slow_rate > 0.0
    }

    pub(super) const fn counts(&self) -> Counts {
        if self.has_rates() { Counts::of(self.window, self.measures()) } else { Counts::None }
    }

    /// Why it has to open, if it has to.
    #[inline]
    pub(super) fn trip(&self, failures_in_a_row: u32, sums: Sums) -> Option<Why> {
        if self.consecutive > 0 && failures_in_a_row >= self.consecutive {
            return Some(Why::FailuresInARow);
        }
        if sums.calls < u64::from(self.min_calls) {
            return None;
        }
        if reaches(sums.failures, sums.calls, self.failure_rate) {
            return Some(Why::FailureRate);
        }
        reaches(sums.slow, sums.calls, self.slow_rate).then_some(Why::SlowRate)
    }
}

/// The nudge is below what any rate people write differs by: 7 of 100 are 0.07, though not in binary.
#[inline]
fn reaches(part: u64, of: u64, rate: f64) -> bool {
    if part == 0 || rate <= 0.0 {
        return false;
    }
    let share = rate * of as f64;
    part as f64 >= share - share * 1e-12
}

/// Within 0 and 1, but not 0.
pub(super) const fn is_rate(rate: f64) -> bool {
    rate > 0.0 && rate <= 1.0
}
