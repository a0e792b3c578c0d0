//! Which results are tried again, and who is told.

use super::report::Failed;
use crate::observe::{Event, Observer, Value};
use crate::sys::opaque::opaque;
use alloc::string::ToString;
use core::fmt;
use core::time::Duration;

/// What is to become of a result. See [`Retry::judge`](super::Retry::judge).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// That is it: a value is given back, an error as one that is not retried.
    Done,
    /// Once more, if the schedule has another attempt.
    Retry,
    /// Once more, and the other side asks for so long a wait.
    RetryAfter(Duration),
}

/// A result, judged.
#[derive(Debug)]
pub enum Judged<V, L> {
    /// What was asked for.
    Done(V),
    /// Not to be tried again.
    Final(L),
    /// To be tried again, after the wait that the other side asks for.
    Again(L, Option<Duration>),
}

/// Judges results of type `Result<V, E>`. What is implemented comes from the setters of [`Retry`](super::Retry).
pub trait Judge<V, E> {
    /// What a failed attempt leaves behind, for the error.
    type Last;

    /// Judges one.
    fn judge(&mut self, result: Result<V, E>) -> Judged<V, Self::Last>;

    /// Is told that an attempt failed and another one follows.
    fn tell(&mut self, failed: &Failed<'_, Self::Last>) {
        let _ = failed;
    }
}

/// Every error is tried again: the default.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct EveryError;

impl<V, E> Judge<V, E> for EveryError {
    type Last = E;

    #[inline]
    fn judge(&mut self, result: Result<V, E>) -> Judged<V, E> {
        match result {
            Ok(value) => Judged::Done(value),
            Err(error) => Judged::Again(error, None),
        }
    }
}

/// What would be tried again is, when a function says so as well. See [`Retry::when`](super::Retry::when).
#[derive(Clone, Copy)]
pub struct When<J, F>(pub(super) J, pub(super) F);

impl<V, E, J: Judge<V, E>, F: FnMut(&J::Last) -> bool> Judge<V, E> for When<J, F> {
    type Last = J::Last;

    #[inline]
    fn judge(&mut self, result: Result<V, E>) -> Judged<V, J::Last> {
        match self.0.judge(result) {
            Judged::Again(last, _) if !(self.1)(&last) => Judged::Final(last),
            judged => judged,
        }
    }

    fn tell(&mut self, failed: &Failed<'_, J::Last>) {
        self.0.tell(failed);
    }
}

/// Results are tried again when a function says so. See [`Retry::judge`](super::Retry::judge).
#[derive(Clone, Copy)]
pub struct ByVerdict<F>(pub(super) F);

impl<V, E, F: FnMut(&Result<V, E>) -> Verdict> Judge<V, E> for ByVerdict<F> {
    type Last = Result<V, E>;

    #[inline]
    fn judge(&mut self, result: Result<V, E>) -> Judged<V, Result<V, E>> {
        match ((self.0)(&result), result) {
            (Verdict::Done, Ok(value)) => Judged::Done(value),
            (Verdict::Done, error) => Judged::Final(error),
            (Verdict::Retry, result) => Judged::Again(result, None),
            (Verdict::RetryAfter(wait), result) => Judged::Again(result, Some(wait)),
        }
    }
}

/// Finds the wait that the other side asks for in the error. See [`Retry::hint`](super::Retry::hint).
#[derive(Clone, Copy)]
pub struct Hinted<J, F>(pub(super) J, pub(super) F);

impl<V, E, J: Judge<V, E>, F: FnMut(&J::Last) -> Option<Duration>> Judge<V, E> for Hinted<J, F> {
    type Last = J::Last;

    fn judge(&mut self, result: Result<V, E>) -> Judged<V, J::Last> {
        match self.0.judge(result) {
            Judged::Again(last, wait) => {
                let wait = (self.1)(&last).or(wait);
                Judged::Again(last, wait)
            }
            judged => judged,
        }
    }

    fn tell(&mut self, failed: &Failed<'_, J::Last>) {
        self.0.tell(failed);
    }
}

/// Tells a function of every retry. See [`Retry::on_retry`](super::Retry::on_retry).
#[derive(Clone, Copy)]
pub struct OnRetry<J, F>(pub(super) J, pub(super) F);

impl<V, E, J: Judge<V, E>, F: FnMut(&Failed<'_, J::Last>)> Judge<V, E> for OnRetry<J, F> {
    type Last = J::Last;

    #[inline]
    fn judge(&mut self, result: Result<V, E>) -> Judged<V, J::Last> {
        self.0.judge(result)
    }

    fn tell(&mut self, failed: &Failed<'_, J::Last>) {
        self.0.tell(failed);
        (self.1)(failed);
    }
}

/// Tells an observer of every retry. See [`Retry::observed`](super::Retry::observed).
#[derive(Clone, Copy)]
pub struct Observed<J, O>(pub(super) J, pub(super) O);

impl<V, E, J: Judge<V, E, Last: fmt::Display>, O: Observer> Judge<V, E> for Observed<J, O> {
    type Last = J::Last;

    #[inline]
    fn judge(&mut self, result: Result<V, E>) -> Judged<V, J::Last> {
        self.0.judge(result)
    }

    fn tell(&mut self, failed: &Failed<'_, J::Last>) {
        self.0.tell(failed);
        if !self.1.is_listening() {
            return;
        }
        let (error, sentence) = (failed.last().to_string(), failed.to_string());
        let event = Event::new("retry").said(&sentence).field("error", Value::Text(&error));
        let event = event.field("attempt", Value::Count(failed.attempt().number().into()));
        self.1.on(&event.field("delay", Value::Duration(failed.delay())));
    }
}

opaque!(When<J, F> ByVerdict<F> Hinted<J, F> OnRetry<J, F> Observed<J, O>);
