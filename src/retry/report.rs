//! What is told of an attempt that failed, and what comes out when all have.

use super::Attempt;
use crate::time::Instant;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// An attempt failed, and another one follows.
#[derive(Debug)]
pub struct Failed<'a, L> {
    attempt: Attempt,
    last: &'a L,
    delay: Duration,
}

impl<'a, L> Failed<'a, L> {
    pub(super) const fn new(attempt: Attempt, last: &'a L, delay: Duration) -> Self {
        Self { attempt, last, delay }
    }

    /// Which one failed.
    #[must_use]
    pub const fn attempt(&self) -> Attempt {
        self.attempt
    }

    /// What it left: its error, or its result where a [verdict](super::Retry::judge) is given on results.
    #[must_use]
    pub const fn last(&self) -> &'a L {
        self.last
    }

    /// How long it is until the next one.
    #[must_use]
    pub const fn delay(&self) -> Duration {
        self.delay
    }
}

/// `attempt 1 failed: connection refused; retrying in 1.00s`
impl<L: fmt::Display> fmt::Display for Failed<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}; retrying in {:.2?}", self.attempt, self.last, self.delay)
    }
}

/// No attempt brought what was asked for.
///
/// `last` is the error of the last attempt itself; with [`Retry::judge`](super::Retry::judge), which may refuse values as well, it
/// is the last `Result`.
///
/// It is an [`Error`] where `last` is one, and so goes through `?` into a `Box<dyn Error>`. A `Box<dyn Error>` itself, and an error of the same
/// kind from another crate, is none: there, and wherever the operation's own error is wanted, `?` comes after
/// `map_err(RetryError::into_last)`.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::error::Error;
/// use core::time::Duration;
/// use untether::retry::{RetryError, Retryable, schedule::constant};
///
/// let parse = || async { Ok::<u32, Box<dyn Error + Send + Sync>>("7".parse()?) };
/// let parsed = parse.retry(constant(Duration::from_millis(1))).on(&rt).await.map_err(RetryError::into_last)?;
/// assert_eq!(parsed, 7);
/// # Ok::<(), Box<dyn Error + Send + Sync>>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RetryError<L> {
    last: L,
    story: Story,
}

/// How a retry came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Story {
    pub(crate) attempts: u32,
    /// In nanoseconds: whoever carries a story along carries it through every layer of a stack.
    elapsed: u64,
    pub(crate) reason: StopReason,
}

impl Story {
    const fn new(attempts: u32, elapsed: Duration, reason: StopReason) -> Self {
        let elapsed = Instant::from_nanos(0).saturating_add(elapsed).as_nanos();
        Self { attempts, elapsed, reason }
    }

    pub(crate) const fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed)
    }
}

impl<L> RetryError<L> {
    pub(super) const fn new(last: L, attempts: u32, elapsed: Duration, reason: StopReason) -> Self {
        Self { last, story: Story::new(attempts, elapsed, reason) }
    }

    /// All but what was left.
    pub(crate) const fn story(&self) -> Story {
        self.story
    }

    /// What the last attempt left.
    #[must_use]
    pub const fn last(&self) -> &L {
        &self.last
    }

    /// What the last attempt left, to keep.
    #[must_use]
    pub fn into_last(self) -> L {
        self.last
    }

    /// How many calls were made.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.story.attempts
    }

    /// How long it took from the first failure to the last: zero if there was one only.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.story.elapsed()
    }

    /// Why there was no further attempt.
    #[must_use]
    pub const fn reason(&self) -> StopReason {
        self.story.reason
    }
}

/// `gave up after 3 attempts: no attempt is left`
impl<L> fmt::Display for RetryError<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Story { attempts, reason, .. } = self.story;
        let s = if attempts == 1 { "" } else { "s" };
        write!(f, "gave up after {attempts} attempt{s}: {reason}")
    }
}

impl<L: Error + 'static> Error for RetryError<L> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.last)
    }
}

/// Why there was no further attempt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum StopReason {
    /// What the attempt left is not to be retried.
    Permanent,
    /// The schedule has ended.
    Exhausted,
    /// The next attempt would have begun after the deadline.
    Deadline,
    /// The budget for retries is used up.
    Budget,
    /// The operation cannot be called again.
    Once,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Permanent => "the error is permanent",
            Self::Exhausted => "no attempt is left",
            Self::Deadline => "the next would begin after the deadline",
            Self::Budget => "the budget for retries is used up",
            Self::Once => "it cannot be called again",
        })
    }
}
