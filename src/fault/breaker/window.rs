//! Over which calls the rates are taken: the last so many, or those of the last while. Pure.

use crate::time::{Instant, SlidingSums};
use alloc::vec::Vec;
use core::time::Duration;

/// Over which calls a rate is taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Window(pub(super) Span);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Span {
    Calls(u32),
    Time(Duration),
}

impl Window {
    /// The last so many calls. One byte each, allocated with the first result and not again.
    ///
    /// # Panics
    /// If it is zero; see [`try_calls`](Self::try_calls).
    #[must_use]
    pub const fn calls(calls: u32) -> Self {
        assert!(calls > 0, "a window of no calls has no rate; `try_calls` gives `None` instead");
        Self(Span::Calls(calls))
    }

    /// As [`calls`](Self::calls), but `None` if it is zero.
    #[must_use]
    pub const fn try_calls(calls: u32) -> Option<Self> {
        if calls == 0 { None } else { Some(Self(Span::Calls(calls))) }
    }

    /// The calls of the last so long, in steps of a tenth of it.
    ///
    /// # Panics
    /// If it is zero; see [`try_time`](Self::try_time).
    #[must_use]
    pub const fn time(time: Duration) -> Self {
        assert!(!time.is_zero(), "a window of no time has no rate; `try_time` gives `None` instead");
        Self(Span::Time(time))
    }

    /// As [`time`](Self::time), but `None` if it is zero.
    #[must_use]
    pub const fn try_time(time: Duration) -> Option<Self> {
        if time.is_zero() { None } else { Some(Self(Span::Time(time))) }
    }
}

/// What was counted in a window.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Sums {
    pub(super) calls: u64,
    pub(super) failures: u64,
    pub(super) slow: u64,
}

/// How one call went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Call {
    pub(super) failed: bool,
    pub(super) slow: bool,
}

/// When a call is counted, by a clock that was asked after slot `seen` was filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) seen: u64,
    pub(super) now: Instant,
}

#[expect(clippy::large_enum_variant, reason = "nothing is allocated, so that a breaker can be a static")]
pub(super) enum Counts {
    /// No rate is looked at.
    None,
    Calls(Ring),
    Time(SlidingSums<3>),
}

const CALLS: usize = 0;
const FAILURES: usize = 1;
const SLOW: usize = 2;

impl Counts {
    /// `measured`: a success may be slow.
    pub(super) const fn of(window: Window, measured: bool) -> Self {
        match window.0 {
            Span::Calls(calls) => Self::Calls(Ring::new(calls, measured)),
            Span::Time(time) => {
                Self::Time(SlidingSums::new(Instant::from_nanos(0).saturating_add(time).as_nanos()))
            }
        }
    }

    /// Which slot is filled, where there are any.
    pub(super) const fn current(&self) -> u64 {
        match self {
            Self::Time(sums) => sums.current(),
            Self::None | Self::Calls(_) => 0,
        }
    }

    /// Forgets what is too old by now.
    pub(super) fn advance(&mut self, moment: Option<Moment>) {
        if let (Self::Time(sums), Some(Moment { seen, now })) = (self, moment) {
            sums.advance(seen, now);
        }
    }

    #[inline]
    pub(super) fn add(&mut self, call: Call, moment: Option<Moment>) {
        self.advance(moment);
        match self {
            Self::None => {}
            Self::Calls(ring) => ring.add(call),
            Self::Time(sums) => {
                sums.add(CALLS);
                if call.failed {
                    sums.add(FAILURES);
                }
                if call.slow {
                    sums.add(SLOW);
                }
            }
        }
    }

    #[inline]
    pub(super) fn sums(&self) -> Sums {
        match self {
            Self::None => Sums::default(),
            Self::Calls(ring) => ring.sums(),
            Self::Time(sums) => {
                Sums { calls: sums.total(CALLS), failures: sums.total(FAILURES), slow: sums.total(SLOW) }
            }
        }
    }

    /// Whether a success, or any number of them, leaves it as it is: there is no window, or it is full of nothing else.
    #[inline]
    pub(super) const fn is_left_alone_by_success(&self) -> bool {
        match self {
            Self::None => true,
            Self::Calls(ring) => ring.is_full_of_successes(),
            Self::Time(_) => false,
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::None => {}
            Self::Calls(ring) => ring.clear(),
            Self::Time(sums) => sums.clear(),
        }
    }
}

/// The last so many calls: what falls out of it is taken off the sums.
pub(super) struct Ring {
    size: u32,
    measured: bool,
    is_full: bool,
    /// The oldest, once it is full.
    next: usize,
    /// Bit 0 of one that failed, bit 1 of one that was slow.
    calls: Vec<u8>,
    failures: u32,
    slow: u32,
}

impl Ring {
    const fn new(size: u32, measured: bool) -> Self {
        Self { size, measured, is_full: false, next: 0, calls: Vec::new(), failures: 0, slow: 0 }
    }

    #[inline]
    fn add(&mut self, call: Call) {
        let new = u8::from(call.failed) | u8::from(call.slow) << 1;
        if let Some(oldest) = self.calls.get_mut(self.next) {
            let old = core::mem::replace(oldest, new);
            self.failures -= u32::from(old & 1);
            self.slow -= u32::from(old >> 1);
        } else {
            self.push(new);
        }
        self.failures += u32::from(call.failed);
        self.slow += u32::from(call.slow);
        self.next += 1;
        if self.next == self.size as usize {
            (self.next, self.is_full) = (0, true);
        }
    }

    /// Then one more takes the place of one that is the same, and nothing would be known by it.
    #[inline]
    const fn is_full_of_successes(&self) -> bool {
        self.failures == 0 && !self.measured && self.is_full
    }

    #[cold]
    fn push(&mut self, new: u8) {
        if self.calls.is_empty() {
            self.calls.reserve_exact(self.size as usize);
        }
        self.calls.push(new);
    }

    fn sums(&self) -> Sums {
        Sums { calls: self.calls.len() as u64, failures: self.failures.into(), slow: self.slow.into() }
    }

    fn clear(&mut self) {
        self.calls.clear();
        (self.next, self.failures, self.slow, self.is_full) = (0, 0, 0, false);
    }
}
