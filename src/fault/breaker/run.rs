//! The future of a call.

use super::core::CircuitBreaker;
use super::error::RunError;
use super::holder::Holder;
use super::permit::Permit;
use super::verdict::{EveryError, Judge};
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// A call that is made if the breaker lets it through, and counted when it ends. Made by [`CircuitBreaker::run`] and its siblings.
    ///
    /// # Cancel safety
    /// Dropping it drops the operation's future, and says nothing of the service: the place of a probe is free for another.
    /// # Panics
    /// When polled after it was ready, and if the operation does, which counts for nothing.
    #[must_use = "futures do nothing unless polled"]
    pub struct Run<H: Holder, F, Fut, J = EveryError> {
        #[pin]
        state: State<H, F, Fut>,
        // Gone when it has judged.
        judge: Option<J>,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    #[project_replace = Replaced]
    enum State<H: Holder, F, Fut> {
        Waiting { breaker: H, operation: F },
        // In this order: the operation is gone before its place is free.
        Running { #[pin] future: Fut, permit: Option<Permit<H>> },
        Ended,
    }
}

impl<H, F, Fut, J, V, E> Run<H, F, Fut, J>
where
    H: Holder,
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<V, E>>,
    J: Judge<V, E>,
{
    #[inline]
    pub(super) const fn new(breaker: H, operation: F, judge: J) -> Self {
        Self { state: State::Waiting { breaker, operation }, judge: Some(judge) }
    }

    waits!(pinned);
}

impl<H, F, Fut, J, V, E> Future for Run<H, F, Fut, J>
where
    H: Holder,
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<V, E>>,
    J: Judge<V, E>,
{
    type Output = Result<V, RunError<F, E>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if matches!(this.state.as_mut().project(), Projected::Waiting { .. }) {
            if let Replaced::Waiting { breaker, operation } =
                this.state.as_mut().project_replace(State::Ended)
            {
                match CircuitBreaker::try_acquire_owned(breaker) {
                    Ok(permit) => {
                        this.state.set(State::Running { future: operation(), permit: Some(permit) });
                    }
                    Err(rejected) => return Poll::Ready(Err(RunError::Rejected(rejected.of(operation)))),
                }
            }
        }
        let Projected::Running { future, permit } = this.state.as_mut().project() else {
            panic!("polled again after it was ready");
        };
        let result = ready!(future.poll(cx));
        let (permit, judge) = (permit.take(), this.judge.take());
        this.state.set(State::Ended);
        if let (Some(permit), Some(judge)) = (permit, judge) {
            permit.record(judge.judge(&result));
        }
        Poll::Ready(result.map_err(RunError::Failed))
    }
}

impl<H: Holder, F, Fut, J> fmt::Debug for Run<H, F, Fut, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let running = matches!(self.state, State::Running { .. });
        let waiting = matches!(self.state, State::Waiting { .. });
        f.debug_struct("Run").field("waiting", &waiting).field("running", &running).finish_non_exhaustive()
    }
}
