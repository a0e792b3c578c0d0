//! Why a call was not made.

use super::transition::Transition;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// Why a [`CircuitBreaker`](super::CircuitBreaker) lets nobody through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// It is open: too many calls failed, or were slow.
    Open,
    /// It is half open, and as many probe as may.
    HalfOpen,
    /// It was [forced open](super::CircuitBreaker::force_open).
    Forced,
    /// It is [isolated](super::CircuitBreaker::isolate).
    Isolated,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "circuit open",
            Self::HalfOpen => "circuit half open: others are trying",
            Self::Forced => "circuit forced open",
            Self::Isolated => "circuit isolated",
        })
    }
}

/// A call that was refused: it was not made. Gives the operation back, where there is one.
///
/// It displays as `circuit open: retry in 12.3s`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rejected<F = ()> {
    operation: F,
    reason: Reason,
    retry_after: Option<Duration>,
    transition: Option<Transition>,
}

impl Rejected {
    pub(super) const fn new(reason: Reason, retry_after: Option<Duration>) -> Self {
        Self { operation: (), reason, retry_after, transition: None }
    }

    /// By a change of state that it brought about, and so long it takes from now.
    pub(super) const fn by(mut self, transition: Transition, retry_after: Option<Duration>) -> Self {
        (self.transition, self.retry_after) = (Some(transition), retry_after);
        self
    }

    /// Of that operation.
    pub(super) fn of<F>(self, operation: F) -> Rejected<F> {
        let Self { operation: (), reason, retry_after, transition } = self;
        Rejected { operation, reason, retry_after, transition }
    }
}

impl<F> Rejected<F> {
    /// Why.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// How long it takes until a call may probe. Not known where probes are under way, where it was forced, and in the moment in which it opens.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The change of state that this call brought about: it found that the probes [hung](super::Why::ProbesHung).
    #[must_use]
    pub const fn transition(&self) -> Option<Transition> {
        self.transition
    }

    /// The operation, as it was given.
    #[must_use]
    pub fn into_inner(self) -> F {
        self.operation
    }

    /// The same without the operation.
    #[must_use]
    pub fn without_operation(&self) -> Rejected {
        let Self { reason, retry_after, transition, .. } = *self;
        Rejected { operation: (), reason, retry_after, transition }
    }
}

impl<F> fmt::Debug for Rejected<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("reason", &self.reason)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl<F> fmt::Display for Rejected<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)?;
        match self.retry_after {
            Some(wait) => write!(f, ": retry in {:.1}s", wait.as_secs_f64()),
            None => Ok(()),
        }
    }
}

impl<F> Error for Rejected<F> {}

/// Why [`run`](super::CircuitBreaker::run) brought no value: the call was not made, or it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RunError<F, E> {
    /// It was not made.
    Rejected(Rejected<F>),
    /// It failed, by itself.
    Failed(E),
}

impl<F, E> RunError<F, E> {
    /// The refusal, if it was not made.
    pub fn rejected(self) -> Option<Rejected<F>> {
        match self {
            Self::Rejected(rejected) => Some(rejected),
            Self::Failed(_) => None,
        }
    }

    /// Its own error, if it was made.
    pub fn failed(self) -> Option<E> {
        match self {
            Self::Rejected(_) => None,
            Self::Failed(error) => Some(error),
        }
    }
}

impl<F, E: fmt::Debug> fmt::Debug for RunError<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejected) => f.debug_tuple("Rejected").field(rejected).finish(),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
        }
    }
}

impl<F, E: fmt::Display> fmt::Display for RunError<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejected) => rejected.fmt(f),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<F, E: Error> Error for RunError<F, E> {
    /// That of the operation's own error, which this displays as.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Rejected(_) => None,
            Self::Failed(error) => error.source(),
        }
    }
}
