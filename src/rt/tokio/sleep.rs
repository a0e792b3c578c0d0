//! Tokio's sleep, with the promises of ours.
//!
//! Tokio's own touches its runtime when it is made, and one whose deadline has passed is not ready at its first poll.

use super::Tokio;
use crate::rt::monotonic;
use crate::sys::{simulated, unwind};
use crate::time::{Clock, Instant};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use tokio::time;

pin_project_lite::pin_project! {
    /// The sleep of [`Tokio`] and [`TokioOn`](super::TokioOn).
    ///
    /// # Cancel safety
    /// Dropping it deregisters it.
    /// # Panics
    /// See the [module](crate::rt::tokio#panics).
    #[must_use = "futures do nothing unless polled"]
    pub struct Sleep<C = Tokio> {
        clock: C,
        state: State,
        #[pin]
        inner: Option<time::Sleep>,
    }
}

#[derive(Clone, Copy)]
pub(super) enum State {
    /// Tokio does not know of it yet.
    New(Instant),
    /// The same, and it begins at its first poll.
    Fresh(Duration),
    /// Tokio knows an older deadline.
    Moved(Instant),
    Armed,
    Done,
}

impl<C> Sleep<C> {
    /// `inner` is for those who have a runtime at hand; else the one that is around the first poll is taken.
    pub(super) const fn new(clock: C, state: State, inner: Option<time::Sleep>) -> Self {
        Self { clock, state, inner }
    }

    /// As [`new`](Self::new), for one that is armed already.
    pub(super) fn reset(self: Pin<&mut Self>, deadline: Instant) {
        let this = self.project();
        *this.state = if this.inner.is_some() { State::Moved(deadline) } else { State::New(deadline) };
    }

    pub(super) const fn is_bound(&self) -> bool {
        self.inner.is_some()
    }
}

impl<C: Clock> Future for Sleep<C> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        match *this.state {
            State::Done => return Poll::Ready(()),
            State::Armed => {}
            State::Fresh(duration) => make_here(this.inner.as_mut(), || begin(duration)),
            State::New(deadline) | State::Moved(deadline) => {
                if deadline.is_far_future() {
                    this.inner.set(None);
                    *this.state = State::New(deadline);
                    return Poll::Pending;
                }
                if this.clock.now() >= deadline {
                    *this.state = State::Done;
                    return Poll::Ready(());
                }
                match (this.inner.as_mut().as_pin_mut(), *this.state) {
                    (Some(inner), State::Moved(_)) => inner.reset(to_tokio(deadline)),
                    (Some(_), _) => {}
                    (None, _) => make_here(this.inner.as_mut(), || time::sleep_until(to_tokio(deadline))),
                }
            }
        }
        *this.state = State::Armed;
        let inner = this.inner.as_pin_mut().expect("it was armed");
        ready!(inner.poll(cx));
        *this.state = State::Done;
        Poll::Ready(())
    }
}

/// Makes a sleep of the runtime that is around this call.
///
/// To ask first whether there is one would count its handle up and down, for every sleep.
fn make_here(mut inner: Pin<&mut Option<time::Sleep>>, make: impl FnOnce() -> time::Sleep) {
    simulated::assert_outside("rt::tokio");
    if let Err(panic) = unwind::catch(|| inner.set(Some(make()))) {
        explain(panic);
    }
}

#[cold]
fn explain(panic: unwind::Panic) -> ! {
    assert!(
        tokio::runtime::Handle::try_current().is_ok(),
        "a sleep of rt::tokio::Tokio was first polled outside of a tokio runtime: \
         run it in one, or take its handle with rt::tokio::TokioOn"
    );
    unwind::resume(panic)
}

/// Tokio's `sleep` in other words: those are inlined, so that the sleep is written where it stays. The duration is a usual one.
#[inline]
pub(super) fn begin(duration: Duration) -> time::Sleep {
    time::sleep_until(time::Instant::now() + duration)
}

/// Further ahead tokio knows no moments, and with zero a sleep has ended as it begins.
pub(super) fn is_usual(duration: Duration) -> bool {
    !duration.is_zero() && duration < FAR
}

const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// What a clock cannot tell is as far away as tokio itself would put it.
pub(super) fn to_tokio(instant: Instant) -> time::Instant {
    monotonic::to_std(instant).map_or_else(|| time::Instant::now() + FAR, time::Instant::from_std)
}

pub(super) fn from_tokio(instant: time::Instant) -> Instant {
    monotonic::from_std(instant.into_std())
}

impl<C> fmt::Debug for Sleep<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deadline = match self.state {
            State::New(deadline) | State::Moved(deadline) => Some(deadline),
            State::Fresh(_) | State::Armed | State::Done => {
                self.inner.as_ref().map(|inner| from_tokio(inner.deadline()))
            }
        };
        f.debug_struct("Sleep").field("deadline", &deadline).finish_non_exhaustive()
    }
}
