//! Deadlines that are kept by whoever waits, without a task of their own.

use super::cancelled::WhenCancelled;
use super::cause::Cause;
use super::run::Run;
use super::token::CancelToken;
use crate::time::{Instant, Timer};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// Cancels a token at a deadline. Made by [`CancelToken::cancel_at`].
    ///
    /// It ends when the token is cancelled, for whatever cause, and gives that. Until it is polled for the first time it has not asked the
    /// timer. Once ready it stays ready.
    ///
    /// | I want to | use |
    /// |---|---|
    /// | let a future see the deadline, clean up and end by itself | [`during`](Self::during) |
    /// | have a future dropped at the deadline | [`run`](Self::run) |
    /// | keep the deadline apart from the work | spawn it, or join it with something else |
    ///
    /// It keeps the token alive, until the deadline if nobody cancels: a [`guard`](CancelToken::guard) ends a spawned one with the work.
    ///
    /// # Cancel safety
    /// Dropping it takes the deadline back and deregisters the timer.
    #[must_use = "a deadline is kept by whoever awaits it, and by nobody else"]
    pub struct CancelAt<T: Timer> {
        waiting: WhenCancelled<CancelToken>,
        deadline: Instant,
        timer: T,
        // Set at the first pending poll, gone when the token is cancelled.
        #[pin]
        sleep: Option<T::Sleep>,
    }
}

impl<T: Timer> CancelAt<T> {
    pub(super) const fn new(token: CancelToken, deadline: Instant, timer: T) -> Self {
        Self { waiting: token.cancelled_owned(), deadline, timer, sleep: None }
    }

    /// The token.
    pub fn token(&self) -> &CancelToken {
        self.waiting.token()
    }

    /// Runs `future` to its end, and cancels the token if the deadline passes before. The future is not cut short: it sees the token and
    /// ends when it has cleaned up. It is polled first, and once more when the deadline has passed.
    ///
    /// # Cancel safety
    /// Dropping it drops the future and takes the deadline back.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use core::time::Duration;
    /// use untether::sync::CancelToken;
    /// use untether::time::Clock;
    ///
    /// let request = CancelToken::new();
    /// let work = async {
    ///     request.cancelled().await; // gives up
    ///     "cleaned up"
    /// };
    /// let deadline = rt.now().saturating_add(Duration::from_millis(5));
    /// assert_eq!(request.cancel_at(deadline, &rt).during(work).await, "cleaned up");
    /// assert_eq!(request.cause().unwrap().to_string(), "cancelled by a deadline");
    /// # });
    /// ```
    pub const fn during<F: Future>(self, future: F) -> During<F, T> {
        During { deadline: self, future }
    }

    /// Runs `future` until it ends, the token is cancelled, or the deadline passes, which cancels the token. See [`CancelToken::run`].
    ///
    /// # Cancel safety
    /// Dropping it drops the future and takes the deadline back.
    /// # Errors
    /// [`Cancelled`](super::Cancelled), with the cause.
    pub fn run<F: Future>(self, future: F) -> Run<CancelToken, During<F, T>> {
        self.token().clone().run_owned(self.during(future))
    }
}

impl<T: Timer> Future for CancelAt<T> {
    type Output = Cause;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cause> {
        let mut this = self.project();
        if this.waiting.token().is_cancelled() {
            this.sleep.set(None);
            return this.waiting.poll_cancelled(cx);
        }
        if this.sleep.is_none() {
            this.sleep.set(Some(this.timer.sleep_until(*this.deadline)));
        }
        let sleep = this.sleep.as_mut().as_pin_mut().expect("set in the lines above");
        if sleep.poll(cx).is_ready() {
            this.sleep.set(None);
            this.waiting.token().cancel_with(Cause::Deadline);
        }
        this.waiting.poll_cancelled(cx)
    }
}

impl<T: Timer> fmt::Debug for CancelAt<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelAt")
            .field("token", self.token())
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// A future that is run to its end, and a deadline that cancels a token meanwhile. Made by [`CancelAt::during`].
    ///
    /// # Cancel safety
    /// Dropping it drops the future and takes the deadline back.
    #[must_use = "futures do nothing unless polled"]
    pub struct During<F, T: Timer> {
        #[pin]
        deadline: CancelAt<T>,
        #[pin]
        future: F,
    }
}

impl<F: Future, T: Timer> Future for During<F, T> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let was_over = this.deadline.token().is_cancelled();
        if let Poll::Ready(output) = this.future.as_mut().poll(cx) {
            return Poll::Ready(output);
        }
        if was_over || this.deadline.poll(cx).is_pending() {
            return Poll::Pending;
        }
        // It saw a token that was not cancelled.
        this.future.poll(cx)
    }
}

impl<F, T: Timer> fmt::Debug for During<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("During").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
