//! The futures of what is due.

use super::core::DelayQueue;
use super::expired::Expired;
use super::seat::Seat;
use crate::sys::waits::waits;
use crate::time::Timer;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// Waits for the next item that is due. Made by [`DelayQueue::recv`] and [`DelayQueue::recv_owned`].
    ///
    /// It joins the line at its first poll. Polled again after it was ready, it waits for the next item. `Unpin` where the timer's sleeps
    /// are, and then a thread can wait for it as well.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in line. No item is lost: one leaves the queue in the very poll that gives it. If it kept the time
    /// for those behind it, the next of them does from now on.
    #[must_use = "futures do nothing unless polled"]
    pub struct Recv<S, T, Tm>
    where
        S: Deref<Target = DelayQueue<T, Tm>>,
        Tm: Timer,
    {
        queue: S,
        seat: Seat,
        // There while it is the first in line and something is to come.
        #[pin]
        sleep: Option<Tm::Sleep>,
        item: PhantomData<fn() -> T>,
    }

    impl<S, T, Tm> PinnedDrop for Recv<S, T, Tm>
    where
        S: Deref<Target = DelayQueue<T, Tm>>,
        Tm: Timer,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.seat.leave(&this.queue.state);
        }
    }
}

impl<S, T, Tm> Recv<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    pub(super) const fn new(queue: S) -> Self {
        Self { queue, seat: Seat::new(), sleep: None, item: PhantomData }
    }
}

/// For threads, where the timer's sleeps can be moved. Those of tokio cannot: box the future and block on that.
///
/// The timer has to be driven by somebody else meanwhile, as that of [`Threads`](crate::rt::threads::Threads) is by its thread and
/// async-io's by its own; one that is driven by this very thread never comes.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use core::time::Duration;
/// use untether::queue::DelayQueue;
/// use untether::rt::threads::Threads;
///
/// let queue = DelayQueue::new(Threads::new()?);
/// queue.insert("due", Duration::from_millis(2)).unwrap();
/// assert_eq!(queue.recv().wait().unwrap().item, "due");
/// let waiting = queue.recv().wait_timeout(Duration::from_millis(2));
/// assert!(waiting.is_err(), "the future itself, still in its place");
/// # Ok(()) }
/// ```
impl<S, T, Tm> Recv<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer<Sleep: Unpin>,
{
    waits!();
}

impl<S, T, Tm> Future for Recv<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    type Output = Option<Expired<T>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Expired<T>>> {
        let this = self.project();
        this.seat
            .poll((&this.queue.state, &this.queue.timer), this.sleep, cx, None, |agenda, _| agenda.take_due())
    }
}

impl<S, T, Tm> fmt::Debug for Recv<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recv").field("in_line", &self.seat.is_taken()).finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// Waits until an item is due, and takes all that are, up to a number. Made by [`DelayQueue::recv_many`].
    ///
    /// What was said of [`Recv`] holds. Ready with 0 once nothing will come.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in line. No item is lost: they move to the buffer in the very poll that says how many.
    #[must_use = "futures do nothing unless polled"]
    pub struct RecvMany<'a, T, Tm>
    where
        Tm: Timer,
    {
        queue: &'a DelayQueue<T, Tm>,
        buffer: &'a mut Vec<Expired<T>>,
        max: usize,
        seat: Seat,
        // As that of `Recv`.
        #[pin]
        sleep: Option<Tm::Sleep>,
    }

    impl<T, Tm> PinnedDrop for RecvMany<'_, T, Tm>
    where
        Tm: Timer,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.seat.leave(&this.queue.state);
        }
    }
}

impl<'a, T, Tm: Timer> RecvMany<'a, T, Tm> {
    pub(super) const fn new(
        queue: &'a DelayQueue<T, Tm>,
        buffer: &'a mut Vec<Expired<T>>,
        max: usize,
    ) -> Self {
        Self { queue, buffer, max, seat: Seat::new(), sleep: None }
    }
}

/// For threads: see [`Recv`].
impl<T, Tm: Timer<Sleep: Unpin>> RecvMany<'_, T, Tm> {
    waits!();
}

impl<T, Tm: Timer> Future for RecvMany<'_, T, Tm> {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.project();
        if *this.max == 0 {
            return Poll::Ready(0);
        }
        // Asked once for all of them: what it showed before may not cover all that are due.
        let now = Some(this.queue.timer.now());
        let taken =
            this.seat.poll((&this.queue.state, &this.queue.timer), this.sleep, cx, now, |agenda, _| {
                let taken = agenda.take_all_due(this.buffer, *this.max);
                (taken > 0).then_some(taken)
            });
        taken.map(Option::unwrap_or_default)
    }
}

impl<T, Tm: Timer> fmt::Debug for RecvMany<'_, T, Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvMany")
            .field("max", &self.max)
            .field("in_line", &self.seat.is_taken())
            .finish_non_exhaustive()
    }
}
