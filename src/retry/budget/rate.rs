//! So many extra calls per first call.

use super::{Budget, Withdrawal};
use crate::sys::lock::Lock;
use crate::time::{Clock, Instant, SlidingSums};
use core::fmt;
use core::time::Duration;

type Window = SlidingSums<2>;

/// The first of the two sums: first calls.
const FIRST: usize = 0;
/// The second: extra ones.
const EXTRA: usize = 1;

/// A [`Budget`] by rate: over the last while, no more extra calls than a part of the first calls, and a few more for those who make few.
///
/// With a ratio of 0.2, a service that fails every call is called 1.2 times as often and not three times. The ratio is
/// right for every number, 0.6 as well as 2.5, and an idle year costs no more than an idle second. An extra call counts from when it
/// is paid for, which is before its wait.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use untether::retry::budget::{Budget, RateBudget, RateRules};
/// use untether::rt::threads::Threads;
///
/// let budget = RateBudget::new(RateRules::new().ratio(0.2).reserve(0), Threads::new()?);
/// (0..10).for_each(|_| budget.deposit());
/// assert_eq!((0..10).filter(|_| budget.try_withdraw().is_some()).count(), 2);
/// # Ok(()) }
/// ```
#[doc(alias = "RetryBudget")]
#[doc(alias = "TpsBudget")]
pub struct RateBudget<C> {
    clock: C,
    ratio: f64,
    reserve: u64,
    window: Lock<Window>,
}

impl<C: Clock> RateBudget<C> {
    /// By these rules, on that clock.
    pub fn new(rules: RateRules, clock: C) -> Self {
        let nanos = Instant::from_nanos(0).saturating_add(rules.window).as_nanos();
        let reserve = u128::from(rules.per_second) * u128::from(nanos) / 1_000_000_000;
        Self {
            clock,
            ratio: rules.ratio,
            // Of less than one there would never be any.
            reserve: u64::try_from(reserve).unwrap_or(u64::MAX).max(rules.per_second.min(1).into()),
            window: Lock::new(Window::new(nanos)),
        }
    }

    /// How many extra calls may be made at this moment.
    pub fn available(&self) -> u64 {
        self.at_present(|window| self.allowed(window).saturating_sub(window.total(EXTRA)))
    }

    fn at_present<R>(&self, f: impl FnOnce(&mut Window) -> R) -> R {
        // LOCK: arithmetic alone, here and below. Looked at before the clock: what lies behind it then does so because the clock stepped back.
        let seen = self.window.with(|window| window.current());
        let now = self.clock.now();
        self.window.with(|window| {
            window.advance(seen, now);
            f(window)
        })
    }

    /// The nudge is below what any ratio people write differs by: 0.29 of 100 is 29, though not in binary.
    fn allowed(&self, window: &Window) -> u64 {
        let share = self.ratio * window.total(FIRST) as f64;
        self.reserve.saturating_add((share + share * 1e-12 + 1e-9) as u64)
    }
}

impl<C: Clock> Budget for RateBudget<C> {
    fn deposit(&self) {
        self.at_present(|window| window.add(FIRST));
    }

    fn try_withdraw(&self) -> Option<Withdrawal> {
        self.at_present(|window| {
            let may = window.total(EXTRA) < self.allowed(window);
            may.then(|| {
                window.add(EXTRA);
                Withdrawal::new(window.note())
            })
        })
    }

    fn refund(&self, withdrawal: Withdrawal) {
        self.at_present(|window| window.remove(EXTRA, withdrawal.note()));
    }
}

impl<C> fmt::Debug for RateBudget<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("RateBudget");
        this.field("ratio", &self.ratio).field("reserve", &self.reserve).finish_non_exhaustive()
    }
}

/// The rules of a [`RateBudget`]: over the last 10 s, 0.2 extra calls per first call and 10 per second beside, unless something else is
/// said.
#[derive(Clone, Copy, PartialEq, Debug)]
#[must_use = "rules alone do nothing"]
pub struct RateRules {
    pub(crate) ratio: f64,
    pub(crate) per_second: u32,
    pub(crate) window: Duration,
}

impl RateRules {
    /// The defaults.
    pub const fn new() -> Self {
        Self { ratio: 0.2, per_second: 10, window: Duration::from_secs(10) }
    }

    /// Extra calls per first call.
    ///
    /// # Panics
    /// If it is negative, infinite or not a number; see [`try_ratio`](Self::try_ratio).
    pub const fn ratio(self, ratio: f64) -> Self {
        match self.try_ratio(ratio) {
            Some(rules) => rules,
            None => panic!("the ratio of a budget is finite and not negative"),
        }
    }

    /// As [`ratio`](Self::ratio), but `None` if it is negative, infinite or not a number.
    #[must_use]
    pub const fn try_ratio(self, ratio: f64) -> Option<Self> {
        if ratio >= 0.0 && ratio < f64::INFINITY { Some(Self { ratio, ..self }) } else { None }
    }

    /// Extra calls per second that may be made whatever the first calls. Without any, a client that makes one call a minute could never
    /// repeat it.
    pub const fn reserve(mut self, per_second: u32) -> Self {
        self.per_second = per_second;
        self
    }

    /// How long first and extra calls count.
    ///
    /// # Panics
    /// If it is zero; see [`try_window`](Self::try_window).
    pub const fn window(self, window: Duration) -> Self {
        match self.try_window(window) {
            Some(rules) => rules,
            None => panic!("a budget looks back over some time"),
        }
    }

    /// As [`window`](Self::window), but `None` if it is zero.
    #[must_use]
    pub const fn try_window(self, window: Duration) -> Option<Self> {
        if window.is_zero() { None } else { Some(Self { window, ..self }) }
    }
}

impl Default for RateRules {
    fn default() -> Self {
        Self::new()
    }
}
