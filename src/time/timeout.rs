//! One future with a limit.
//!
//! The future is polled before anything else. One that is ready costs no clock read and registers nothing; the timer is asked at
//! the first pending poll, and there the limit of [`timeout`] begins.

use super::{Deadline, Instant, Or, OrDefault, Timer};
use crate::observe::{Event, Observer, Value};
use core::error::Error;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// Gives `future` at most `after` to finish, counted from its first pending poll.
///
/// Zero gives it one poll; [`Duration::MAX`] gives it for ever and registers nothing. When the future is ready in the very poll in
/// which the limit passes, it wins.
///
/// # Cancel safety
/// Dropping it drops the future and deregisters the timer.
/// # Errors
/// [`Elapsed`] when the limit passed first. Errors of the operation, time-outs of its own included, stay inside `Ok`.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::time::timeout;
///
/// let never = core::future::pending::<()>();
/// let error = timeout(Duration::from_millis(5), never, &rt).named("fetch users").await.unwrap_err();
/// assert_eq!(error.to_string(), "fetch users: timed out after 5ms");
///
/// assert_eq!(timeout(Duration::ZERO, async { 7 }, &rt).await, Ok(7));
/// # });
/// ```
#[doc(alias = "wait_for")]
#[doc(alias = "with_timeout")]
#[doc(alias = "asyncio.timeout")]
#[doc(alias = "TimeoutError")]
pub fn timeout<F: Future, T: Timer>(after: Duration, future: F, timer: T) -> Timeout<F, T> {
    Timeout::new(Limit::After(after), None, future, timer)
}

/// Gives `future` until `deadline` to finish.
///
/// What was said of [`timeout`] holds; only the limit is fixed before the first poll. To share one limit between several awaits
/// and say in the error which one it was, use a [`Deadline`].
///
/// # Cancel safety
/// Dropping it drops the future and deregisters the timer.
/// # Errors
/// [`Elapsed`] when the deadline passed first.
pub fn timeout_at<F: Future, T: Timer>(deadline: Instant, future: F, timer: T) -> Timeout<F, T> {
    Timeout::new(Limit::At { deadline, budget: None }, None, future, timer)
}

pin_project_lite::pin_project! {
    /// A future with a limit: of [`timeout`], [`timeout_at`], [`TimeoutExt`](super::TimeoutExt) and [`Deadline::run`].
    ///
    /// Polled again after it was ready, it polls the future again, which may panic; after [`Elapsed`] it is that once more.
    ///
    /// # Cancel safety
    /// Dropping it drops the future and deregisters the timer.
    #[must_use = "futures do nothing unless polled"]
    pub struct Timeout<F, T: Timer, O = ()> {
        #[pin]
        future: F,
        timer: T,
        limit: Limit,
        name: Option<&'static str>,
        observer: O,
        // Set at the first pending poll.
        #[pin]
        sleep: Option<T::Sleep>,
    }
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    After(Duration),
    /// `budget` is how long it was in all; measured from the first pending poll where nobody said.
    At {
        deadline: Instant,
        budget: Option<Duration>,
    },
}

impl<F: Future, T: Timer> Timeout<F, T> {
    const fn new(limit: Limit, name: Option<&'static str>, future: F, timer: T) -> Self {
        Self { future, timer, limit, name, observer: (), sleep: None }
    }

    pub(super) const fn by(deadline: Deadline, future: F, timer: T) -> Self {
        let limit = Limit::At { deadline: deadline.instant(), budget: deadline.budget() };
        Self::new(limit, deadline.name(), future, timer)
    }
}

impl<F: Future, T: Timer, O> Timeout<F, T, O> {
    /// Names the operation: in [`Elapsed`], its message, and the observer's event.
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Tells `observer` when the limit passes: a `timeout` event.
    pub fn observed<P: Observer>(self, observer: P) -> Timeout<F, T, P> {
        let Self { future, timer, limit, name, sleep, .. } = self;
        Timeout { future, timer, limit, name, observer, sleep }
    }

    /// Gives `value` instead of [`Elapsed`]. Errors of the operation itself are not touched.
    pub const fn or(self, value: F::Output) -> Or<Self, F::Output> {
        Or::new(self, value)
    }

    /// Gives the default value instead of [`Elapsed`]. Errors of the operation itself are not touched.
    pub const fn or_default(self) -> OrDefault<Self>
    where
        F::Output: Default,
    {
        OrDefault::new(self)
    }
}

impl<F: Future, T: Timer, O: Observer> Future for Timeout<F, T, O> {
    type Output = Result<F::Output, Elapsed>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.as_mut().poll_future(cx) {
            return Poll::Ready(Ok(output));
        }
        self.poll_elapsed(cx).map(Err)
    }
}

/// The two steps of a poll, for those who make one result of both.
impl<F: Future, T: Timer, O: Observer> Timeout<F, T, O> {
    #[inline]
    pub(crate) fn poll_future(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(cx)
    }

    /// After that was pending.
    #[inline]
    pub(crate) fn poll_elapsed(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Elapsed> {
        let this = self.project();
        let elapsed = poll_limit(this.sleep, this.timer, this.limit, cx);
        elapsed.map(|after| tell(Elapsed { name: *this.name, after }, this.observer))
    }
}

/// Arms the sleep at the first call. Ready with the length of the limit when it has passed.
///
/// Apart from [`Timeout::poll`], so that a future which is ready passes nothing of it, and it is compiled once per timer.
#[inline(never)]
fn poll_limit<T: Timer>(
    mut sleep: Pin<&mut Option<T::Sleep>>,
    timer: &T,
    limit: &mut Limit,
    cx: &mut Context<'_>,
) -> Poll<Duration> {
    if sleep.is_none() {
        sleep.set(Some(limit.arm(timer)));
    }
    let sleep = sleep.as_pin_mut().expect("set in the lines above");
    sleep.poll(cx).map(|()| limit.length())
}

#[cold]
fn tell(elapsed: Elapsed, observer: &impl Observer) -> Elapsed {
    if observer.is_listening() {
        let event = Event::new("timeout").field("after", Value::Duration(elapsed.after));
        observer.on(&match elapsed.name {
            Some(name) => event.named(name),
            None => event,
        });
    }
    elapsed
}

impl Limit {
    fn arm<T: Timer>(&mut self, timer: &T) -> T::Sleep {
        match self {
            Self::After(after) => timer.start_sleep(*after),
            Self::At { deadline, budget } => {
                budget.get_or_insert_with(|| deadline.saturating_duration_since(timer.now()));
                timer.sleep_until(*deadline)
            }
        }
    }

    fn length(self) -> Duration {
        match self {
            Self::After(after) => after,
            Self::At { budget, .. } => budget.unwrap_or_default(),
        }
    }
}

impl<F, T: Timer, O> fmt::Debug for Timeout<F, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timeout")
            .field("limit", &self.limit)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A limit of ours passed: which one, and how long it was.
///
/// Only this crate makes it, so it is never mistaken for a time-out error of the operation itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Elapsed {
    name: Option<&'static str>,
    after: Duration,
}

impl Elapsed {
    /// The name given by [`Timeout::named`] or [`Deadline::named`].
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// How long the limit was. For a bare moment ([`timeout_at`], [`Deadline::at`]), counted from the first pending poll.
    #[must_use]
    pub const fn after(&self) -> Duration {
        self.after
    }
}

/// `fetch users: timed out after 5s`, or `operation timed out after 5s`.
impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(f, "{name}: timed out after {:?}", self.after),
            None => write!(f, "operation timed out after {:?}", self.after),
        }
    }
}

impl Error for Elapsed {}
