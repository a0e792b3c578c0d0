//! The future of a place.

use super::core::Bulkhead;
use super::error::AcquireError;
use super::holder::{Holder, Within};
use super::permit::Permit;
use crate::sync::semaphore;
use crate::sys::waits::waits;
use crate::time::MaybeTimer;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

pin_project_lite::pin_project! {
    /// Waits for a place. Made by [`Bulkhead::acquire`](super::Bulkhead::acquire) and its sibling.
    ///
    /// It joins the line at its first poll, and there its limit begins. Whoever is admitted in the very poll in which the limit passes
    /// is admitted.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in line, passes on what was granted, and deregisters the timer.
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Acquire<H: Holder> {
        // Taken when it ends: who is refused leaves the line at once.
        line: Option<semaphore::Acquire<Within<H>>>,
        // Armed at the first pending poll, where there is a limit.
        #[pin]
        wait: Option<<H::Timer as MaybeTimer>::Wait>,
    }
}

impl<H: Holder> Acquire<H> {
    #[inline]
    pub(super) const fn new(line: semaphore::Acquire<Within<H>>) -> Self {
        Self { line: Some(line), wait: None }
    }

    waits!(pinned);
}

impl<H: Holder> Future for Acquire<H> {
    type Output = Result<Permit<H>, AcquireError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let line = this.line.as_mut().expect("polled again after it was ready");
        if let Poll::Ready(outcome) = line.poll_acquire(cx) {
            // Kept after its end it keeps nothing.
            this.wait.set(None);
            *this.line = None;
            return Poll::Ready(outcome.map(Permit::new).map_err(AcquireError::from));
        }
        let bulkhead = &**line.holder().map(|Within(holder)| holder).expect("it has not ended");
        if bulkhead.max_wait == Duration::MAX || poll_limit(this.wait.as_mut(), bulkhead, cx).is_pending() {
            return Poll::Pending;
        }
        this.wait.set(None);
        *this.line = None;
        Poll::Ready(Err(AcquireError::TimedOut))
    }
}

/// Arms the sleep at the first call. Apart from the poll, so that who finds room passes nothing of it.
#[inline(never)]
fn poll_limit<Tm: MaybeTimer>(
    mut wait: Pin<&mut Option<Tm::Wait>>,
    bulkhead: &Bulkhead<Tm>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    if bulkhead.max_wait.is_zero() {
        return Poll::Ready(());
    }
    if wait.is_none() {
        wait.set(Some(bulkhead.timer.start(bulkhead.max_wait)));
    }
    wait.as_pin_mut().expect("set in the lines above").poll(cx)
}

impl<H: Holder> fmt::Debug for Acquire<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acquire").field("line", &self.line).finish_non_exhaustive()
    }
}
