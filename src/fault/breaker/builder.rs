//! What can be said about a breaker before there is one.

use super::core::CircuitBreaker;
use super::rules::{Rules, is_rate};
use super::window::Window;
use crate::retry::schedule::{Backoff, Constant, constant};
use crate::time::SystemEntropy;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// A [`CircuitBreaker`] that is to be built: a plain value, and a `const` if you like.
///
/// | | unless something is said |
/// |---|---|
/// | opens after [so many failures in a row](Self::consecutive) | 5, if no rate is given |
/// | opens at a [rate of failures](Self::failure_rate), or [of slow calls](Self::slow_rate) | not looked at |
/// | rates are taken over [a window](Self::window) | the last 100 calls |
/// | and count from [so many calls](Self::min_calls) on | 20, or as many as the window has |
/// | [stays open](Self::open_for) | 30 s, ±50 %, each time |
/// | is closed by [probes](Self::probes) | 1 of 1 |
/// | that take [so long at most](Self::probe_max_wait) | 30 s |
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use core::time::Duration;
/// use untether::fault::CircuitBreaker;
/// use untether::fault::breaker::Window;
/// use untether::retry::schedule::exponential;
/// use untether::rt::threads::Threads;
///
/// let breaker = CircuitBreaker::builder()
///     .failure_rate(0.5)
///     .slow_rate(0.8, Duration::from_secs(2))
///     .window(Window::time(Duration::from_secs(60)))
///     .open_for(exponential(Duration::from_secs(5)))
///     .probes(3, 2)
///     .build(Threads::new()?);
/// assert!(breaker.try_acquire().is_ok());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, PartialEq)]
#[must_use = "a builder makes nothing by itself"]
pub struct Builder<S = Backoff<Constant>, E = SystemEntropy> {
    pub(super) rules: Rules,
    pub(super) schedule: S,
    pub(super) entropy: E,
}

impl Builder {
    pub(super) const fn new() -> Self {
        let schedule = constant(Duration::from_secs(30)).unlimited();
        Self { rules: Rules::DEFAULT, schedule, entropy: SystemEntropy }
    }

    /// How long it stays open: each time in a row as long as the schedule says, and from the start again after it was closed.
    ///
    /// With the rules of a curve: ±50 %, so that not all who are shut out come back together, and at most 60 s. Its `attempts` are not looked
    /// at. A schedule that ends nevertheless, as a list does, gives its last delay again and again; for one that has none it is 30 s.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use untether::fault::CircuitBreaker;
    /// use untether::retry::schedule::exponential;
    ///
    /// // 5 s, 10 s, 20 s, 40 s, 80 s, 120 s, 120 s ...
    /// let schedule = exponential(Duration::from_secs(5)).cap(Duration::from_secs(120));
    /// let builder = CircuitBreaker::builder().open_for(schedule);
    /// ```
    pub const fn open_for<C>(self, schedule: Backoff<C>) -> Builder<Backoff<C>> {
        Builder { rules: self.rules, schedule: schedule.unlimited(), entropy: SystemEntropy }
    }
}

impl<S> Builder<S> {
    /// Where the jitter of the schedule comes from. Say it after [`open_for`](Builder::open_for).
    pub fn entropy<F>(self, entropy: F) -> Builder<S, F> {
        Builder { rules: self.rules, schedule: self.schedule, entropy }
    }
}

macro_rules! setters {
    ($(
        $(#[$doc:meta])*
        $name:ident, $try_name:ident($($argument:ident: $type:ty),*), $may:expr, $refusal:literal => |$rules:ident| $set:block
    )*) => {$(
        $(#[$doc])*
        pub const fn $name(mut self, $($argument: $type),*) -> Self {
            assert!($may, $refusal);
            let $rules = &mut self.rules;
            $set
            self
        }

        #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), but `None` where that panics.")]
        #[must_use]
        pub fn $try_name(self, $($argument: $type),*) -> Option<Self> {
            if $may { Some(self.$name($($argument),*)) } else { None }
        }
    )*};
}

impl<S, E> Builder<S, E> {
    setters! {
        /// Opens after so many failures with no success in between.
        ///
        /// # Panics
        /// If it is zero; see [`try_consecutive`](Self::try_consecutive).
        consecutive, try_consecutive(failures: u32), failures > 0,
        "a breaker that opens after no failure would never be closed" => |rules| { rules.consecutive = failures; }

        /// Opens when that part of the calls in the [window](Self::window) has failed, or more: 0.5 is half of them.
        ///
        /// # Panics
        /// If it is not above 0 and at most 1; see [`try_failure_rate`](Self::try_failure_rate).
        failure_rate, try_failure_rate(rate: f64), is_rate(rate),
        "a rate of failures lies above 0 and is 1 at most" => |rules| { rules.failure_rate = rate; }

        /// Opens when that part of the calls in the [window](Self::window) took longer than that, or more; whether they failed or not. A probe that
        /// takes longer has failed.
        ///
        /// Two looks at the clock for each call.
        ///
        /// # Panics
        /// If it is not above 0 and at most 1; see [`try_slow_rate`](Self::try_slow_rate).
        slow_rate, try_slow_rate(rate: f64, slower_than: Duration), is_rate(rate),
        "a rate of slow calls lies above 0 and is 1 at most" => |rules| {
            rules.slow_rate = rate;
            rules.slower_than = slower_than;
        }

        /// No rate counts before so many calls are in the window.
        ///
        /// # Panics
        /// If it is zero; see [`try_min_calls`](Self::try_min_calls).
        min_calls, try_min_calls(calls: u32), calls > 0,
        "there is no rate of no calls" => |rules| { rules.min_calls = calls; }

        /// When it is half open, `at_once` calls are let through to find out: `needed` that go well close it, and as soon as that cannot be any more
        /// it opens again. A probe that ends without a word, because it was dropped, gives its place to another.
        ///
        /// # Panics
        /// If one is zero, or more are needed than there are; see [`try_probes`](Self::try_probes).
        #[doc(alias = "half_open")]
        probes, try_probes(at_once: u32, needed: u32), needed > 0 && needed <= at_once,
        "one probe at least, and no more are needed than there are" => |rules| {
            rules.probes = at_once;
            rules.needed = needed;
        }
    }

    /// Over which calls the rates are taken.
    pub const fn window(mut self, window: Window) -> Self {
        self.rules.window = window;
        self
    }

    /// When no more may probe, and for so long none of those that do has said anything, it opens again: whoever probes and hangs, or has
    /// lost its permit, does not keep it from ever being closed. With [`Duration::MAX`] it waits for ever.
    pub const fn probe_max_wait(mut self, wait: Duration) -> Self {
        self.rules.probe_max_wait = wait;
        self
    }

    /// The breaker, whose time is that of `clock`.
    ///
    /// # Panics
    /// If a rate needs more calls than fit into the window; see [`try_build`](Self::try_build).
    #[must_use]
    pub const fn build<C>(mut self, clock: C) -> CircuitBreaker<C, S, E> {
        match self.rules.completed() {
            Some(rules) => self.rules = rules,
            None => panic!("the rates need more calls than the window has: they would never count"),
        }
        CircuitBreaker::of(self, clock)
    }

    /// As [`build`](Self::build).
    ///
    /// # Errors
    /// [`RulesError`] if a rate needs more calls than fit into the window.
    pub fn try_build<C>(self, clock: C) -> Result<CircuitBreaker<C, S, E>, RulesError> {
        match self.rules.completed() {
            Some(_) => Ok(self.build(clock)),
            None => Err(RulesError(())),
        }
    }
}

impl<S, E> fmt::Debug for Builder<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// [`min_calls`](Builder::min_calls) is more than fit into the [window](Builder::window): its rates would never count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RulesError(());

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rates need more calls than the window has")
    }
}

impl Error for RulesError {}
