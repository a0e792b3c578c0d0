//! A future that is run until a token is cancelled.

use super::cancelled::WhenCancelled;
use super::cause::Cause;
use super::token::CancelToken;
use core::borrow::Borrow;
use core::error::Error;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// A future that is run until a token is cancelled. Made by [`CancelToken::run`] and [`CancelToken::run_owned`].
    ///
    /// Polled again after the future has ended, it polls that again, which may panic; after [`Cancelled`] it is that once more.
    ///
    /// # Cancel safety
    /// Dropping it drops the future.
    #[must_use = "futures do nothing unless polled"]
    pub struct Run<T, F>
    where
        T: Borrow<CancelToken>,
    {
        waiting: WhenCancelled<T>,
        #[pin]
        future: F,
        completion_biased: bool,
    }
}

impl<T: Borrow<CancelToken>, F: Future> Run<T, F> {
    pub(super) const fn new(waiting: WhenCancelled<T>, future: F) -> Self {
        Self { waiting, future, completion_biased: false }
    }

    /// Polls the future before it looks at the token: one that is ready by then is not lost, and each gets one poll at least.
    pub fn completion_biased(mut self) -> Self {
        self.completion_biased = true;
        self
    }
}

impl<T: Borrow<CancelToken>, F: Future> Future for Run<T, F> {
    type Output = Result<F::Output, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if *this.completion_biased || !this.waiting.token().is_cancelled() {
            if let Poll::Ready(output) = this.future.poll(cx) {
                return Poll::Ready(Ok(output));
            }
        }
        this.waiting.poll_cancelled(cx).map(|cause| Err(Cancelled { cause }))
    }
}

impl<T: Borrow<CancelToken>, F> fmt::Debug for Run<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("token", self.waiting.token())
            .field("completion_biased", &self.completion_biased)
            .finish_non_exhaustive()
    }
}

/// A token was cancelled before the work was done.
///
/// It says what its [`Cause`] says, and has the same source.
#[derive(Clone, Debug)]
pub struct Cancelled {
    cause: Cause,
}

impl Cancelled {
    pub(super) const fn new(cause: Cause) -> Self {
        Self { cause }
    }

    /// Why.
    #[must_use]
    pub const fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Why.
    #[must_use]
    pub fn into_cause(self) -> Cause {
        self.cause
    }
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)
    }
}

impl Error for Cancelled {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}
