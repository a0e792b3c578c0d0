//! Tokio's sleep, with the promises of ours.
//!
//! Tokio's own touches its runtime when it is made, and one whose deadline has passed is not ready at its first poll.

use super::Tokio;
use crate::rt::monotonic;
use crate::sys::simulated;
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
        deadline: Instant,
        state: State,
        #[pin]
        inner: Option<time::Sleep>,
    }
}

#[derive(Clone, Copy)]
enum State {
    /// Tokio does not know of it yet.
    New,
    /// Tokio knows an older deadline.
    Moved,
    Armed,
    Done,
}

impl<C> Sleep<C> {
    /// `inner` is for those who have a runtime at hand; else the one that is around the first poll is taken.
    pub(super) const fn new(clock: C, deadline: Instant, inner: Option<time::Sleep>) -> Self {
        Self { clock, deadline, state: State::New, inner }
    }

    /// As [`new`](Self::new), for one that is armed already.
    pub(super) fn reset(self: Pin<&mut Self>, deadline: Instant) {
        let this = self.project();
        *this.deadline = deadline;
        *this.state = if this.inner.is_some() { State::Moved } else { State::New };
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
            State::New | State::Moved => {
                if this.deadline.is_far_future() {
                    this.inner.set(None);
                    *this.state = State::New;
                    return Poll::Pending;
                }
                if this.clock.now() >= *this.deadline {
                    *this.state = State::Done;
                    return Poll::Ready(());
                }
                match (this.inner.as_mut().as_pin_mut(), *this.state) {
                    (Some(inner), State::Moved) => inner.reset(to_tokio(*this.deadline)),
                    (Some(_), _) => {}
                    (None, _) => this.inner.set(Some(bound_here(*this.deadline))),
                }
                *this.state = State::Armed;
            }
        }
        let inner = this.inner.as_pin_mut().expect("it was armed");
        ready!(inner.poll(cx));
        *this.state = State::Done;
        Poll::Ready(())
    }
}

/// A sleep of the runtime that is around this call.
fn bound_here(deadline: Instant) -> time::Sleep {
    simulated::assert_outside("rt::tokio");
    assert!(
        tokio::runtime::Handle::try_current().is_ok(),
        "a sleep of rt::tokio::Tokio was first polled outside of a tokio runtime: \
         run it in one, or take its handle with rt::tokio::TokioOn"
    );
    time::sleep_until(to_tokio(deadline))
}

/// What a clock cannot tell is as far away as tokio itself would put it.
pub(super) fn to_tokio(instant: Instant) -> time::Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    monotonic::to_std(instant).map_or_else(|| time::Instant::now() + FAR, time::Instant::from_std)
}

pub(super) fn from_tokio(instant: time::Instant) -> Instant {
    monotonic::from_std(instant.into_std())
}

impl<C> fmt::Debug for Sleep<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
