//! The loop form: for a body that borrows, returns and breaks as it likes.

use super::Attempt;
use super::budget::Budget;
use super::builder::Retry;
use super::course::{Course, Next};
use super::judge::{ByVerdict, Hinted, Judge, Observed, OnRetry, Verdict, When};
use super::plan::Plan;
use super::report::{Failed, RetryError};
use super::retrying::IN_A_ROW;
use super::schedule::Schedule;
use crate::observe::Observer;
use crate::spawn::{YieldEvery, YieldNow, yield_every};
use crate::time::{Entropy, Instant, Timer};
use core::convert::Infallible;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

/// Stands for an operation where the body of a loop is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Body;

impl<S: Schedule> Retry<Body, Plan<S>> {
    /// Rules alone, without an operation: for the loop form, [`attempts`](Self::attempts).
    pub const fn new(schedule: S) -> Self {
        Self { operation: Body, plan: Plan::new(schedule) }
    }
}

impl<S, J, B, E> Retry<Body, Plan<S, J, B, E>> {
    pub(crate) fn into_plan(self) -> Plan<S, J, B, E> {
        self.plan
    }

    /// Goes on only when `retryable` says so of the error.
    pub fn when<X, F: FnMut(&X) -> bool>(self, retryable: F) -> Retry<Body, Plan<S, When<J, F>, B, E>> {
        self.planned(|plan| plan.judged_by(|judge| When(judge, retryable)))
    }

    /// Gives a verdict on each result. For a [stack](crate::policy::stack): the body of a loop breaks out of it by itself.
    pub fn judge<V, X, F>(self, verdict: F) -> Retry<Body, Plan<S, ByVerdict<F>, B, E>>
    where
        F: FnMut(&Result<V, X>) -> Verdict,
    {
        self.planned(|plan| plan.judged_by(|_| ByVerdict(verdict)))
    }

    /// Finds in the error how long the other side asks to wait.
    pub fn hint<X, F: FnMut(&X) -> Option<Duration>>(
        self,
        hint: F,
    ) -> Retry<Body, Plan<S, Hinted<J, F>, B, E>> {
        self.planned(|plan| plan.judged_by(|judge| Hinted(judge, hint)))
    }

    /// Tells `f` of every attempt that failed and is followed by another, before the wait.
    pub fn on_retry<X, F: FnMut(&Failed<'_, X>)>(self, f: F) -> Retry<Body, Plan<S, OnRetry<J, F>, B, E>> {
        self.planned(|plan| plan.judged_by(|judge| OnRetry(judge, f)))
    }

    /// Tells an observer the same: a `retry` event. The errors have to be `Display`.
    pub fn observed<W: Observer>(self, observer: W) -> Retry<Body, Plan<S, Observed<J, W>, B, E>> {
        self.planned(|plan| plan.judged_by(|judge| Observed(judge, observer)))
    }
}

impl<S: Schedule, B: Budget, E: Entropy, J> Retry<Body, Plan<S, J, B, E>> {
    /// The attempts, one after the other, each after its wait, for the body of a loop.
    ///
    /// The loop ends with `None` after an attempt that neither broke out of it nor was told to have [failed](Try::failed).
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use core::time::Duration;
    /// use untether::retry::{Retry, schedule::constant};
    ///
    /// async fn connect(tries: &mut u32) -> Result<u32, &'static str> {
    ///     *tries += 1;
    ///     if *tries < 3 { Err("refused") } else { Ok(*tries) }
    /// }
    /// let mut tries = 0;
    /// let mut attempts = Retry::new(constant(Duration::from_millis(1)).attempts(5)).attempts(&rt);
    /// let connected = loop {
    ///     let attempt = attempts.next().await.expect("failed or broken out of");
    ///     match connect(&mut tries).await {
    ///         Ok(connected) => break connected,
    ///         Err(error) => attempt.failed(error)?,
    ///     }
    /// };
    /// assert_eq!(connected, 3);
    /// # Ok::<(), untether::retry::RetryError<&'static str>>(()) }).unwrap();
    /// ```
    pub fn attempts<T: Timer>(self, timer: T) -> Attempts<Course<S, J, B, E>, T> {
        Attempts {
            course: Course::new(self.plan),
            timer,
            next: Some(Start::Now),
            turns: yield_every(IN_A_ROW),
        }
    }
}

/// The attempts of a loop. Made by [`Retry::attempts`].
#[must_use = "the attempts are made by a loop over `next`"]
pub struct Attempts<C, T> {
    course: C,
    timer: T,
    /// Gone when the attempt that was given out has not failed.
    next: Option<Start>,
    turns: YieldEvery,
}

#[derive(Clone, Copy)]
enum Start {
    Now,
    At(Instant),
}

impl<S, J, B: Budget, E, T: Timer> Attempts<Course<S, J, B, E>, T> {
    /// Waits for the next attempt. The first comes at once; once in 32 it lets others have their turn.
    ///
    /// # Cancel safety
    /// Dropping the future deregisters its wait; the next call waits for the same moment.
    pub const fn next(&mut self) -> NextAttempt<'_, Course<S, J, B, E>, T> {
        let turn = self.turns.turn();
        NextAttempt { attempts: Some(self), turn, sleep: None }
    }
}

pin_project_lite::pin_project! {
    /// Waits for an attempt. Made by [`Attempts::next`].
    ///
    /// # Cancel safety
    /// See [`Attempts::next`].
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct NextAttempt<'a, C, T: Timer> {
        attempts: Option<&'a mut Attempts<C, T>>,
        turn: YieldNow,
        #[pin]
        sleep: Option<T::Sleep>,
    }
}

impl<'a, S, J, B: Budget, E, T: Timer> Future for NextAttempt<'a, Course<S, J, B, E>, T> {
    type Output = Option<Try<'a, Course<S, J, B, E>, T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let attempts = this.attempts.as_mut().expect("polled again after it was ready");
        ready!(Pin::new(this.turn).poll(cx));
        if let Some(Start::At(at)) = attempts.next {
            if this.sleep.is_none() {
                this.sleep.set(Some(attempts.timer.sleep_until(at)));
            }
            ready!(this.sleep.as_mut().as_pin_mut().expect("set in the lines above").poll(cx));
        }
        this.sleep.set(None);
        let attempts = this.attempts.take().expect("taken here alone");
        Poll::Ready(attempts.next.take().map(|_| {
            let attempt = attempts.course.begin();
            Try { attempts, attempt }
        }))
    }
}

/// One attempt of a loop: break out of the loop, or say that it failed.
#[must_use = "say that it failed, or break out of the loop"]
pub struct Try<'a, C, T> {
    attempts: &'a mut Attempts<C, T>,
    attempt: Attempt,
}

impl<S: Schedule, J, B: Budget, E: Entropy, T: Timer> Try<'_, Course<S, J, B, E>, T> {
    /// Which one it is.
    #[must_use]
    pub const fn attempt(&self) -> Attempt {
        self.attempt
    }

    /// It failed: `Ok` if another one follows.
    ///
    /// # Errors
    /// [`RetryError`], with the error, when the plan has ended.
    pub fn failed<X>(self, error: X) -> Result<(), RetryError<J::Last>>
    where
        J: Judge<Infallible, X>,
    {
        let Attempts { course, timer, next, .. } = self.attempts;
        *next = Some(match course.settle(Err(error), timer) {
            Err(Next::Now) => Start::Now,
            Err(Next::At(at)) => Start::At(at),
            Err(Next::End(error)) => return Err(error),
            Ok(never) => match never {},
        });
        Ok(())
    }

    /// It went well: tells the budget, which takes an attempt that is only broken out of for one that was given up.
    pub fn succeeded(self) {
        self.attempts.course.succeeded();
    }
}

impl<C: fmt::Debug, T> fmt::Debug for Attempts<C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Attempts").field(&self.course).finish()
    }
}

impl<C, T: Timer> fmt::Debug for NextAttempt<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextAttempt").finish_non_exhaustive()
    }
}

impl<C, T> fmt::Debug for Try<'_, C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Try").field(&self.attempt).finish()
    }
}
