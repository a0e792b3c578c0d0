//! What comes out of a stack when it does not go well: one flat type, however many policies there are.

use crate::fault::{Fault, Kind, breaker};
use crate::limit::{bulkhead, rate};
use crate::retry::{StopReason, Story};
use crate::spawn::Panicked;
use crate::time::Elapsed;
use alloc::boxed::Box;
use core::error::Error as StdError;
use core::fmt;
use core::time::Duration;

/// Why an operation that ran through a stack gave nothing.
///
/// One type, whatever the stack is made of: the [`Cause`], and how often it was tried. A policy does not wrap what the one inside of it
/// said, so that nobody has to unwrap four layers to find that the service answered 404.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::policy::{Cause, Timeout, stack};
/// use untether::retry::{Retry, StopReason, schedule::constant};
///
/// let calls = stack((Timeout::new(Duration::from_secs(1)), Retry::new(constant(Duration::from_millis(1)))));
/// let error = calls.on(&rt).run(async || Err::<(), _>("connection refused")).await.unwrap_err();
///
/// assert!(matches!(error.cause(), Cause::Failed("connection refused")));
/// assert_eq!((error.attempts(), error.stopped()), (3, Some(StopReason::Exhausted)));
/// assert_eq!(error.to_string(), "connection refused (after 3 attempts: no attempt is left)");
/// # });
/// ```
#[derive(Debug)]
pub struct Error<E> {
    cause: Cause<E>,
    retried: Option<Story>,
}

/// Why the last attempt gave nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause<E> {
    /// The operation's own error.
    Failed(E),
    /// A [`Timeout`](super::Timeout) passed: its name and length say which.
    TimedOut(Elapsed),
    /// A [`CircuitBreaker`](crate::fault::CircuitBreaker) let nothing through.
    Open {
        /// Why.
        reason: breaker::Reason,
        /// How long it takes until a call may probe, where that is known.
        retry_after: Option<Duration>,
    },
    /// There was no room in a [`Bulkhead`](crate::limit::Bulkhead), or in an [`AdaptiveLimit`](crate::limit::AdaptiveLimit).
    Full(bulkhead::AcquireError),
    /// A [`RateLimiter`](crate::limit::RateLimiter) [refused](super::Reject) it.
    Limited(rate::TryAcquireError),
    /// The operation panicked inside of what catches panics.
    Panicked(Box<Panicked>),
}

impl<E> Error<E> {
    /// The operation's own error.
    pub const fn failed(error: E) -> Self {
        Self::of(Cause::Failed(error))
    }

    pub(super) const fn of(cause: Cause<E>) -> Self {
        Self { cause, retried: None }
    }

    /// Of several retries around each other, the outermost has the last word.
    pub(super) fn after_retries(self, story: Story) -> Self {
        Self { retried: Some(story), ..self }
    }

    /// Why the last attempt gave nothing.
    pub const fn cause(&self) -> &Cause<E> {
        &self.cause
    }

    /// The same, to keep.
    pub fn into_cause(self) -> Cause<E> {
        self.cause
    }

    /// The operation's own error, where that is the cause.
    pub const fn inner(&self) -> Option<&E> {
        match &self.cause {
            Cause::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// The operation's own error, to keep; else what this is.
    ///
    /// # Errors
    /// This, if the cause is another.
    pub fn into_inner(self) -> Result<E, Self> {
        match self.cause {
            Cause::Failed(error) => Ok(error),
            cause => Err(Self { cause, ..self }),
        }
    }

    /// How many attempts the outermost retry made that came to its end: 1, where there was none.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.retried.map_or(1, |retried| retried.attempts)
    }

    /// Why that retry made no further attempt, where there was one.
    #[must_use]
    pub fn stopped(&self) -> Option<StopReason> {
        self.retried.map(|retried| retried.reason)
    }

    /// How long it took from the first failure to the last: zero if there was one only.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.retried.map_or(Duration::ZERO, |retried| retried.elapsed())
    }

    /// Whether a limit in time of ours passed.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self.cause, Cause::TimedOut(_))
    }

    /// Whether it was refused by a policy, and so was not called, the last time at least.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        matches!(self.cause, Cause::Open { .. } | Cause::Full(_) | Cause::Limited(_))
    }

    /// When it makes sense to come again, where the policy that refused it knows.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match &self.cause {
            Cause::Open { retry_after, .. } => *retry_after,
            Cause::Limited(limited) => limited.retry_after(),
            _ => None,
        }
    }

    /// Makes another error of the operation's own.
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Error<F> {
        let Self { cause, retried } = self;
        let cause = match cause {
            Cause::Failed(error) => Cause::Failed(f(error)),
            Cause::TimedOut(elapsed) => Cause::TimedOut(elapsed),
            Cause::Open { reason, retry_after } => Cause::Open { reason, retry_after },
            Cause::Full(full) => Cause::Full(full),
            Cause::Limited(limited) => Cause::Limited(limited),
            Cause::Panicked(panicked) => Cause::Panicked(panicked),
        };
        Error { cause, retried }
    }
}

impl<E> Fault for Error<E> {
    fn kind(&self) -> Kind {
        match &self.cause {
            Cause::Failed(_) => Kind::Failed,
            Cause::TimedOut(_) => Kind::TimedOut,
            Cause::Panicked(_) => Kind::Panicked,
            Cause::Open { .. } | Cause::Full(_) | Cause::Limited(_) => Kind::Refused,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after()
    }
}

/// `connection refused (after 3 attempts: no attempt is left)`
impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)?;
        let Some(Story { attempts, reason, .. }) = self.retried else {
            return Ok(());
        };
        let s = if attempts == 1 { "" } else { "s" };
        write!(f, " (after {attempts} attempt{s}: {reason})")
    }
}

impl<E: fmt::Display> fmt::Display for Cause<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::TimedOut(elapsed) => elapsed.fmt(f),
            Self::Open { reason, retry_after: Some(wait) } => {
                write!(f, "{reason}: retry in {:.1}s", wait.as_secs_f64())
            }
            Self::Open { reason, retry_after: None } => reason.fmt(f),
            // It may have been any limit, and so is not called a bulkhead.
            Self::Full(bulkhead::AcquireError::Full) => f.write_str("full: as many run and wait as may"),
            Self::Full(bulkhead::AcquireError::TimedOut) => f.write_str("full: no place came free in time"),
            Self::Full(bulkhead::AcquireError::Closed) => f.write_str("closed: nothing is let in any more"),
            Self::Limited(limited) => limited.fmt(f),
            Self::Panicked(panicked) => panicked.fmt(f),
        }
    }
}

/// The operation's own error is shown as this error, so its source is what that one's is.
impl<E: StdError + 'static> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner().and_then(StdError::source)
    }
}
