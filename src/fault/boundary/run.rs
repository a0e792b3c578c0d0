//! How a retry and a fallback become a boundary: what is judged before either of them is asked, and what is reported.

use super::recoverable::Recovers;
use super::report::{Report, Told};
use crate::fault::fallback::{self, Cover};
use crate::retry::{AttemptError, Failed, Guarded, Judge, Judged, Numbered, RetryError, Retrying};
use crate::spawn::Panicked;
use crate::sys::opaque::opaque;
use crate::time::Elapsed;
use core::any::type_name;
use core::fmt;
use core::time::Duration;

/// What comes out of a [`Boundary`](super::Boundary) when nothing is given instead: how often it was tried, and how the last attempt
/// failed.
pub type Failure<E> = RetryError<AttemptError<E>>;

/// The future of an operation `F` behind a [`Boundary`](super::Boundary), on a timer `T`; `C` is the course of its retry, `R` what is
/// given and reported, and `G` the future of that. Made by [`Boundary::run`](super::Boundary::run).
pub type Guarding<F, C, T, R, G> = fallback::Run<Retrying<Guarded<Numbered<F>>, C, T>, R, G>;

/// What can be recovered from, and who is told: what the retry and the arms have in common.
#[derive(Clone, Copy)]
pub struct Watch<R, W> {
    pub(super) operation: &'static str,
    pub(super) recovers: R,
    pub(super) reports: bool,
    pub(super) report: W,
}

impl<R, W> Watch<R, W> {
    fn tell<E>(&self, error: &AttemptError<E>, attempts: u32, recoverable: bool, delay: Option<Duration>)
    where
        W: Report<AttemptError<E>>,
    {
        if !self.reports {
            return;
        }
        let error_type = match error {
            AttemptError::Failed(_) => type_name::<E>(),
            AttemptError::TimedOut(_) => type_name::<Elapsed>(),
            AttemptError::Panicked(_) => type_name::<Panicked>(),
        };
        let operation = self.operation;
        self.report.failed(&Told { operation, error, error_type, attempts, recoverable, delay });
    }
}

/// What is given, is given for what can be recovered from; and every failure is reported.
impl<E, R, W> Cover<Failure<E>> for Watch<R, W>
where
    R: Recovers<E>,
    W: Report<AttemptError<E>>,
{
    fn covers(&self, failure: &Failure<E>) -> bool {
        self.recovers.recovers(failure.last())
    }

    fn failed(&self, failure: &Failure<E>) {
        let recoverable = self.recovers.recovers(failure.last());
        self.tell(failure.last(), failure.attempts(), recoverable, None);
    }

    fn used(&self, failure: &Failure<E>) {
        self.report.used(self.operation, failure.last());
    }
}

/// Judges the results of a [`Boundary`](super::Boundary): what cannot be recovered from is final, whatever its retry says.
#[derive(Clone, Copy)]
pub struct Judging<J, U>(pub(super) J, pub(super) U);

impl<V, E, J, R, W> Judge<V, AttemptError<E>> for Judging<J, Watch<R, W>>
where
    J: Judge<V, AttemptError<E>, Last = AttemptError<E>>,
    R: Recovers<E>,
    W: Report<AttemptError<E>>,
{
    type Last = AttemptError<E>;

    #[inline]
    fn judge(&mut self, result: Result<V, AttemptError<E>>) -> Judged<V, AttemptError<E>> {
        match result {
            Err(error) if !self.1.recovers.recovers(&error) => Judged::Final(error),
            result => self.0.judge(result),
        }
    }

    fn tell(&mut self, failed: &Failed<'_, AttemptError<E>>) {
        self.0.tell(failed);
        self.1.tell(failed.last(), failed.attempt().number(), true, Some(failed.delay()));
    }
}

impl<R: fmt::Debug, W> fmt::Debug for Watch<R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut this = f.debug_struct("Watch");
        this.field("operation", &self.operation).field("recovers", &self.recovers).finish_non_exhaustive()
    }
}

opaque!(Judging<J, U>);
