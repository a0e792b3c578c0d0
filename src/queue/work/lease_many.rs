//! Leasing many jobs at once.

use super::core::WorkQueue;
use super::holder::Holder;
use super::job::Job;
use crate::queue::delay::seat::Seat;
use crate::sys::unwind;
use crate::sys::unwind::keep_going;
use crate::sys::waits::waits;
use crate::time::Timer;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

impl<T, Tm: Timer, K> WorkQueue<T, Tm, K> {
    /// Waits for a job, then leases up to `most` of those that are ready into `into`, under one lock. Gives how many, 0 once the queue is closed and
    /// nothing is left to be done. Each ends by itself.
    ///
    /// # Cancel safety
    /// As of [`lease`](Self::lease).
    /// # Fairness
    /// First come, first served: what it takes leaves one job for each of those who were woken for one, or stand in line before it.
    /// # Panics
    /// If `most` is 0.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use untether::queue::WorkQueue;
    ///
    /// let queue = WorkQueue::new(rt);
    /// for n in 0..5 {
    ///     queue.push(n).await.unwrap();
    /// }
    /// let mut batch = Vec::new();
    /// assert_eq!(queue.lease_many(&mut batch, 3).await, 3);
    /// assert_eq!(batch.drain(..).map(|job| job.take()).sum::<i32>(), 0 + 1 + 2);
    /// # });
    /// ```
    pub const fn lease_many<'q, 'v>(
        &'q self,
        into: &'v mut Vec<Job<&'q Self>>,
        most: usize,
    ) -> LeaseMany<'q, 'v, T, Tm, K> {
        assert!(most > 0, "leasing at most 0 jobs would never tell a job from the end");
        LeaseMany { queue: self, into, most, seat: Seat::new(), sleep: None }
    }
}

pin_project_lite::pin_project! {
    /// Waits for a job, and leases many. Made by [`WorkQueue::lease_many`].
    ///
    /// # Cancel safety
    /// See [`WorkQueue::lease_many`].
    #[must_use = "futures do nothing unless polled"]
    pub struct LeaseMany<'q, 'v, T, Tm, K>
    where
        Tm: Timer,
    {
        queue: &'q WorkQueue<T, Tm, K>,
        into: &'v mut Vec<Job<&'q WorkQueue<T, Tm, K>>>,
        most: usize,
        seat: Seat,
        // As that of `Lease`.
        #[pin]
        sleep: Option<Tm::Sleep>,
    }

    impl<T, Tm, K> PinnedDrop for LeaseMany<'_, '_, T, Tm, K>
    where
        Tm: Timer,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.seat.leave(&this.queue.state);
        }
    }
}

impl<T, Tm: Timer<Sleep: Unpin>, K> LeaseMany<'_, '_, T, Tm, K> {
    waits!();
}

impl<T, Tm: Timer, K> Future for LeaseMany<'_, '_, T, Tm, K> {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.project();
        let (queue, into, most) = (*this.queue, &mut **this.into, *this.most);
        let (before, mut has_news) = (into.len(), false);
        let taken = this.seat.poll(
            (&queue.state, &queue.timer),
            this.sleep,
            cx,
            queue.now_if_timed(),
            |core, others| {
                let most = core.ledger.ready_now().saturating_sub(others).clamp(1, most);
                let leased = core::iter::from_fn(|| core.ledger.lease()).take(most);
                into.extend(leased.map(|leased| Job::unlent(queue, leased)));
                has_news |= core.has_news();
                (into.len() > before).then_some(into.len() - before)
            },
        );
        if has_news {
            keep_going(|| queue.see_to_it());
        }
        let count = ready!(taken).unwrap_or_default();
        if queue.rules.visibility.is_some() {
            lend_all(into, before);
        }
        Poll::Ready(count)
    }
}

/// Lets the leases from that one on run out. Those of which no copy was made, since one before them panicked, have failed: they would never run
/// out.
#[cold]
fn lend_all<Q: Holder>(into: &mut Vec<Job<Q>>, from: usize) {
    let mut lent = from;
    let lending = unwind::catch(|| {
        into[from..].iter().for_each(|job| {
            job.lend();
            lent += 1;
        });
    });
    if let Err(panic) = lending {
        into.truncate(lent);
        unwind::resume(panic);
    }
}

impl<T, Tm: Timer, K> fmt::Debug for LeaseMany<'_, '_, T, Tm, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaseMany")
            .field("most", &self.most)
            .field("in_line", &self.seat.is_taken())
            .finish_non_exhaustive()
    }
}
