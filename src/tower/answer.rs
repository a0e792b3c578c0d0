//! Errors of a stack in the words of HTTP.

use crate::limit::bulkhead::AcquireError;
use crate::policy::{Cause, Error};
use core::time::Duration;

/// What to answer over HTTP where a stack gave an error. `own` says it for an error of the service's own.
///
/// It knows of no library for HTTP: a status is a number. Nothing of the error's text is in the answer, so nothing of the inside comes out.
///
/// # The table
/// | cause | status | `Retry-After` |
/// |---|---|---|
/// | [`Failed`](Cause::Failed) | what `own` says: upstream's own status, passed on | what `own` says |
/// | [`TimedOut`](Cause::TimedOut) | 504 | – |
/// | [`Limited`](Cause::Limited) | 429 | when there is a cell again |
/// | [`Full`](Cause::Full), because it was closed | 503 | – |
/// | [`Full`](Cause::Full) else | 503 | one second |
/// | [`Open`](Cause::Open) | 503 | when the breaker tries again; one second, if it does not know |
/// | [`Panicked`](Cause::Panicked) | 500 | – |
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::limit::{Quota, RateLimiter};
/// use untether::policy::{Reject, stack};
/// use untether::tower::{Answer, answer};
///
/// let limiter = RateLimiter::new(Quota::per_minute(1).burst(1), &rt);
/// let calls = stack((Reject(&limiter),)).on(&rt);
/// let not_found = async || Err::<(), u16>(404);
///
/// let error = calls.run(not_found).await.unwrap_err();
/// assert_eq!(answer(&error, |status| Answer::new(*status)).status(), 404);
///
/// let error = calls.run(not_found).await.unwrap_err();
/// let answer = answer(&error, |status| Answer::new(*status));
/// assert_eq!((answer.status(), answer.text()), (429, "too many requests"));
/// assert_eq!(answer.retry_after().unwrap().as_secs(), 60);
/// # });
/// ```
pub fn answer<E>(error: &Error<E>, own: impl FnOnce(&E) -> Answer) -> Answer {
    match error.cause() {
        Cause::Failed(error) => own(error),
        Cause::TimedOut(_) => Answer::new(504),
        Cause::Limited(limited) => {
            Answer { retry_after: limited.retry_after().map(whole_seconds), ..Answer::new(429) }
        }
        Cause::Full(AcquireError::Closed) => Answer::new(503),
        Cause::Full(AcquireError::Full | AcquireError::TimedOut) => Answer::new(503).after(Duration::ZERO),
        Cause::Open(_) => Answer::new(503).after(error.retry_after().unwrap_or_default()),
        Cause::Panicked(_) => Answer::new(500),
    }
}

/// An answer over HTTP: the status, and how long to wait before one asks again. Given by [`answer`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Answer {
    status: u16,
    retry_after: Option<Duration>,
}

impl Answer {
    /// With that status. A number that no answer ends with, below 200 or above 599, becomes 500: it comes from elsewhere, and a server
    /// goes on.
    #[must_use]
    pub const fn new(status: u16) -> Self {
        let status = if status < 200 || status > 599 { 500 } else { status };
        Self { status, retry_after: None }
    }

    /// With a `Retry-After`: in whole seconds, rounded up, 1 at least.
    #[must_use]
    pub const fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(whole_seconds(wait)), ..self }
    }

    /// The status, from 200 to 599.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// How long to wait before one asks again, in whole seconds, as the header `Retry-After` wants it:
    /// [`as_secs`](Duration::as_secs).
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Something to say in a body: the same for each error of that status.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        match self.status {
            404 => "not found",
            429 => "too many requests",
            400..=499 => "refused",
            502 => "no valid answer from upstream",
            503 => "not available now",
            504 => "no answer in time",
            500..=599 => "internal error",
            _ => "",
        }
    }
}

/// Earlier would be too early; and 0 would be at once.
const fn whole_seconds(wait: Duration) -> Duration {
    let begun = (wait.subsec_nanos() != 0) as u64;
    let seconds = wait.as_secs().saturating_add(begun);
    Duration::from_secs(if seconds == 0 { 1 } else { seconds })
}
