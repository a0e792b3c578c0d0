//! Leasing jobs.

use super::core::WorkQueue;
use super::error::TryLeaseError;
use super::holder::Holder;
use super::job::Job;
use super::ledger::Leased;
use crate::queue::delay::seat::Seat;
use crate::queue::delay::state::TryStep;
use crate::sys::unwind::keep_going;
use crate::sys::waits::waits;
use crate::time::Timer;
use core::fmt;
use core::pin::Pin;
use core::sync::atomic::Ordering;
use core::task::{Context, Poll, ready};

impl<T, Tm: Timer, K> WorkQueue<T, Tm, K> {
    /// Waits for a job. `None` once the queue is closed and nothing is left to be done.
    ///
    /// What is leased may fail and come again, so workers wait for the last job to be done before they go. `timeout(limit, queue.lease())`
    /// loses nothing.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line. No job is lost, and none has been tried by it.
    /// # Fairness
    /// First come, first served, by the first poll.
    pub const fn lease(&self) -> Lease<&Self> {
        Lease::new(self)
    }

    /// As [`lease`](Self::lease), with a holder of its own, such as an `Arc`; the job has one as well.
    pub const fn lease_owned<Q: Holder<Item = T, Timer = Tm, Key = K> + Clone>(holder: Q) -> Lease<Q> {
        Lease::new(holder)
    }

    /// The next job, where neither the clock nor a line decides.
    #[inline(always)] // as all on the way of a job
    fn lease_what_is_ready(&self) -> Option<Leased<T>> {
        if self.is_timed.load(Ordering::Relaxed) {
            return None;
        }
        let step = self.state.with(|state| state.try_step(None, |core| core.ledger.lease()));
        if let TryStep::Got(leased) = step { Some(leased) } else { None }
    }

    /// Leases a job, if one is ready and nobody waits for it.
    ///
    /// # Errors
    /// [`TryLeaseError`] else.
    #[inline]
    pub fn try_lease(&self) -> Result<Job<&Self>, TryLeaseError> {
        let mut now = self.now_if_timed();
        let leased = loop {
            let mut has_news = false;
            let step = self.state.with(|state| {
                state.try_step(now, |core| {
                    let leased = core.ledger.lease();
                    has_news = core.has_news();
                    leased
                })
            });
            if has_news {
                keep_going(|| self.see_to_it());
            }
            match step {
                TryStep::Got(leased) => break leased,
                TryStep::Over => return Err(TryLeaseError::Closed),
                TryStep::Nothing => return Err(TryLeaseError::NoneReady),
                TryStep::AskTheClock => now = Some(self.timer.now()),
            }
        };
        Ok(Job::new(self, leased))
    }
}

pin_project_lite::pin_project! {
    /// Waits for a job. Made by [`WorkQueue::lease`] and [`WorkQueue::lease_owned`].
    ///
    /// It joins the line at its first poll. Polled again after it was ready, it waits for the next job. `Unpin` where the timer's sleeps
    /// are, and then a thread can wait for it as well.
    ///
    /// # Cancel safety
    /// See [`WorkQueue::lease`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Lease<Q>
    where
        Q: Holder,
    {
        holder: Q,
        seat: Seat,
        // There while it is the first in line and something is to come.
        #[pin]
        sleep: Option<<<Q as Holder>::Timer as Timer>::Sleep>,
    }

    impl<Q> PinnedDrop for Lease<Q>
    where
        Q: Holder,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.seat.leave(&this.holder.state);
        }
    }
}

impl<Q: Holder> Lease<Q> {
    const fn new(holder: Q) -> Self {
        Self { holder, seat: Seat::new(), sleep: None }
    }

    #[inline(never)] // the way without a line stays short
    fn poll_in_line(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Leased<Q::Item>>> {
        let this = self.project();
        let queue: &WorkQueue<_, _, _> = this.holder;
        let mut has_news = false;
        let leased =
            this.seat.poll((&queue.state, &queue.timer), this.sleep, cx, queue.now_if_timed(), |core, _| {
                let leased = core.ledger.lease();
                has_news |= core.has_news();
                leased
            });
        if has_news {
            keep_going(|| queue.see_to_it());
        }
        leased
    }
}

impl<Q> Lease<Q>
where
    Q: Holder<Timer: Timer<Sleep: Unpin>> + Clone + Unpin,
{
    waits!();
}

impl<Q: Holder + Clone> Future for Lease<Q> {
    type Output = Option<Job<Q>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Job<Q>>> {
        if !self.seat.is_taken() {
            if let Some(leased) = self.holder.lease_what_is_ready() {
                return Poll::Ready(Some(handed_over(&self.holder, leased)));
            }
        }
        let leased = ready!(self.as_mut().poll_in_line(cx));
        Poll::Ready(leased.map(|leased| handed_over(&self.holder, leased)))
    }
}

/// Should the clone of the holder panic, the job has failed and is not lost.
#[inline(always)] // as all on the way of a job
fn handed_over<Q: Holder + Clone>(holder: &Q, leased: Leased<Q::Item>) -> Job<Q> {
    let queue: &WorkQueue<_, _, _> = holder;
    let job = Job::unlent(queue, leased);
    let holder = holder.clone();
    job.held_by(holder).lent_if_it_can_run_out()
}

impl<Q: Holder> fmt::Debug for Lease<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("in_line", &self.seat.is_taken()).finish_non_exhaustive()
    }
}
