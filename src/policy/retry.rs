//! A retry, as a policy: the rules of [`Retry::new`](crate::retry::Retry::new).

use super::env::Env;
use super::error::{Cause, Error};
use super::op::{Op, Repeated};
use super::stack::Policy;
use crate::limit::bulkhead;
use crate::observe::{Event, Observer, Value};
use crate::retry::budget::Budget;
use crate::retry::schedule::Schedule;
use crate::retry::{Attempt, Body, Course, Failed, Judge, Judged, Plan, Repeat, Retry, RetryError, Retrying};
use crate::sys::opaque::opaque;
use crate::time::{Entropy, Timer};
use alloc::format;
use alloc::string::ToString;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// What a failed attempt leaves in a stack: an [`Error`], or, where values are judged as well, the `Result`.
pub trait Left<V, X> {
    #[doc(hidden)]
    fn error(&self) -> Option<&Error<X>>;

    #[doc(hidden)]
    fn into_result(ended: RetryError<Self>) -> Result<V, Error<X>>
    where
        Self: Sized;
}

impl<V, X> Left<V, X> for Error<X> {
    fn error(&self) -> Option<&Error<X>> {
        Some(self)
    }

    fn into_result(ended: RetryError<Self>) -> Result<V, Error<X>> {
        let story = ended.story();
        Err(ended.into_last().after_retries(story))
    }
}

/// A value that was refused to the last is given back: it is what there is.
impl<V, X> Left<V, X> for Result<V, Error<X>> {
    fn error(&self) -> Option<&Error<X>> {
        self.as_ref().err()
    }

    fn into_result(ended: RetryError<Self>) -> Self {
        let story = ended.story();
        ended.into_last().map_err(|error| error.after_retries(story))
    }
}

/// The judge of a stack: it knows what its own errors say, and tells the observer.
#[derive(Clone, Copy)]
pub struct Stacked<J, W> {
    judge: J,
    observer: W,
}

impl<V, X, J, W> Judge<V, Error<X>> for Stacked<J, W>
where
    J: Judge<V, Error<X>, Last: Left<V, X>>,
    X: fmt::Display,
    W: Observer,
{
    type Last = J::Last;

    #[inline(always)]
    fn judge(&mut self, result: Result<V, Error<X>>) -> Judged<V, J::Last> {
        match self.judge.judge(result) {
            Judged::Again(last, hint) => again(last, hint),
            judged => judged,
        }
    }

    fn tell(&mut self, failed: &Failed<'_, J::Last>) {
        self.judge.tell(failed);
        if !self.observer.is_listening() {
            return;
        }
        let error = failed.last().error().map(ToString::to_string);
        let error = error.as_deref().unwrap_or("not what was asked for");
        let sentence = format!("{} failed: {error}; retrying in {:.2?}", failed.attempt(), failed.delay());
        let event = Event::new("retry").said(&sentence).field("error", Value::Text(error));
        let event = event.field("attempt", Value::Count(failed.attempt().number().into()));
        self.observer.on(&event.field("delay", Value::Duration(failed.delay())));
    }
}

/// What is closed stays so; who refused and said for how long is not asked before, as far as the schedule waits for it.
#[cold]
fn again<V, X, L: Left<V, X>>(last: L, hint: Option<Duration>) -> Judged<V, L> {
    let Some(error) = last.error() else { return Judged::Again(last, hint) };
    if matches!(error.cause(), Cause::Full(bulkhead::AcquireError::Closed)) {
        return Judged::Final(last);
    }
    let hint = hint.or(error.retry_after());
    Judged::Again(last, hint)
}

opaque!(Stacked<J, W>);

type CourseOf<S, J, B, W, N> = Course<S, Stacked<J, W>, B, N>;

impl<O, X, S, J, B, T, W, N> Policy<O, Env<T, W, N>> for Retry<Body, Plan<S, J, B>>
where
    O: Op<Err = Error<X>>,
    X: fmt::Display,
    S: Schedule + Clone,
    J: Judge<O::Ok, Error<X>, Last: Left<O::Ok, X>> + Clone,
    B: Budget + Clone,
    T: Timer + Clone,
    W: Observer + Clone,
    N: Entropy + Clone,
{
    type Ok = O::Ok;
    type Err = Error<X>;
    type Future = Retried<O, CourseOf<S, J, B, W, N>, T>;

    #[inline(always)]
    fn run(&self, operation: O, env: &Env<T, W, N>, _: Attempt) -> Self::Future {
        let observer = env.observer.clone();
        let plan = self.clone().into_plan().spread_by(env.entropy.clone());
        let plan = plan.judged_by(|judge| Stacked { judge, observer });
        Retried { retrying: Retrying::new(Repeated::new(operation), plan, env.timer.clone()) }
    }
}

pin_project_lite::pin_project! {
    /// An operation that is tried until it goes well or the plan has ended.
    ///
    /// # Cancel safety
    /// As of [`Retrying`].
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Retried<O: Op, C, T: Timer> {
        #[pin]
        retrying: Retrying<Repeated<O>, C, T>,
    }
}

impl<O, X, S, J, B, T, N> Future for Retried<O, Course<S, J, B, N>, T>
where
    O: Op<Err = Error<X>>,
    S: Schedule,
    J: Judge<O::Ok, Error<X>, Last: Left<O::Ok, X>>,
    B: Budget,
    T: Timer,
    N: Entropy,
    Repeated<O>: Repeat<T, Ok = O::Ok, Err = Error<X>>,
{
    type Output = Result<O::Ok, Error<X>>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.project().retrying.poll(cx);
        polled.map(|result| result.or_else(J::Last::into_result))
    }
}

impl<O: Op, C: fmt::Debug, T: Timer> fmt::Debug for Retried<O, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Retried").field(&self.retrying).finish()
    }
}
