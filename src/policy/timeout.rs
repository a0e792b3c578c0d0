//! A limit in time, as a policy.

use super::env::Env;
use super::error::{Cause, Error};
use super::op::Op;
use super::stack::Policy;
use crate::observe::Observer;
use crate::retry::Attempt;
use crate::time::{self, Timer, timeout};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// Gives what is inside of it at most so long, as [`time::timeout`](fn@crate::time::timeout) does.
///
/// Outside of a retry it limits the whole, inside of it each attempt. The time counts from the first pending poll; what is ready at once reads no
/// clock.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::policy::{Timeout, stack};
///
/// let calls = stack((Timeout::new(Duration::from_millis(5)).named("report"),));
/// let error = calls.on(&rt).run(core::future::pending::<Result<(), ()>>).await.unwrap_err();
/// assert!(error.is_timeout());
/// assert_eq!(error.map(|()| "").to_string(), "report: timed out after 5ms");
/// # });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Timeout {
    limit: Duration,
    name: Option<&'static str>,
}

impl Timeout {
    /// At most so long.
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self { limit, name: None }
    }

    /// Names it: in its error, and in the observer's event.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// How long it is.
    #[must_use]
    pub const fn limit(&self) -> Duration {
        self.limit
    }
}

impl<O, X, T, W, N> Policy<O, Env<T, W, N>> for Timeout
where
    O: Op<Err = Error<X>>,
    T: Timer + Clone,
    W: Observer + Clone,
{
    type Ok = O::Ok;
    type Err = Error<X>;
    type Future = Limited<O::Future, T, W>;

    #[inline(always)]
    fn run(&self, operation: O, env: &Env<T, W, N>, attempt: Attempt) -> Self::Future {
        let future = timeout(self.limit, operation.call(attempt), env.timer.clone());
        let future = future.observed(env.observer.clone());
        Limited { future: self.name.into_iter().fold(future, time::Timeout::named) }
    }
}

pin_project_lite::pin_project! {
    /// What runs within a [`Timeout`].
    ///
    /// # Cancel safety
    /// Dropping it drops what runs and deregisters the timer.
    #[must_use = "futures do nothing unless polled"]
    pub struct Limited<F, T: Timer, W> {
        #[pin]
        future: time::Timeout<F, T, W>,
    }
}

impl<F, T, W, V, X> Future for Limited<F, T, W>
where
    F: Future<Output = Result<V, Error<X>>>,
    T: Timer,
    W: Observer,
{
    type Output = Result<V, Error<X>>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut future = self.project().future;
        let polled = future.as_mut().poll_future(cx);
        if polled.is_ready() {
            return polled;
        }
        future.poll_elapsed(cx).map(|elapsed| Err(Error::of(Cause::TimedOut(elapsed))))
    }
}

impl<F, T: Timer, W> fmt::Debug for Limited<F, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limited").finish_non_exhaustive()
    }
}
