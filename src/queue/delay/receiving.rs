//! The verbs of those who receive.

use super::agenda::Agenda;
use super::core::DelayQueue;
use super::error::TryRecvError;
use super::expired::Expired;
use super::recv::{Recv, RecvMany};
use super::state::TryStep;
use super::stream::RecvStream;
use crate::time::{Instant, Timer};
use alloc::vec::Vec;
use core::ops::Deref;

impl<T, Tm: Timer> DelayQueue<T, Tm> {
    /// Waits for the next item that is due. `None` once the queue is closed and empty.
    ///
    /// While the queue is empty and open it waits for an item to be put in. `timeout(limit, queue.recv(), timer)` loses nothing.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line. No item is lost.
    /// # Fairness
    /// First come, first served, by the first poll.
    #[inline]
    pub const fn recv(&self) -> Recv<&Self, T, Tm> {
        Recv::new(self)
    }

    /// As [`recv`](Self::recv), with a holder of its own, such as an `Arc`.
    #[inline]
    pub const fn recv_owned<S: Deref<Target = Self>>(holder: S) -> Recv<S, T, Tm> {
        Recv::new(holder)
    }

    /// Takes the next item that is due, if there is one and nobody waits for it.
    ///
    /// # Errors
    /// [`TryRecvError`] else.
    #[inline]
    pub fn try_recv(&self) -> Result<Expired<T>, TryRecvError> {
        self.try_take(None, Agenda::take_due)
    }

    /// Waits until an item is due, and puts all that are into `buffer`, but no more than `max`. Says how many: 0 once the queue is closed and
    /// empty, and at once if `max` is 0.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line. No item is lost: they move in the very poll that says how many.
    /// # Fairness
    /// First come, first served, by the first poll; to whoever is next it leaves what exceeds `max`.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use core::time::Duration;
    /// use untether::queue::DelayQueue;
    ///
    /// let queue = DelayQueue::new(rt);
    /// for item in 0..10 {
    ///     queue.insert(item, Duration::ZERO).unwrap();
    /// }
    /// let mut batch = Vec::new();
    /// assert_eq!(queue.recv_many(&mut batch, 8).await, 8);
    /// assert_eq!(batch[7].item, 7);
    /// # });
    /// ```
    pub const fn recv_many<'a>(&'a self, buffer: &'a mut Vec<Expired<T>>, max: usize) -> RecvMany<'a, T, Tm> {
        RecvMany::new(self, buffer, max)
    }

    /// Puts all items that are due into `buffer`, but no more than `max`, if nobody waits for them. Says how many.
    pub fn try_recv_many(&self, buffer: &mut Vec<Expired<T>>, max: usize) -> usize {
        let now = Some(self.timer.now());
        let taken =
            self.try_take(now, |agenda| Some(agenda.take_all_due(buffer, max)).filter(|taken| *taken > 0));
        taken.unwrap_or_default()
    }

    /// The items that are due, one after the other, until the queue is closed and empty.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use core::time::Duration;
    /// use futures_util::StreamExt;
    /// use untether::queue::DelayQueue;
    ///
    /// let queue = DelayQueue::new(rt);
    /// for item in [3, 1, 2] {
    ///     queue.insert(item, Duration::from_millis(item)).unwrap();
    /// }
    /// queue.close();
    /// let items: Vec<u64> = queue.stream().map(|expired| expired.item).collect().await;
    /// assert_eq!(items, [1, 2, 3]);
    /// # });
    /// ```
    pub fn stream(&self) -> RecvStream<&Self, T, Tm> {
        RecvStream::new(self)
    }

    /// As [`stream`](Self::stream), with a holder of its own, such as an `Arc`.
    pub fn stream_owned<S: Deref<Target = Self>>(holder: S) -> RecvStream<S, T, Tm> {
        RecvStream::new(holder)
    }

    /// Takes what `take` takes, if nobody waits.
    #[inline(always)] // what it gives would go through memory
    fn try_take<R>(
        &self,
        mut now: Option<Instant>,
        mut take: impl FnMut(&mut Agenda<T>) -> Option<R>,
    ) -> Result<R, TryRecvError> {
        loop {
            match self.state.with(|state| state.try_step(now, &mut take)) {
                TryStep::Got(taken) => return Ok(taken),
                TryStep::Over => return Err(TryRecvError::Closed),
                TryStep::Nothing => return Err(TryRecvError::NoneDue),
                TryStep::AskTheClock => now = Some(self.timer.now()),
            }
        }
    }
}
