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
    of(error.cause(), own)
}

fn of<E>(cause: &Cause<E>, own: impl FnOnce(&E) -> Answer) -> Answer {
    match cause {
        Cause::Failed(error) => own(error),
        Cause::TimedOut(_) => Answer::new(504),
        Cause::Limited(limited) => {
            Answer { retry_after: limited.retry_after().map(whole_seconds), ..Answer::new(429) }
        }
        Cause::Full(AcquireError::Closed) => Answer::new(503),
        Cause::Full(AcquireError::Full | AcquireError::TimedOut) => Answer::new(503).after(Duration::ZERO),
        Cause::Open { retry_after, .. } => Answer::new(503).after(retry_after.unwrap_or_default()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::breaker::Reason;
    use crate::limit::rate;
    use crate::spawn::Panicked;
    use alloc::boxed::Box;
    use alloc::format;

    fn row(cause: &Cause<u16>) -> (u16, Option<u64>) {
        let answer = of(cause, |status| Answer::new(*status));
        (answer.status(), answer.retry_after().map(|wait| wait.as_secs()))
    }

    #[test]
    fn each_cause_has_its_row() {
        let denied = |wait| Cause::Limited(rate::TryAcquireError::Denied { wait });
        let ms = Duration::from_millis;
        assert_eq!(row(&Cause::Failed(404)), (404, None));
        assert_eq!(row(&denied(ms(1_500))), (429, Some(2)));
        assert_eq!(row(&Cause::Limited(rate::TryAcquireError::TooLarge { burst: 1 })), (429, None));
        assert_eq!(row(&Cause::Full(AcquireError::Full)), (503, Some(1)));
        assert_eq!(row(&Cause::Full(AcquireError::TimedOut)), (503, Some(1)));
        assert_eq!(row(&Cause::Full(AcquireError::Closed)), (503, None));
        let open = |retry_after| Cause::Open { reason: Reason::Open, retry_after };
        assert_eq!(row(&open(Some(ms(29_001)))), (503, Some(30)));
        assert_eq!(row(&open(None)), (503, Some(1)));
        assert_eq!(row(&Cause::Panicked(Box::new(Panicked::new(Box::new("with a secret"))))), (500, None));
    }

    #[test]
    fn a_wait_is_whole_seconds_and_never_none() {
        let after = |wait| Answer::new(503).after(wait).retry_after().unwrap();
        for (wait, seconds) in [(0, 1), (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2)] {
            assert_eq!(after(Duration::from_nanos(wait)), Duration::from_secs(seconds));
        }
        assert_eq!(after(Duration::MAX), Duration::from_secs(u64::MAX));
    }

    #[test]
    fn what_is_no_final_status_is_answered_as_our_own_fault() {
        for status in [0, 100, 199, 600, u16::MAX] {
            assert_eq!(Answer::new(status).status(), 500);
        }
        for status in [200, 304, 404, 418, 599] {
            assert_eq!(Answer::new(status).status(), status);
        }
    }

    #[test]
    fn a_body_tells_nothing_of_the_inside() {
        let secret = "password 1234 of db7";
        let causes = [
            Cause::Failed(secret),
            Cause::Full(AcquireError::Full),
            Cause::Panicked(Box::new(Panicked::new(Box::new(secret)))),
        ];
        for cause in &causes {
            let answer = of(cause, |_| Answer::new(500));
            assert!(!format!("{answer:?} {}", answer.text()).contains("1234"));
        }
    }
}
