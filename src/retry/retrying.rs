//! The future of a retry.

use super::attempt::{Carrying, Repeat};
use super::budget::Budget;
use super::course::{Course, Next};
use super::judge::{Judge, Judged};
use super::plan::Plan;
use super::report::{RetryError, StopReason};
use super::schedule::Schedule;
use crate::sys::waits::waits;
use crate::time::{Entropy, Timer};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// As many attempts in one poll; then others have their turn.
pub(super) const IN_A_ROW: u32 = 32;

pin_project_lite::pin_project! {
    /// An operation that is tried until it goes well or the plan has ended. Made by [`Retry::on`](super::Retry::on).
    ///
    /// The first attempt begins at the first poll. After 32 attempts without a wait between them it lets others have their turn.
    ///
    /// # Cancel safety
    /// Dropping it drops the attempt that runs, or deregisters the wait. What a retry had been given of a budget and not yet used is
    /// given back.
    /// # Panics
    /// When polled after it was ready, or after the operation or what judges it panicked.
    #[must_use = "futures do nothing unless polled"]
    pub struct Retrying<O: Repeat<T>, C, T: Timer> {
        operation: O,
        timer: T,
        course: C,
        #[pin]
        state: State<O::Future, T::Sleep>,
    }
}

pin_project_lite::pin_project! {
    #[project = Projected]
    enum State<F, S> {
        Idle,
        Attempt { #[pin] future: F },
        Waiting { #[pin] sleep: S },
        Ended,
    }
}

impl<O, S, J, B, E, T> Retrying<O, Course<S, J, B, E>, T>
where
    O: Repeat<T>,
    S: Schedule,
    J: Judge<O::Ok, O::Err>,
    B: Budget,
    E: Entropy,
    T: Timer,
{
    pub(crate) fn new(operation: O, plan: Plan<S, J, B, E>, timer: T) -> Self {
        Self { operation, timer, course: Course::new(plan), state: State::Idle }
    }

    waits!(pinned);

    /// Where the call panics, nothing is called again.
    #[inline(always)]
    fn begin(self: Pin<&mut Self>) {
        let mut this = self.project();
        this.state.set(State::Ended);
        let future = this.operation.start(this.course.begin(), this.timer);
        this.state.set(State::Attempt { future });
    }

    /// Polls the attempt that was begun.
    #[inline(always)]
    fn poll_attempt(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Judged<O::Ok, J::Last>> {
        let mut this = self.project();
        let Poll::Ready(output) = this.state.as_mut().attempt().poll(cx) else {
            this.course.pending(this.timer);
            return Poll::Pending;
        };
        // The attempt is over and gone before anything else happens.
        this.state.set(State::Ended);
        Poll::Ready(this.course.judge(this.operation.finish(output)))
    }

    /// Goes on after a first attempt that failed, or with whatever it was in the middle of.
    #[inline(never)] // what goes well at once is inlined where it is awaited
    fn go_on(
        mut self: Pin<&mut Self>,
        judged: Option<Judged<O::Ok, J::Last>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<O::Ok, RetryError<J::Last>>> {
        let mut judged = match judged {
            Some(judged) => judged,
            None => ready!(self.as_mut().resume(cx)),
        };
        for attempts in 1.. {
            let mut this = self.as_mut().project();
            judged = match judged {
                Judged::Again(last, _) if !this.operation.can_start() => {
                    let error = this.course.end(last, StopReason::Once, this.timer);
                    return Poll::Ready(Err(error));
                }
                judged => judged,
            };
            match this.course.follow(judged, this.timer) {
                Ok(value) => return Poll::Ready(Ok(value)),
                Err(Next::End(error)) => return Poll::Ready(Err(error)),
                Err(Next::Now) => {}
                Err(Next::At(at)) => {
                    this.state.set(State::Waiting { sleep: this.timer.sleep_until(at) });
                    ready!(this.state.as_mut().sleep().poll(cx));
                }
            }
            if attempts == IN_A_ROW {
                break;
            }
            self.as_mut().begin();
            judged = ready!(self.as_mut().poll_attempt(cx));
        }
        self.project().state.set(State::Idle);
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn resume(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Judged<O::Ok, J::Last>> {
        match self.as_mut().project().state.project() {
            Projected::Attempt { .. } => return self.poll_attempt(cx),
            Projected::Idle => {}
            Projected::Waiting { sleep } => ready!(sleep.poll(cx)),
            Projected::Ended => panic!("polled again after it was ready"),
        }
        self.as_mut().begin();
        self.poll_attempt(cx)
    }
}

impl<O, S, J, B, E, T> Future for Retrying<O, Course<S, J, B, E>, T>
where
    O: Repeat<T>,
    S: Schedule,
    J: Judge<O::Ok, O::Err>,
    B: Budget,
    E: Entropy,
    T: Timer,
{
    type Output = Result<O::Ok, RetryError<J::Last>>;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.course.is_new() {
            return self.go_on(None, cx);
        }
        self.as_mut().begin();
        match ready!(self.as_mut().poll_attempt(cx)) {
            Judged::Done(value) => {
                self.project().course.succeeded();
                Poll::Ready(Ok(value))
            }
            failed => self.go_on(Some(failed), cx),
        }
    }
}

impl<F, S> State<F, S> {
    /// The attempt, where one runs.
    #[inline]
    fn attempt(self: Pin<&mut Self>) -> Pin<&mut F> {
        match self.project() {
            Projected::Attempt { future } => future,
            _ => unreachable!("an attempt was begun"),
        }
    }

    /// The wait, where there is one.
    #[inline]
    fn sleep(self: Pin<&mut Self>) -> Pin<&mut S> {
        match self.project() {
            Projected::Waiting { sleep } => sleep,
            _ => unreachable!("a wait was begun"),
        }
    }
}

impl<O: Repeat<T>, C: fmt::Debug, T: Timer> fmt::Debug for Retrying<O, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Retrying").field(&self.course).finish()
    }
}

impl<C, F, K, T> Retrying<Carrying<C, F>, K, T>
where
    Carrying<C, F>: Repeat<T>,
    T: Timer,
{
    /// What the operation works on, between two attempts and after the last.
    pub(super) fn context(self: Pin<&mut Self>) -> &mut Option<C> {
        &mut self.project().operation.context
    }
}
