//! A retry that carries what it works on, and one that borrows it.

use super::Attempt;
use super::attempt::{Carrying, Lending, Repeat};
use super::budget::Budget;
use super::builder::Retry;
use super::course::{Course, Next};
use super::judge::Judge;
use super::plan::Plan;
use super::report::RetryError;
use super::retrying::{IN_A_ROW, Retrying};
use super::schedule::Schedule;
use crate::spawn::yield_every;
use crate::sys::waits::waits;
use crate::time::{Entropy, Timer};
use core::fmt;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// A retry that gives back what it works on beside its result. Made by [`Retry::on`] of [`retry_with`](super::retry_with).
    ///
    /// # Cancel safety
    /// As of [`Retrying`]; what it works on is dropped with it.
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct RetryingWith<C, F, K, T: Timer>
    where
        Carrying<C, F>: Repeat<T>,
    {
        #[pin]
        retrying: Retrying<Carrying<C, F>, K, T>,
    }
}

impl<C, F, Fut, V, X, S, J, B, E> Retry<Carrying<C, F>, Plan<S, J, B, E>>
where
    F: FnMut(C, Attempt) -> Fut,
    Fut: Future<Output = (C, Result<V, X>)>,
    S: Schedule,
    J: Judge<V, X>,
    B: Budget,
    E: Entropy,
{
    /// Starts it, on a timer: the future of what it works on and of the result.
    pub fn on<T: Timer>(self, timer: T) -> RetryingWith<C, F, Course<S, J, B, E>, T> {
        RetryingWith { retrying: Retrying::new(self.operation, self.plan, timer) }
    }
}

impl<C, F, Fut, V, X, S, J, B, E, T> RetryingWith<C, F, Course<S, J, B, E>, T>
where
    F: FnMut(C, Attempt) -> Fut,
    Fut: Future<Output = (C, Result<V, X>)>,
    S: Schedule,
    J: Judge<V, X>,
    B: Budget,
    E: Entropy,
    T: Timer,
{
    waits!(pinned);
}

impl<C, F, Fut, V, X, S, J, B, E, T> Future for RetryingWith<C, F, Course<S, J, B, E>, T>
where
    F: FnMut(C, Attempt) -> Fut,
    Fut: Future<Output = (C, Result<V, X>)>,
    S: Schedule,
    J: Judge<V, X>,
    B: Budget,
    E: Entropy,
    T: Timer,
{
    type Output = (C, Result<V, RetryError<J::Last>>);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut retrying = self.project().retrying;
        let result = ready!(retrying.as_mut().poll(cx));
        let context = retrying.context().take().expect("every call gives it back");
        Poll::Ready((context, result))
    }
}

impl<C, F, K: fmt::Debug, T: Timer> fmt::Debug for RetryingWith<C, F, K, T>
where
    Carrying<C, F>: Repeat<T>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RetryingWith").field(&self.retrying).finish()
    }
}

impl<F, V, X, S, J, B, E> Retry<Lending<F>, Plan<S, J, B, E>>
where
    F: AsyncFnMut(Attempt) -> Result<V, X>,
    S: Schedule,
    J: Judge<V, X>,
    B: Budget,
    E: Entropy,
{
    /// Runs it, on a timer. Once in 32 attempts it lets others have their turn.
    ///
    /// # Cancel safety
    /// As of [`Retrying`].
    /// # Errors
    /// [`RetryError`], with the last error, when the plan has ended.
    pub async fn on<T: Timer>(self, timer: T) -> Result<V, RetryError<J::Last>> {
        let (mut operation, mut course) = (self.operation.0, Course::new(self.plan));
        let mut turns = yield_every(IN_A_ROW);
        loop {
            let attempt = course.begin();
            let result = {
                let mut future = pin!(operation(attempt));
                poll_fn(|cx| {
                    let polled = future.as_mut().poll(cx);
                    if polled.is_pending() {
                        course.pending(&timer);
                    }
                    polled
                })
                .await
            };
            match course.settle(result, &timer) {
                Ok(value) => return Ok(value),
                Err(Next::End(error)) => return Err(error),
                Err(Next::Now) => {}
                Err(Next::At(at)) => timer.sleep_until(at).await,
            }
            turns.turn().await;
        }
    }
}
