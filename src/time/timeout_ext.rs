//! A limit written behind the future, and a value in place of the error.

use super::{Elapsed, Instant, Timeout, Timer, timeout, timeout_at};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

/// Limits on any future, written behind it.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::future::pending;
/// use core::time::Duration;
/// use untether::time::TimeoutExt;
///
/// let limit = Duration::from_millis(1);
/// assert_eq!(pending::<u32>().timeout(limit, &rt).or_default().await, 0);
/// assert_eq!(pending::<u32>().timeout(limit, &rt).or(9).await, 9);
/// # });
/// ```
pub trait TimeoutExt: Future + Sized {
    /// As [`timeout`](fn@timeout), its errors and what a drop means included.
    fn timeout<T: Timer>(self, after: Duration, timer: T) -> Timeout<Self, T> {
        timeout(after, self, timer)
    }

    /// As [`timeout_at`](fn@timeout_at), its errors and what a drop means included.
    fn timeout_at<T: Timer>(self, deadline: Instant, timer: T) -> Timeout<Self, T> {
        timeout_at(deadline, self, timer)
    }
}

impl<F: Future> TimeoutExt for F {}

pin_project_lite::pin_project! {
    /// The future of [`Timeout::or`].
    ///
    /// # Panics
    /// If polled again after it gave its value.
    #[must_use = "futures do nothing unless polled"]
    pub struct Or<F, V> {
        #[pin]
        timeout: F,
        value: Option<V>,
    }
}

impl<F, V> Or<F, V> {
    pub(super) const fn new(timeout: F, value: V) -> Self {
        Self { timeout, value: Some(value) }
    }
}

impl<V, F: Future<Output = Result<V, Elapsed>>> Future for Or<F, V> {
    type Output = V;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<V> {
        let this = self.project();
        let output = ready!(this.timeout.poll(cx));
        let value = this.value.take().expect("polled again after it was ready");
        Poll::Ready(output.unwrap_or(value))
    }
}

impl<F, V> fmt::Debug for Or<F, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Or").finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Timeout::or_default`]. Polled again after it was ready, it polls the future again, which may panic.
    #[must_use = "futures do nothing unless polled"]
    pub struct OrDefault<F> {
        #[pin]
        timeout: F,
    }
}

impl<F> OrDefault<F> {
    pub(super) const fn new(timeout: F) -> Self {
        Self { timeout }
    }
}

impl<V: Default, F: Future<Output = Result<V, Elapsed>>> Future for OrDefault<F> {
    type Output = V;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<V> {
        self.project().timeout.poll(cx).map(Result::unwrap_or_default)
    }
}

impl<F> fmt::Debug for OrDefault<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrDefault").finish_non_exhaustive()
    }
}
