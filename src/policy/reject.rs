//! A rate limit that refuses instead of letting wait: what a server puts before its handlers.

use super::gate::{Gate, Refusal, gates};
use crate::fault::breaker::Transition;
use crate::limit::RateLimiter;
use crate::time::Clock;
use core::future::{Ready, ready};
use core::ops::Deref;

/// Refuses what a [`RateLimiter`] has no cell for, at once: the error says when to come again.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use untether::limit::{Quota, RateLimiter};
/// use untether::policy::{Reject, stack};
///
/// let limiter = RateLimiter::new(Quota::per_second(1).burst(1), &rt);
/// let calls = stack((Reject(&limiter),)).on(&rt);
/// assert_eq!(calls.run(async || Ok::<_, ()>(7)).await.unwrap(), 7);
/// let refused = calls.run(async || Ok::<_, ()>(7)).await.unwrap_err();
/// assert!(refused.is_refused() && refused.retry_after().is_some());
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reject<H>(pub H);

impl<H: Deref<Target = RateLimiter<C>> + Clone, C: Clock, R> Gate<R> for Reject<H> {
    const NAME: &'static str = "rate limiter";
    type Pass = ();
    type Admission = Ready<Result<(), Refusal>>;

    #[inline]
    fn try_admit(&self) -> Option<()> {
        self.0.try_acquire(1).ok()
    }

    fn admit(self) -> Self::Admission {
        ready(self.0.try_acquire(1).map_err(Refusal::Limited))
    }

    #[inline]
    fn settle((): (), _: &R) -> Option<Transition> {
        None
    }
}

gates!([H,] Reject<H>;);
