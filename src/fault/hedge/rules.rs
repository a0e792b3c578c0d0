//! What is said about a hedge: a plain value.

use super::choose::{Accepting, Choose, FirstOk, Observed};
use super::delay::{After, By, Delay};
use super::hedging::Hedging;
use super::slots::SLOTS;
use crate::observe::Observer;
use crate::retry::budget::{Budget, Unlimited};
use crate::retry::{Attempt, Numbered};
use crate::time::Timer;
use core::fmt;
use core::time::Duration;

/// Rules for a hedge: when another attempt begins beside one that is slow, how many there may be, and at whose expense.
///
/// They are a value: a `const`, a field, a `Copy` where its parts are. Each [`run`](Self::run) is by itself; what runs share is the budget.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::future::pending;
/// use core::time::Duration;
/// use untether::fault::Hedge;
/// use untether::retry::Attempt;
///
/// const HEDGE: Hedge = Hedge::after(Duration::from_millis(2));
///
/// // The first replica is stuck.
/// let fetch = |attempt: Attempt| async move {
///     if attempt.is_first() { pending().await } else { Ok::<_, ()>(attempt.number()) }
/// };
/// assert_eq!(HEDGE.run(fetch, &rt).await, Ok(2));
/// # });
/// ```
#[doc(alias = "BackupRequest")]
#[doc(alias = "HedgePolicy")]
#[doc(alias = "speculative")]
#[derive(Clone, Copy)]
#[must_use = "a hedge does nothing before `run`"]
pub struct Hedge<D = After, B = Unlimited, C = FirstOk> {
    pub(super) delay: D,
    pub(super) extra: u32,
    pub(super) budget: B,
    pub(super) choose: C,
}

impl Hedge {
    /// One more attempt when there is no answer after `delay`, counted from the first pending poll of the attempt before it.
    ///
    /// Zero begins it beside the first; [`Duration::MAX`] never does.
    pub const fn after(delay: Duration) -> Self {
        Self { delay: After(delay), extra: 1, budget: Unlimited, choose: FirstOk }
    }
}

impl<F> Hedge<By<F>> {
    /// As [`after`](Hedge::after), with a delay that is computed for the attempt that would begin: a [`Duration`], or an [`Option`] of one, where
    /// `None` means that there is no further attempt in this run. It is asked once for each, when the attempt before it is pending.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use core::future::{pending, ready};
    /// use core::sync::atomic::{AtomicU64, Ordering};
    /// use core::time::Duration;
    /// use untether::fault::Hedge;
    /// use untether::retry::Attempt;
    ///
    /// // What 95 of 100 calls took, from wherever you measure; 0 as long as nobody knows.
    /// static P95_MILLIS: AtomicU64 = AtomicU64::new(3);
    /// let hedge = Hedge::by(|_| match P95_MILLIS.load(Ordering::Relaxed) {
    ///     0 => None,
    ///     millis => Some(Duration::from_millis(millis)),
    /// });
    /// let fetch = async |attempt: Attempt| if attempt.is_first() { pending().await } else { Ok::<_, ()>("a backup") };
    /// assert_eq!(hedge.run(fetch, &rt).await, Ok("a backup"));
    /// # });
    /// ```
    #[doc(alias = "percentile")]
    pub const fn by<R>(delay: F) -> Self
    where
        F: Fn(Attempt) -> R,
        R: Into<Option<Duration>>,
    {
        Self { delay: By(delay), extra: 1, budget: Unlimited, choose: FirstOk }
    }
}

impl<D, B, C> Hedge<D, B, C> {
    /// How many extra attempts there may be, one to three: one, unless it is said.
    ///
    /// # Panics
    /// If it is zero, for that is no hedge, or more than three; see [`try_extra`](Self::try_extra).
    #[doc(alias = "max_hedges")]
    pub const fn extra(mut self, extra: u32) -> Self {
        assert!(may_be(extra), "a hedge has one to three extra attempts");
        self.extra = extra;
        self
    }

    /// As [`extra`](Self::extra), but `None` if it is none of one to three.
    #[must_use]
    pub fn try_extra(self, extra: u32) -> Option<Self> {
        may_be(extra).then(|| self.extra(extra))
    }

    /// Pays for each extra attempt out of a budget that others share, retries as well.
    ///
    /// It is asked when the delay is over and not before. When it is used up there is no further attempt in this run; those that run are
    /// not touched.
    ///
    /// Each run is a first call to it, and a deposit. Inside a [retry](fn@crate::retry::retry) of the same budget, where that has been told of the
    /// first call already, give it [`Within`](crate::retry::budget::Within).
    pub fn budget<P: Budget>(self, budget: P) -> Hedge<D, P, C> {
        let Self { delay, extra, choose, .. } = self;
        Hedge { delay, extra, budget, choose }
    }

    /// Tells an observer: a `hedge` event before each extra attempt, and, where there was one, a `hedged` event at the end, which says which
    /// attempt won and how long it took from the first pending poll. That is the least that a losing first attempt would have taken.
    ///
    /// Say it after [`accept`](Hedge::accept).
    pub fn observed<W: Observer>(self, observer: W) -> Hedge<D, B, Observed<C, W>> {
        let Self { delay, extra, budget, choose } = self;
        Hedge { delay, extra, budget, choose: Observed(choose, observer) }
    }

    /// Runs an operation, which is told which [`Attempt`] it is: the future of the first success. The losers are dropped before it is given.
    ///
    /// # Cancel safety
    /// Dropping the future drops all attempts that run and deregisters the wait.
    /// # Errors
    /// The operation's own, of the attempt that ended last, when none was a success.
    pub fn run<F, Fut, V, E, T>(self, operation: F, timer: T) -> Hedging<Numbered<F>, Self, T>
    where
        F: FnMut(Attempt) -> Fut,
        Fut: Future<Output = Result<V, E>>,
        T: Timer,
        D: Delay,
        B: Budget,
        C: Choose<V, E>,
    {
        Hedging::new(self, Numbered(operation), timer)
    }
}

impl<D, B> Hedge<D, B, FirstOk> {
    /// What counts as a success: without it, every `Ok`. It may take an error for the answer as well, as a page that is not there.
    ///
    /// When no result is accepted, the last one comes out as it is.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use core::time::Duration;
    /// use untether::fault::Hedge;
    /// use untether::retry::Attempt;
    ///
    /// let hedge = Hedge::after(Duration::ZERO).accept(|result: &Result<&str, ()>| *result != Ok("stale"));
    /// let read = async |attempt: Attempt| {
    ///     untether::spawn::yield_now().await;
    ///     if attempt.is_first() { Ok("stale") } else { Ok("fresh") }
    /// };
    /// assert_eq!(hedge.run(read, &rt).await, Ok("fresh"));
    /// # });
    /// ```
    pub fn accept<V, E, F: Fn(&Result<V, E>) -> bool>(self, accept: F) -> Hedge<D, B, Accepting<F>> {
        let Self { delay, extra, budget, .. } = self;
        Hedge { delay, extra, budget, choose: Accepting(accept) }
    }
}

const fn may_be(extra: u32) -> bool {
    extra > 0 && extra < SLOTS
}

impl<D: fmt::Debug, B, C> fmt::Debug for Hedge<D, B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("Hedge");
        this.field("delay", &self.delay).field("extra", &self.extra).finish_non_exhaustive()
    }
}
