//! The future of a retry.

use super::attempt::{Carrying, Repeat};
use super::budget::Budget;
use super::course::{Course, Next};
use super::judge::Judge;
use super::plan::Plan;
use super::report::RetryError;
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
    pub(super) fn new(operation: O, plan: Plan<S, J, B, E>, timer: T) -> Self {
        Self { operation, timer, course: Course::new(plan), state: State::Idle }
    }

    waits!(pinned);
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

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let mut is_running = match this.state.as_mut().project() {
            Projected::Idle => false,
            Projected::Attempt { .. } => true,
            Projected::Waiting { sleep } => {
                ready!(sleep.poll(cx));
                false
            }
            Projected::Ended => panic!("polled again after it was ready"),
        };
        if !is_running {
            // Where the call panics, nothing is called again: here, and after a wait that is over at once.
            this.state.set(State::Ended);
        }
        for _ in 0..IN_A_ROW {
            if !is_running {
                let future = this.operation.start(this.course.begin(), this.timer);
                this.state.set(State::Attempt { future });
            }
            let Poll::Ready(output) = this.state.as_mut().attempt().poll(cx) else {
                this.course.pending(this.timer);
                return Poll::Pending;
            };
            // The attempt is over and gone before anything else happens.
            this.state.set(State::Ended);
            match this.course.settle(this.operation.finish(output), this.timer) {
                Ok(value) => return Poll::Ready(Ok(value)),
                Err(Next::End(error)) => return Poll::Ready(Err(error)),
                Err(Next::Now) => {}
                Err(Next::At(at)) => {
                    this.state.set(State::Waiting { sleep: this.timer.sleep_until(at) });
                    ready!(this.state.as_mut().sleep().poll(cx));
                    this.state.set(State::Ended);
                }
            }
            is_running = false;
        }
        this.state.set(State::Idle);
        cx.waker().wake_by_ref();
        Poll::Pending
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
