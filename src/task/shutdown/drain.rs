//! The one who looks at the clock: takes a shutdown from phase to phase until the last one has gone, or the deadline has passed.

use super::handle::Shutdown;
use super::phase::Phase;
use super::plan::DrainPlan;
use super::report::DrainReport;
use super::shared::Held;
use crate::rt::Signal;
use crate::sync::CancelToken;
use crate::sync::cancel::{Cause, WhenCancelled};
use crate::sys::waits::waits;
use crate::task::in_flight::{InFlight, WaitIdle};
use crate::time::{Instant, Timer};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::Stream;

/// Nobody sends signals.
#[derive(Clone, Copy, Debug)]
pub struct NoSignals(());

impl Stream for NoSignals {
    type Item = Signal;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Signal>> {
        Poll::Ready(None)
    }
}

pin_project_lite::pin_project! {
    /// Drains a [`Shutdown`], at once or when it is asked for, and reports. Made by [`Shutdown::drain`] and [`Shutdown::run`].
    ///
    /// Time is read, and a timer armed, only while somebody has to be waited for. Polled again after it was ready, it reports what has ended since.
    ///
    /// # Cancel safety
    /// Dropping it leaves the shutdown where it is: who was told stays told, and nobody looks at the clock. Another drain begins a limit of
    /// its own.
    #[must_use = "futures do nothing unless polled"]
    pub struct Drain<T, S = NoSignals>
    where
        T: Timer,
    {
        shutdown: Shutdown,
        timer: T,
        plan: DrainPlan,
        // Whether it asks for the shutdown itself.
        asks: bool,
        #[pin]
        signals: S,
        is_deaf: bool,
        asked: WhenCancelled<CancelToken>,
        aborted: WhenCancelled<CancelToken>,
        idle: WaitIdle<Held>,
        course: Option<Course>,
        #[pin]
        sleep: Option<T::Sleep>,
        until: Instant,
    }
}

/// The moments that were noted.
struct Course {
    begun: Instant,
    aborted: Option<Instant>,
    /// The latest that was seen: a clock that steps back takes nothing back.
    now: Instant,
}

impl<T: Timer> Drain<T> {
    pub(super) fn new(shutdown: Shutdown, timer: T, asks: bool) -> Self {
        let shared = &shutdown.0;
        let (asked, aborted) = (shared.stopping.clone(), shared.aborting.clone());
        Self {
            timer,
            plan: DrainPlan::new(),
            asks,
            signals: NoSignals(()),
            is_deaf: false,
            asked: asked.cancelled_owned(),
            aborted: aborted.cancelled_owned(),
            idle: InFlight::wait_idle_owned(Held(shared.clone())),
            course: None,
            sleep: None,
            until: Instant::FAR_FUTURE,
            shutdown,
        }
    }

    /// Hears signals: the first asks for the shutdown, the second aborts it. If it was asked for by other means before, the first changes nothing:
    /// who looks after a program often says it in more than one way. Those of the operating system are in `rt::signal`, behind the
    /// feature `signal`.
    ///
    /// It is not asked any more once it has ended, or the shutdown is aborted.
    #[doc(alias = "add_signal_handler")]
    pub fn signals<S: Stream<Item = Signal>>(self, signals: S) -> Drain<T, S> {
        let Self { shutdown, timer, plan, asks, asked, aborted, idle, course, sleep, until, .. } = self;
        let is_deaf = false;
        Drain { shutdown, timer, plan, asks, signals, is_deaf, asked, aborted, idle, course, sleep, until }
    }
}

impl<T: Timer, S: Stream<Item = Signal>> Drain<T, S> {
    /// How long it may take, and how that is divided. Unless said, [30 s](DrainPlan::new).
    pub fn plan(mut self, plan: DrainPlan) -> Self {
        self.plan = plan;
        self
    }

    waits!(pinned);

    fn hear(self: Pin<&mut Self>, cx: &mut Context<'_>) {
        let mut this = self.project();
        while !*this.is_deaf && this.shutdown.phase() < Phase::Aborting {
            match this.signals.as_mut().poll_next(cx) {
                Poll::Ready(Some(signal)) => this.shutdown.0.hear(signal),
                Poll::Ready(None) => *this.is_deaf = true,
                Poll::Pending => return,
            }
        }
    }

    /// Ready when it has to be reported.
    fn poll_over(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        loop {
            if this.idle.poll_idle(cx).is_ready() {
                return Poll::Ready(());
            }
            let now = this.timer.now();
            let course = this.course.get_or_insert(Course { begun: now, aborted: None, now });
            course.now = course.now.max(now);
            if course.aborted.is_none() && this.aborted.poll_cancelled(cx).is_ready() {
                course.aborted = Some(course.now);
            }
            let Some((phase, next)) = this.plan.standing(course.begun, course.aborted, course.now) else {
                return Poll::Ready(());
            };
            if phase == Phase::Aborting && course.aborted.is_none() {
                course.aborted = Some(course.now);
            }
            if phase > this.shutdown.phase() {
                this.shutdown.0.advance(phase);
            }
            if this.sleep.is_none() || *this.until != next {
                this.sleep.set(Some(this.timer.sleep_until(next)));
                *this.until = next;
            }
            let Some(sleep) = this.sleep.as_mut().as_pin_mut() else { continue };
            if sleep.poll(cx).is_pending() {
                return Poll::Pending;
            }
            this.sleep.set(None);
        }
    }
}

impl<T: Timer, S: Stream<Item = Signal>> Future for Drain<T, S> {
    type Output = DrainReport;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<DrainReport> {
        self.as_mut().hear(cx);
        let this = self.as_mut().project();
        if *this.asks {
            this.shutdown.request(Cause::Shutdown);
        }
        if this.asked.poll_cancelled(cx).is_pending() {
            return Poll::Pending;
        }
        this.shutdown.0.in_flight.close(); // It may have been asked for by the token alone.
        if self.as_mut().poll_over(cx).is_pending() {
            return Poll::Pending;
        }
        let mut this = self.project();
        this.sleep.set(None);
        let elapsed = this.course.as_ref().map_or(core::time::Duration::ZERO, |course| {
            this.timer.now().max(course.now).saturating_duration_since(course.begun)
        });
        Poll::Ready(this.shutdown.report(elapsed))
    }
}

impl<T: Timer, S> fmt::Debug for Drain<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain")
            .field("shutdown", &self.shutdown)
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}
