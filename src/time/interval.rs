//! Something again and again, without drift.

use super::{Instant, Missed, Tick, Timer};
use alloc::boxed::Box;
use core::error::Error;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use futures_core::Stream;

/// A beat: ticks that are due at multiples of a period, counted from one moment.
///
/// The beat does not drift, however late a tick is taken, and there is no hidden tolerance: a tick is due or it is not. Ticks
/// that came due while nobody looked are skipped, unless [`missed`](Self::missed) says otherwise, and each [`Tick`] says how many
/// there were. The first tick comes after one period, unless [`first_at`](Self::first_at) says otherwise.
///
/// Also a [`Stream`] of ticks that never ends.
///
/// # Memory
/// One box, made at the first tick that has to be waited for.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::time::{Clock, Interval, Timer};
///
/// let period = Duration::from_millis(2);
/// let mut beat = Interval::new(period, &rt).first_at(rt.now());
/// let first = beat.tick().await;
/// rt.sleep(5 * period).await;
/// let second = beat.tick().await;
/// assert!(second.missed >= 4);
/// assert!(second.at.saturating_duration_since(first.at) >= 5 * period);
/// # });
/// ```
#[must_use = "an interval ticks only when it is asked"]
pub struct Interval<T: Timer> {
    timer: T,
    period: Duration,
    missed: Missed,
    due: Instant,
    /// Armed for `due`; made when it is first needed.
    sleep: Option<Pin<Box<T::Sleep>>>,
}

impl<T: Timer> Interval<T> {
    /// A beat whose first tick is due one period from now.
    ///
    /// # Panics
    /// If the period is zero: that is [`yield_now`](crate::spawn::yield_now) in a loop. See [`try_new`](Self::try_new).
    pub fn new(period: Duration, timer: T) -> Self {
        Self::try_new(period, timer).expect("the period of an interval must not be zero")
    }

    /// As [`new`](Self::new).
    ///
    /// # Errors
    /// [`ZeroPeriod`] if the period is zero.
    pub fn try_new(period: Duration, timer: T) -> Result<Self, ZeroPeriod> {
        if period.is_zero() {
            return Err(ZeroPeriod(()));
        }
        let due = timer.now().saturating_add(period);
        Ok(Self { timer, period, missed: Missed::default(), due, sleep: None })
    }

    /// Sets when the first tick is due: `timer.now()` for one at once. Later ticks follow in multiples of the period.
    pub fn first_at(mut self, first: Instant) -> Self {
        self.move_to(first);
        self
    }

    /// Sets what becomes of ticks that came due while nobody was looking.
    pub fn missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// The period.
    pub const fn period(&self) -> Duration {
        self.period
    }

    /// When the next tick is due.
    pub const fn next_due(&self) -> Instant {
        self.due
    }

    /// Begins anew: the next tick is due one period from now, and what was missed is forgotten.
    pub fn reset(&mut self) {
        self.move_to(self.timer.now().saturating_add(self.period));
    }

    /// Waits for the next tick.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the tick is there for the next call.
    pub fn tick(&mut self) -> NextTick<'_, T> {
        NextTick { interval: self }
    }

    /// Polls for the next tick.
    pub fn poll_tick(&mut self, cx: &mut Context<'_>) -> Poll<Tick> {
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(self.timer.sleep_until(self.due)));
        ready!(sleep.as_mut().poll(cx));
        let (tick, due) = self.missed.advance(self.due, self.timer.now(), self.period);
        self.move_to(due);
        Poll::Ready(tick)
    }

    fn move_to(&mut self, due: Instant) {
        self.due = due;
        if let Some(sleep) = &mut self.sleep {
            self.timer.reset(sleep.as_mut(), due);
        }
    }
}

impl<T: Timer> Unpin for Interval<T> {}

impl<T: Timer> Stream for Interval<T> {
    type Item = Tick;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Tick>> {
        self.poll_tick(cx).map(Some)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, None)
    }
}

impl<T: Timer> fmt::Debug for Interval<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interval")
            .field("period", &self.period)
            .field("missed", &self.missed)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

/// The future of [`Interval::tick`].
///
/// # Cancel safety
/// Dropping it loses nothing: the tick is there for the next call.
#[must_use = "futures do nothing unless polled"]
pub struct NextTick<'a, T: Timer> {
    interval: &'a mut Interval<T>,
}

impl<T: Timer> Future for NextTick<'_, T> {
    type Output = Tick;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Tick> {
        self.interval.poll_tick(cx)
    }
}

impl<T: Timer> fmt::Debug for NextTick<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NextTick").field(&self.interval).finish()
    }
}

/// The period of an [`Interval`] was zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ZeroPeriod(());

impl fmt::Display for ZeroPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the period of an interval is zero")
    }
}

impl Error for ZeroPeriod {}
