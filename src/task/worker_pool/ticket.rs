//! What an input is waited for by.

use super::cell::Cell;
use crate::sys::waits::waits;
use crate::task::Outcome;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for the outcome of one input. Given by [`WorkerPool::submit`](super::WorkerPool::submit).
///
/// The outcome lies here until it is read, so nothing piles up in the pool. Dropped, the input is let run on all the same, and if it does not
/// end well the [observer](super::Builder::observer) of the pool hears of it.
///
/// # Cancel safety
/// Awaiting `&mut ticket` and giving up loses nothing.
/// # Panics
/// When polled after it gave the outcome.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(async |rt| {
/// use untether::task::{Outcome, WorkerPool};
///
/// let pool = WorkerPool::new(&rt, async |n: u32| n.checked_sub(5).ok_or("too small")).unwrap();
/// let tickets = [pool.submit(7).await.unwrap(), pool.submit(3).await.unwrap()];
/// let [seven, three] = tickets;
/// assert!(matches!(seven.await, Outcome::Ok(2)));
/// assert!(matches!(three.await, Outcome::Err("too small")));
/// # });
/// ```
///
/// Of many that were submitted one by one, by whomever: [`gather`](fn@crate::task::gather) gives the outcomes in the order of the tickets,
/// `FuturesUnordered` in the order in which they come.
/// ```
/// # untether::rt::threads::block_on(async |rt| {
/// use futures_util::{StreamExt, stream::FuturesUnordered};
/// use untether::task::{Outcome, WorkerPool, gather};
///
/// let pool = WorkerPool::new(&rt, async |n: u32| if n > 2 { Err("too large") } else { Ok(n * 10) }).unwrap();
/// let mut tickets = vec![pool.submit(1).await.unwrap()];
/// tickets.push(pool.submit(3).await.unwrap());
/// let outcomes = gather(tickets).await;
/// assert!(matches!(outcomes[1], Outcome::Err("too large")));
/// assert_eq!(outcomes.oks().values, [10]);
///
/// let mut tickets = FuturesUnordered::new();
/// tickets.push(pool.submit(1).await.unwrap());
/// tickets.push(pool.submit(2).await.unwrap());
/// while let Some(outcome) = tickets.next().await {
///     assert!(outcome.is_ok());
/// }
/// # });
/// ```
#[doc(alias = "get_result")]
#[doc(alias = "gather_results")]
#[doc(alias = "as_completed")]
#[must_use = "dropped, its outcome is not seen; `detach` says so"]
pub struct Ticket<T, E> {
    cell: Arc<Cell<T, E>>,
    is_read: bool,
}

impl<T, E> Ticket<T, E> {
    pub(super) const fn new(cell: Arc<Cell<T, E>>) -> Self {
        Self { cell, is_read: false }
    }

    /// Asks the input to stop: one that was not begun never is, and of one that runs the future is dropped in place of its next poll. Its outcome
    /// is [`Cancelled`](Outcome::Cancelled) then, unless it had ended.
    ///
    /// Until a worker comes to it, what was not begun keeps its room in the queue.
    #[doc(alias = "task.cancel")]
    pub fn abort(&self) {
        self.cell.abort();
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.is_read || self.cell.has_ended()
    }

    /// Lets it run on by itself: as a drop, by name.
    #[doc(alias = "fire and forget")]
    #[doc(alias = "discard_results")]
    pub fn detach(self) {}

    waits!();
}

impl<T, E> Future for Ticket<T, E> {
    type Output = Outcome<T, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome<T, E>> {
        let polled = self.cell.poll_read(cx.waker());
        self.is_read = polled.is_ready();
        polled
    }
}

impl<T, E> Drop for Ticket<T, E> {
    fn drop(&mut self) {
        if !self.is_read {
            self.cell.leave();
        }
    }
}

impl<T, E> fmt::Debug for Ticket<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("is_finished", &self.is_finished()).finish_non_exhaustive()
    }
}
