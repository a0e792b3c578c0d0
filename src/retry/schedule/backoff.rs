//! A curve with what it needs to be used: spread, a cap, an end.

use super::{And, Exponential, Hint, Jitter, Map, Or, Schedule, Step, Then, While, exponential, nanos};
use crate::time::Entropy;
use core::time::Duration;

/// A curve, and the rules around it.
///
/// | rule | of a curve | around [one of your own](Self::of) or a list | around a combination |
/// |---|---|---|---|
/// | [`attempts`](Self::attempts), the first call included | 3 | as many as there are delays | as many as there are delays |
/// | [`jitter`](Self::jitter) | ±50 % | none | that of its parts |
/// | [`hint`](Self::hint) | at most 5 s longer | the same | that of its parts |
/// | [`cap`](Self::cap) | 60 s | none | that of its parts |
/// | [`during`](Self::during) | for ever | for ever | that of its parts |
///
/// A plain value: most are `Copy` and can be a `const`. The order in which rules are said does not matter; see the
/// [module](super#the-order-of-things).
#[derive(Clone, Copy, PartialEq, Debug)]
#[must_use = "a schedule does nothing by itself"]
pub struct Backoff<C> {
    curve: C,
    jitter: Jitter,
    hint: Hint,
    cap: Duration,
    /// In nanoseconds, as `last`; the most there is means for ever.
    during: u64,
    /// What was given last, before a hint.
    last: u64,
    /// How many delays are left: one less than attempts. The most there is means that it is not counted.
    left: u32,
}

impl Backoff<Exponential> {
    /// What to take when nothing is known: 1 s, doubled each time, ±50 %, at most 60 s, three calls in all.
    pub const fn standard() -> Self {
        exponential(Duration::from_secs(1))
    }

    /// Each delay is so many times the one before it.
    ///
    /// # Panics
    /// If it is zero, negative, infinite or not a number; see [`try_factor`](Self::try_factor).
    pub const fn factor(self, factor: f64) -> Self {
        match self.try_factor(factor) {
            Some(backoff) => backoff,
            None => panic!("the factor of an exponential backoff is finite and above zero"),
        }
    }

    /// As [`factor`](Self::factor), but `None` if it is zero, negative, infinite or not a number.
    #[must_use]
    pub const fn try_factor(self, factor: f64) -> Option<Self> {
        match self.curve.by(factor) {
            Some(curve) => Some(Self { curve, ..self }),
            None => None,
        }
    }
}

impl Default for Backoff<Exponential> {
    /// [`Backoff::standard`].
    fn default() -> Self {
        Self::standard()
    }
}

impl<C> Backoff<C> {
    /// With the rules of a curve.
    pub(super) const fn new(curve: C) -> Self {
        Self::of(curve).jitter(Jitter::factor(0.5)).cap(Duration::from_secs(60)).attempts(3)
    }

    /// Around a schedule of your own: no jitter, no cap, no end but its own.
    ///
    /// Around another backoff, say [`Hint::Ignore`]: that one has made of a hint what it should, below its cap.
    pub const fn of(schedule: C) -> Self {
        Self {
            curve: schedule,
            jitter: Jitter::NONE,
            hint: Hint::Clamp { extra: Duration::from_secs(5) },
            cap: Duration::MAX,
            during: u64::MAX,
            last: 0,
            left: u32::MAX,
        }
    }

    /// How delays are spread.
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// What to make of a wish of the other side.
    pub const fn hint(mut self, hint: Hint) -> Self {
        self.hint = hint;
        self
    }

    /// No delay is longer, jitter and hint included.
    #[doc(alias = "max_delay")]
    pub const fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// Without a cap.
    pub const fn uncapped(self) -> Self {
        self.cap(Duration::MAX)
    }

    /// How often to call in all, the first call included.
    ///
    /// # Panics
    /// If it is zero, for no call can be taken back; see [`try_attempts`](Self::try_attempts).
    #[doc(alias = "max_attempts")]
    #[doc(alias = "max_retries")]
    #[doc(alias = "max_times")]
    #[doc(alias = "retries")]
    #[doc(alias = "recurs")]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        assert!(attempts > 0, "there is always one attempt: attempts counts the first call");
        self.left = attempts - 1;
        self
    }

    /// As [`attempts`](Self::attempts), but `None` if it is zero.
    #[must_use]
    pub fn try_attempts(self, attempts: u32) -> Option<Self> {
        (attempts > 0).then(|| self.attempts(attempts))
    }

    /// As often as the curve has delays: for all but a list, for ever.
    pub const fn unlimited(mut self) -> Self {
        self.left = u32::MAX;
        self
    }

    /// For so long, counted from the first failure: no delay is given that would end later.
    pub const fn during(mut self, during: Duration) -> Self {
        self.during = nanos::of(during);
        self
    }

    /// Makes another delay of each that the curve gives. Jitter, hint and cap come after it.
    pub fn map<F: FnMut(Duration) -> Duration>(self, f: F) -> Backoff<Map<C, F>> {
        self.around(|curve| Map::new(curve, f))
    }

    /// Ends when `f` says `false`.
    pub fn while_<F: FnMut(&Step) -> bool>(self, f: F) -> Backoff<While<C, F>> {
        self.around(|curve| While::new(curve, f))
    }

    /// As long as both go on, the longer delay of the two.
    pub const fn and<D>(self, other: Backoff<D>) -> Backoff<And<Self, Backoff<D>>> {
        Backoff::of(And::new(self, other)).hint(Hint::Ignore)
    }

    /// As long as one of them goes on, the shorter delay of those that do.
    pub const fn or<D>(self, other: Backoff<D>) -> Backoff<Or<Self, Backoff<D>>> {
        Backoff::of(Or::new(self, other)).hint(Hint::Ignore)
    }

    /// When this one has ended, the other. Of `attempts`, the second one's first call is the first one's last.
    pub const fn then<D>(self, other: Backoff<D>) -> Backoff<Then<Self, Backoff<D>>> {
        Backoff::of(Then::new(self, other)).hint(Hint::Ignore)
    }

    /// The same rules around another curve.
    pub(super) fn around<D>(self, wrap: impl FnOnce(C) -> D) -> Backoff<D> {
        let Self { curve, jitter, hint, cap, during, left, last } = self;
        Backoff { curve: wrap(curve), jitter, hint, cap, during, left, last }
    }
}

impl<C: Schedule> Schedule for Backoff<C> {
    #[inline]
    fn next_delay(&mut self, step: &Step, entropy: &dyn Entropy) -> Option<Duration> {
        if self.left == 0 {
            return None;
        }
        let delay = self.curve.next_delay(&Step { last: self.last, ..*step }, entropy)?;
        let own = self.jitter.apply(delay, entropy);
        let delay = self.hint.apply(own, step.hint).min(self.cap);
        if self.during != u64::MAX && step.elapsed.saturating_add(nanos::of(delay)) > self.during {
            self.left = 0;
            return None;
        }
        self.last = nanos::of(own.min(self.cap));
        self.left -= u32::from(self.left != u32::MAX);
        Some(delay)
    }
}
