//! The future of a call.

use super::acquire::Acquire;
use super::error::Rejected;
use super::holder::Holder;
use super::permit::Permit;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// A call that is made when there is room for it. Made by [`Bulkhead::run`](super::Bulkhead::run) and its sibling.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in line, or drops the operation's future and then gives its place to the next.
    /// # Panics
    /// When polled after it was ready, and if the operation does.
    #[must_use = "futures do nothing unless polled"]
    pub struct Run<H: Holder, F, Fut> {
        #[pin]
        state: State<H, F, Fut>,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum State<H: Holder, F, Fut> {
        Waiting { #[pin] acquire: Acquire<H>, operation: Option<F> },
        // In this order: the operation is gone before its place is free.
        Running { #[pin] future: Fut, permit: Permit<H> },
        Ended,
    }
}

impl<H, F, Fut> Run<H, F, Fut>
where
    H: Holder,
    F: FnOnce() -> Fut,
    Fut: Future,
{
    #[inline]
    pub(super) const fn new(acquire: Acquire<H>, operation: F) -> Self {
        Self { state: State::Waiting { acquire, operation: Some(operation) } }
    }

    waits!(pinned);
}

impl<H, F, Fut> Future for Run<H, F, Fut>
where
    H: Holder,
    F: FnOnce() -> Fut,
    Fut: Future,
{
    type Output = Result<Fut::Output, Rejected<F>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        if let Projected::Waiting { acquire, operation } = state.as_mut().project() {
            let admitted = ready!(acquire.poll(cx));
            let operation = operation.take().expect("polled again after it was ready");
            match admitted {
                Ok(permit) => state.set(State::Running { future: operation(), permit }),
                Err(reason) => {
                    state.set(State::Ended);
                    return Poll::Ready(Err(Rejected::new(operation, reason)));
                }
            }
        }
        let Projected::Running { future, .. } = state.as_mut().project() else {
            panic!("polled again after it was ready");
        };
        let output = ready!(future.poll(cx));
        state.set(State::Ended);
        Poll::Ready(Ok(output))
    }
}

impl<H: Holder, F, Fut> fmt::Debug for Run<H, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (waiting, running) = match &self.state {
            State::Waiting { .. } => (true, false),
            State::Running { .. } => (false, true),
            State::Ended => (false, false),
        };
        f.debug_struct("Run").field("waiting", &waiting).field("running", &running).finish_non_exhaustive()
    }
}
