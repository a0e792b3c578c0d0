//! What is said about a boundary: a plain value.

use super::arms::{GoesOn, NoArms, OnKind, Otherwise, When};
use super::recoverable::{ButPanics, RecoverableBy, Recovers};
use super::report::{Observed, Report};
use super::run::{Failure, Guarding, Judging, Watch};
use super::scope::Scope;
use crate::fault::Kind;
use crate::fault::fallback::{self, Fallback, Falling, Instead};
use crate::observe::Observer;
use crate::retry::budget::Budget;
use crate::retry::schedule::{Backoff, Exponential, Schedule};
use crate::retry::{Attempt, AttemptError, Body, Course, Guarded, Judge, Numbered, Plan, Retry, Retrying};
use crate::time::{Entropy, Timer};
use core::fmt;
use core::time::Duration;

/// Rules for a boundary: how often something is tried, what is given when it fails for good, and who is told.
///
/// They are a value, for many calls: a `const`, a field, a `Clone` where their parts are. The order in which rules are said matters only among
/// [arms](Self::when).
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::cell::RefCell;
/// use core::time::Duration;
/// use untether::fault::{Boundary, Fallback};
/// use untether::observe::Lines;
/// use untether::retry::{Attempt, Retry, schedule::constant};
/// use untether::time::Seed;
///
/// let told = RefCell::new(Vec::new());
/// let lines = Lines::new(|line: &str| told.borrow_mut().push(line.to_owned()));
/// let boundary = Boundary::new("load profile")
///     .retry(Retry::new(constant(Duration::from_millis(1)).attempts(2)))
///     .fallback(Fallback::value("somebody"))
///     .observed(&lines);
///
/// let down = |_: Attempt| async { Err("the database is down") };
/// assert_eq!(boundary.run(down, &rt).await.unwrap(), "somebody");
/// assert_eq!(told.borrow()[1..], [
///     "load profile: failed after 2 attempts: the database is down",
///     "load profile: the fallback is used: the database is down",
/// ]);
/// # });
/// ```
#[doc(alias = "async_error_boundary")]
#[derive(Clone, Copy)]
#[must_use = "a boundary does nothing before `run` or `scope`"]
pub struct Boundary<P = Plan<Backoff<Exponential>>, A = NoArms, U = Watch<ButPanics, ()>> {
    pub(super) plan: P,
    pub(super) arms: A,
    pub(super) watch: U,
    pub(super) limit: Duration,
}

impl Boundary {
    /// Around an operation of that name: three attempts by [`Backoff::standard`], no fallback.
    pub const fn new(operation: &'static str) -> Self {
        let watch = Watch { operation, recovers: ButPanics, reports: true, report: () };
        Self { plan: Plan::new(Backoff::standard()), arms: NoArms, watch, limit: Duration::MAX }
    }
}

impl<C, J, B, E, A, U> Boundary<Plan<Backoff<C>, J, B, E>, A, U> {
    /// How often to call in all, the first call included: three times, unless it is said.
    ///
    /// # Panics
    /// If it is zero, for no call can be taken back; see [`try_attempts`](Self::try_attempts).
    #[doc(alias = "retry_count")]
    pub fn attempts(self, attempts: u32) -> Self {
        self.planned(|plan| plan.scheduled_by(|backoff| backoff.attempts(attempts)))
    }

    /// As [`attempts`](Self::attempts), but `None` if it is zero.
    #[must_use]
    pub fn try_attempts(self, attempts: u32) -> Option<Self> {
        (attempts > 0).then(|| self.attempts(attempts))
    }
}

impl<P, A, R, W> Boundary<P, A, Watch<R, W>> {
    /// Tries again by these rules instead: another schedule, a budget, a deadline, which errors are worth it, hints of the other side.
    ///
    /// What its `when` does not retry may still have an arm; what is not [recoverable](Self::recoverable) has none.
    pub fn retry<Q>(self, retry: Retry<Body, Q>) -> Boundary<Q, A, Watch<R, W>> {
        self.planned(|_| retry.plan)
    }

    /// Gives each attempt at most so long.
    pub const fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Says of a failure, a time-out and a panic whether it can be recovered from. What cannot is not tried again, no arm takes it, and it
    /// comes out. Without it, that is a panic.
    #[doc(alias = "is_recoverable")]
    pub fn recoverable<E, F>(self, recovers: F) -> Boundary<P, A, Watch<RecoverableBy<F>, W>>
    where
        F: Fn(&AttemptError<E>) -> bool,
    {
        let Watch { operation, reports, report, .. } = self.watch;
        let watch = Watch { operation, recovers: RecoverableBy(recovers), reports, report };
        Boundary { plan: self.plan, arms: self.arms, watch, limit: self.limit }
    }

    /// Tells an observer: a `failure` event for each attempt that failed and for the end, a `fallback` event when something else is given.
    /// The errors have to be `Display`.
    pub fn observed<O: Observer>(self, observer: O) -> Boundary<P, A, Watch<R, Observed<O>>> {
        let Watch { operation, recovers, reports, .. } = self.watch;
        let watch = Watch { operation, recovers, reports, report: Observed(observer) };
        Boundary { plan: self.plan, arms: self.arms, watch, limit: self.limit }
    }

    /// Whether failures are told to the observer: they are, unless it is said. That a fallback is used is always told.
    #[doc(alias = "log_errors")]
    pub const fn report(mut self, reports: bool) -> Self {
        self.watch.reports = reports;
        self
    }

    /// What is given for every failure that no arm before it has taken: a [`Fallback`] of a value, of a function, or of another operation.
    /// An arm that is said after it takes nothing.
    pub fn fallback<H>(self, instead: H) -> Boundary<P, Otherwise<A, H>, Watch<R, W>> {
        self.armed(|before| Otherwise { before, instead })
    }

    /// The same, for where it reads better after other arms.
    pub fn otherwise<H>(self, instead: H) -> Boundary<P, Otherwise<A, H>, Watch<R, W>> {
        self.fallback(instead)
    }

    /// What is given when the last attempt timed out.
    pub fn on_timeout<H>(self, instead: H) -> Boundary<P, OnKind<A, H>, Watch<R, W>> {
        self.armed(|before| OnKind { before, kind: Kind::TimedOut, instead })
    }

    /// What is given for failures of which `fits` says so, and which no arm before it has taken.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::fault::boundary::Failure;
    /// use untether::fault::{Boundary, Fallback};
    /// use untether::retry::Attempt;
    ///
    /// let is_unknown = |failure: &Failure<u16>| failure.last().failed() == Some(&404);
    /// let boundary = Boundary::new("load profile")
    ///     .attempts(1)
    ///     .when(is_unknown, Fallback::value("nobody"))
    ///     .otherwise(Fallback::value("somebody"));
    /// assert_eq!(boundary.run(|_: Attempt| async { Err(404) }, &rt).await.unwrap(), "nobody");
    /// assert_eq!(boundary.run(|_: Attempt| async { Err(503) }, &rt).await.unwrap(), "somebody");
    /// # });
    /// ```
    pub fn when<E, F, H>(self, fits: F, instead: H) -> Boundary<P, When<A, F, H>, Watch<R, W>>
    where
        F: FnOnce(&Failure<E>) -> bool,
    {
        self.armed(|before| When { before, fits, instead })
    }

    /// Failures of which `fits` says so go on as they are, whatever the arms after it would give.
    pub fn goes_on<E, F>(self, fits: F) -> Boundary<P, GoesOn<A, F>, Watch<R, W>>
    where
        F: FnOnce(&Failure<E>) -> bool,
    {
        self.armed(|before| GoesOn { before, fits })
    }

    /// For a body that borrows, returns and breaks as it likes: it says in the end how it went, and what says nothing was cancelled.
    ///
    /// # Examples
    /// ```
    /// use untether::fault::Boundary;
    ///
    /// fn parse(text: &str) -> Result<u16, core::num::ParseIntError> {
    ///     let boundary = Boundary::new("parse a port");
    ///     let scope = boundary.scope();
    ///     match text.parse() {
    ///         Ok(port) => Ok(scope.success(port)),
    ///         Err(error) if text.is_empty() => {
    ///             scope.recovered(error);
    ///             Ok(8080)
    ///         }
    ///         Err(error) => Err(scope.failed(error)),
    ///     }
    /// }
    /// assert_eq!((parse("80"), parse("")), (Ok(80), Ok(8080)));
    /// assert!(parse("http").is_err());
    /// ```
    pub const fn scope(&self) -> Scope<'_, W>
    where
        W: Observer,
    {
        Scope::new(self.watch.operation, self.watch.reports, &self.watch.report)
    }

    fn armed<K>(self, arms: impl FnOnce(A) -> K) -> Boundary<P, K, Watch<R, W>> {
        Boundary { plan: self.plan, arms: arms(self.arms), watch: self.watch, limit: self.limit }
    }
}

impl<P, A, U> Boundary<P, A, U> {
    fn planned<Q>(self, f: impl FnOnce(P) -> Q) -> Boundary<Q, A, U> {
        Boundary { plan: f(self.plan), arms: self.arms, watch: self.watch, limit: self.limit }
    }
}

impl<S, J, B, E, A, R, W> Boundary<Plan<S, J, B, E>, A, Watch<R, W>>
where
    S: Schedule,
    B: Budget,
    E: Entropy,
    R: Clone,
    W: Clone,
{
    /// Runs an operation behind it, which is told which [`Attempt`] it is. Who is told, and what says what can be recovered from, is cloned.
    ///
    /// # Cancel safety
    /// Dropping the future drops what runs; nothing is tried, given or told instead.
    /// # Errors
    /// [`Failure`], with the error of the last attempt, for what cannot be recovered from or has no arm.
    #[expect(
        clippy::type_complexity,
        reason = "each part has a name of its own, and a shorter one would hide which"
    )]
    pub fn run<F, Fut, V, X, T>(
        self,
        operation: F,
        timer: T,
    ) -> Guarding<
        F,
        Course<S, Judging<J, Watch<R, W>>, B, E>,
        T,
        Fallback<A, Watch<R, W>>,
        Falling<A::Future, Failure<X>>,
    >
    where
        F: FnMut(Attempt) -> Fut,
        Fut: Future<Output = Result<V, X>>,
        T: Timer + Clone,
        J: Judge<V, AttemptError<X>, Last = AttemptError<X>>,
        A: Instead<Result<V, Failure<X>>, Err = Failure<X>>,
        R: Recovers<X>,
        W: Report<AttemptError<X>>,
    {
        let watch = self.watch.clone();
        let plan = self.plan.judged_by(|judge| Judging(judge, watch));
        let operation = Guarded { operation: Numbered(operation), limit: self.limit, catches: true };
        let rules = Fallback { instead: self.arms, cover: self.watch };
        fallback::Run::new(Retrying::new(operation, plan, timer), rules)
    }
}

impl<P, A, R: fmt::Debug, W> fmt::Debug for Boundary<P, A, Watch<R, W>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boundary").field("watch", &self.watch).finish_non_exhaustive()
    }
}
