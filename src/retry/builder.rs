//! What is said about a retry, before it starts.

use super::Attempt;
use super::attempt::{Carrying, Lending, Numbered, Operation, Plain, Repeat};
use super::budget::Budget;
use super::course::Course;
use super::guarded::{Guard, Guarded};
use super::judge::{ByVerdict, EveryError, Hinted, Judge, Observed, OnRetry, Verdict, When};
use super::plan::{Limit, Plan};
use super::report::Failed;
use super::retrying::Retrying;
use super::schedule::Schedule;
use crate::observe::Observer;
use crate::time::{Deadline, Entropy, Timer};
use core::fmt;
use core::time::Duration;

/// Tries an operation again until it goes well: the operation is told which [`Attempt`] it is.
///
/// For a function without arguments, [`Retryable::retry`] reads better; for one that needs something of its own, see [`retry_with`]; for a
/// body that borrows, [`retry_async`] or [`Retry::attempts`].
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::retry::{retry, schedule::exponential};
///
/// let third_time_lucky =
///     |attempt: untether::retry::Attempt| async move { if attempt.number() < 3 { Err("busy") } else { Ok(attempt.number()) } };
/// let schedule = exponential(Duration::from_millis(1)).attempts(5);
/// assert_eq!(retry(third_time_lucky, schedule).on(&rt).await, Ok(3));
/// # });
/// ```
#[doc(alias = "async_retry")]
#[doc(alias = "retry_with_index")]
pub const fn retry<F, Fut, V, E, S>(operation: F, schedule: S) -> Retry<Numbered<F>, Plan<S>>
where
    F: FnMut(Attempt) -> Fut,
    Fut: Future<Output = Result<V, E>>,
    S: Schedule,
{
    Retry { operation: Numbered(operation), plan: Plan::new(schedule) }
}

/// As [`retry`](fn@retry), for an operation that works on something it needs for itself: it gets it, and gives it back with its result.
///
/// What comes out is that something and the result. Unlike what borrows, the future can be spawned wherever its parts can.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::retry::{retry_with, schedule::constant};
///
/// let schedule = constant(Duration::from_millis(1));
/// let attempt = |mut sent: Vec<u32>, attempt: untether::retry::Attempt| async move {
///     sent.push(attempt.number());
///     let result = if sent.len() < 2 { Err("busy") } else { Ok("done") };
///     (sent, result)
/// };
/// let (sent, result) = retry_with(Vec::new(), attempt, schedule).on(&rt).await;
/// assert_eq!((sent, result), (vec![1, 2], Ok("done")));
/// # });
/// ```
pub const fn retry_with<C, F, Fut, V, E, S>(
    context: C,
    operation: F,
    schedule: S,
) -> Retry<Carrying<C, F>, Plan<S>>
where
    F: FnMut(C, Attempt) -> Fut,
    Fut: Future<Output = (C, Result<V, E>)>,
    S: Schedule,
{
    Retry { operation: Carrying { context: Some(context), f: operation }, plan: Plan::new(schedule) }
}

/// As [`retry`](fn@retry), for an async closure, which may borrow from its surroundings. Its future cannot be proved `Send` today: for what is
/// spawned use [`retry_with`].
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::retry::{retry_async, schedule::constant};
///
/// let mut log = String::new();
/// let write = async |attempt: untether::retry::Attempt| {
///     log.push_str("try ");
///     if attempt.is_first() { Err("busy") } else { Ok(()) }
/// };
/// retry_async(write, constant(Duration::from_millis(1))).on(&rt).await.unwrap();
/// assert_eq!(log, "try try ");
/// # });
/// ```
pub const fn retry_async<F, V, E, S>(operation: F, schedule: S) -> Retry<Lending<F>, Plan<S>>
where
    F: AsyncFnMut(Attempt) -> Result<V, E>,
    S: Schedule,
{
    Retry { operation: Lending(operation), plan: Plan::new(schedule) }
}

/// A retry written behind the function: `fetch.retry(schedule)`. The function takes nothing, or the [`Attempt`].
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::retry::{Retryable, schedule::exponential};
///
/// async fn refused() -> Result<(), &'static str> {
///     Err("connection refused")
/// }
/// let error = refused.retry(exponential(Duration::from_millis(1))).on(&rt).await.unwrap_err();
/// assert_eq!((error.attempts(), *error.last()), (3, "connection refused"));
/// assert_eq!(error.to_string(), "gave up after 3 attempts: no attempt is left");
/// # });
/// ```
pub trait Retryable<Arguments>: Sized {
    /// The operation it makes.
    type Operation;

    /// Tries it again until it goes well. See [`retry`](fn@retry).
    fn retry<S: Schedule>(self, schedule: S) -> Retry<Self::Operation, Plan<S>>;
}

impl<F: FnMut() -> Fut, Fut: Future<Output = Result<V, E>>, V, E> Retryable<()> for F {
    type Operation = Plain<F>;

    fn retry<S: Schedule>(self, schedule: S) -> Retry<Plain<F>, Plan<S>> {
        Retry { operation: Plain(self), plan: Plan::new(schedule) }
    }
}

impl<F: FnMut(Attempt) -> Fut, Fut: Future<Output = Result<V, E>>, V, E> Retryable<(Attempt,)> for F {
    type Operation = Numbered<F>;

    fn retry<S: Schedule>(self, schedule: S) -> Retry<Numbered<F>, Plan<S>> {
        retry(self, schedule)
    }
}

/// An operation, and what is said about trying it again: made by [`retry`](fn@retry) and its siblings, started by [`on`](Self::on).
///
/// # Examples
/// Say what may be retried: only what is safe to do twice, and may go better the next time.
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::retry::{Retryable, StopReason, schedule::Backoff};
///
/// #[derive(Debug)]
/// struct Status(u16);
///
/// let not_found = || async { Err::<(), _>(Status(404)) };
/// let error = not_found.retry(Backoff::standard()).when(|error| error.0 >= 500).on(&rt).await.unwrap_err();
/// assert_eq!((error.attempts(), error.reason()), (1, StopReason::Permanent));
/// # });
/// ```
#[doc(alias = "AsyncRetryManager")]
#[doc(alias = "RetryPolicy")]
#[derive(Clone, Copy)]
#[must_use = "a retry does nothing before `on`"]
pub struct Retry<O, P> {
    pub(crate) operation: O,
    pub(crate) plan: P,
}

impl<O: Operation, S, B, E> Retry<O, Plan<S, EveryError, B, E>> {
    /// Gives a verdict on each result: so that a value can be tried again as well, and the other side asks for a wait.
    ///
    /// The error then has the last `Result`, for the last attempt may have brought a value that was not what was asked for.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use core::time::Duration;
    /// use untether::retry::{Attempt, Verdict, retry, schedule::constant};
    ///
    /// let state = |attempt: Attempt| async move { Ok::<_, ()>(if attempt.number() < 3 { "pending" } else { "ready" }) };
    /// let ready = retry(state, constant(Duration::from_millis(1)))
    ///     .judge(|result| if *result == Ok("ready") { Verdict::Done } else { Verdict::Retry });
    /// assert_eq!(ready.on(&rt).await, Ok("ready"));
    /// # });
    /// ```
    pub fn judge<F>(self, verdict: F) -> Retry<O, Plan<S, ByVerdict<F>, B, E>>
    where
        F: FnMut(&Result<O::Ok, O::Err>) -> Verdict,
    {
        self.planned(|plan| plan.judged_by(|_| ByVerdict(verdict)))
    }

    /// Gives each attempt at most so long. Its error is then an [`AttemptError`](super::AttemptError); say it before what looks at errors.
    ///
    /// An attempt is polled before its time is looked at, and the time begins at its first pending poll.
    pub fn attempt_timeout(self, limit: Duration) -> Retry<Guarded<O::Bare>, Plan<S, EveryError, B, E>>
    where
        O: Guard,
    {
        let Self { operation, plan } = self;
        Retry { operation: Guarded { limit, ..operation.guarded() }, plan }
    }

    /// Takes a panic of the operation for an error, an [`AttemptError`](super::AttemptError), to be tried again as others are. Say it before what
    /// looks at errors.
    ///
    /// Without it a panic goes through. Without the feature `std` no panic can be caught.
    pub fn catch_panic(self) -> Retry<Guarded<O::Bare>, Plan<S, EveryError, B, E>>
    where
        O: Guard,
    {
        let Self { operation, plan } = self;
        Retry { operation: Guarded { catches: true, ..operation.guarded() }, plan }
    }
}

impl<O: Operation, S, J: Judge<O::Ok, O::Err>, B, E> Retry<O, Plan<S, J, B, E>> {
    /// Tries again only when `retryable` says so of the error. Without it, every error is tried again: whatever an operation
    /// may have done before it failed is done twice then. Said twice, both have to agree.
    #[doc(alias = "should_retry")]
    pub fn when<F: FnMut(&J::Last) -> bool>(self, retryable: F) -> Retry<O, Plan<S, When<J, F>, B, E>> {
        self.planned(|plan| plan.judged_by(|judge| When(judge, retryable)))
    }

    /// Finds in the error how long the other side asks to wait, as by `Retry-After`. What the schedule makes of it is its
    /// [hint](super::schedule::Hint) rule: a clamp, unless something else is said.
    pub fn hint<F>(self, hint: F) -> Retry<O, Plan<S, Hinted<J, F>, B, E>>
    where
        F: FnMut(&J::Last) -> Option<Duration>,
    {
        self.planned(|plan| plan.judged_by(|judge| Hinted(judge, hint)))
    }

    /// Tells `f` of every attempt that failed and is followed by another, before the wait.
    #[doc(alias = "notify")]
    pub fn on_retry<F: FnMut(&Failed<'_, J::Last>)>(self, f: F) -> Retry<O, Plan<S, OnRetry<J, F>, B, E>> {
        self.planned(|plan| plan.judged_by(|judge| OnRetry(judge, f)))
    }

    /// Tells an observer the same: a `retry` event, which reads `attempt 1 failed: {error}; retrying in 1.00s`.
    pub fn observed<W: Observer>(self, observer: W) -> Retry<O, Plan<S, Observed<J, W>, B, E>>
    where
        J::Last: fmt::Display,
    {
        self.planned(|plan| plan.judged_by(|judge| Observed(judge, observer)))
    }
}

impl<O, S, J, B, E> Retry<O, Plan<S, J, B, E>> {
    /// Pays for each retry out of a budget that others share.
    pub fn budget<C: Budget>(self, budget: C) -> Retry<O, Plan<S, J, C, E>> {
        self.planned(|plan| plan.paid_by(budget))
    }

    /// Plans no attempt for the deadline or later: a wait that would reach it is not begun, and the last error comes out at once. (A wait
    /// that a busy machine ends late is followed by its attempt all the same.)
    ///
    /// An attempt that runs is not cut off: give it a time of its own by [`attempt_timeout`](Self::attempt_timeout), or put a
    /// [`Deadline::run`] around it all.
    pub fn deadline(self, deadline: Deadline) -> Self {
        self.planned(|plan| Plan { limit: Limit::at(deadline.instant()), ..plan })
    }

    /// As [`deadline`](Self::deadline), counted from the first pending poll or the first failure, whichever comes first; in a
    /// [loop](Retry::attempts), from the first failure.
    ///
    /// There is one limit: this one takes the place of a deadline, and a deadline the place of this one. For both, give the
    /// [earlier](Deadline::min) of two deadlines.
    pub fn within(self, limit: Duration) -> Self {
        self.planned(|plan| Plan { limit: Limit::within(limit), ..plan })
    }

    /// Where jitter comes from. Each run forks numbers of its own from it when it needs the first.
    pub fn entropy<F: Entropy>(self, entropy: F) -> Retry<O, Plan<S, J, B, F>> {
        self.planned(|plan| plan.spread_by(entropy))
    }

    pub(super) fn planned<P>(self, f: impl FnOnce(Plan<S, J, B, E>) -> P) -> Retry<O, P> {
        Retry { operation: self.operation, plan: f(self.plan) }
    }
}

macro_rules! on {
    ($($operation:ident<$parameter:ident>)*) => {$(
        impl<$parameter, S, J, B, E> Retry<$operation<$parameter>, Plan<S, J, B, E>>
        where
            $operation<$parameter>: Operation,
            S: Schedule,
            J: Judge<<$operation<$parameter> as Operation>::Ok, <$operation<$parameter> as Operation>::Err>,
            B: Budget,
            E: Entropy,
        {
            /// Starts it, on a timer: the future of the result.
            ///
            /// An operation that goes well at once costs no look at the clock and registers nothing.
            ///
            /// # Errors
            /// [`RetryError`](super::RetryError), with the last error, when the plan has ended.
            pub fn on<T: Timer>(self, timer: T) -> Retrying<$operation<$parameter>, Course<S, J, B, E>, T>
            where
                $operation<$parameter>: Repeat<T>,
            {
                Retrying::new(self.operation, self.plan, timer)
            }
        }
    )*};
}

on!(Plain<F> Numbered<F> Guarded<O>);

impl<O, P> fmt::Debug for Retry<O, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry").finish_non_exhaustive()
    }
}
