//! The verbs of those who send.

use super::displaced::Displaced;
use super::error::{ReserveError, SendError};
use super::holder::Holder;
use super::many::SendMany;
use super::queue::Queue;
use super::reserve::{Permit, Reserve};
use super::send::Send;
use super::send_timeout::SendTimeout;
use super::sink::SendSink;
use super::storage::{Entry, Storage};
use crate::time::Timer;
use core::time::Duration;

impl<T, S: Storage<Item = T>> Queue<T, S> {
    /// Sends an item, and waits for room where there is none.
    ///
    /// # Cancel safety
    /// An item that is in the queue stays there. One that is not is dropped with the future, or taken back by
    /// [`Send::into_inner`].
    /// # Fairness
    /// First come, first served; a heavy item is not starved by light ones.
    /// # Errors
    /// [`SendError`], with the item: when the queue is closed, also while it waits; if the item is heavier than the capacity; if the
    /// queue is full and was built to [reject](super::Overflow::Reject).
    pub fn send(&self, item: T) -> Send<&Self> {
        Send::new(self, item)
    }

    /// Sends an item if there is room and nobody waits for it.
    ///
    /// # Errors
    /// [`SendError`] else, with the item.
    #[inline]
    pub fn try_send(&self, item: T) -> Result<(), SendError<T>> {
        let mut entry = Some(self.mark(item));
        match self.core.with(|core| core.offer(&mut entry)) {
            Ok(told) => {
                self.tell(told);
                Ok(())
            }
            Err(refusal) => Err(SendError::of(refusal, entry)),
        }
    }

    /// Sends an item in any case: what came first goes where there is no room, also before those who wait. Gives what had to go.
    ///
    /// # Errors
    /// [`SendError`], with the item: when the queue is closed, if the item is heavier than the capacity, or if so much room is
    /// reserved that none can be made.
    /// # Examples
    /// ```
    /// use untether::queue::Queue;
    ///
    /// let latest = Queue::bounded(1);
    /// latest.force_send("old").unwrap();
    /// let gone: Vec<_> = latest.force_send("new").unwrap().collect();
    /// assert_eq!((gone, latest.try_recv()), (vec!["old"], Ok("new")));
    /// ```
    #[doc(alias = "overwrite")]
    pub fn force_send(&self, item: T) -> Result<Displaced<T>, SendError<T>> {
        let mut entry = Some(self.mark(item));
        match self.core.with(|core| core.force(&mut entry)) {
            Ok((told, displaced)) => {
                self.tell(told);
                Ok(displaced)
            }
            Err(refusal) => Err(SendError::of(refusal, entry)),
        }
    }

    /// As [`send`](Self::send), for no longer than `limit`, counted from the first pending poll.
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    /// # Errors
    /// [`SendError`], with the item; [`TimedOut`](SendError::TimedOut) if it is not in the queue in time.
    pub fn send_timeout<M: Timer>(&self, item: T, limit: Duration, timer: M) -> SendTimeout<&Self, M> {
        SendTimeout::new(self.send(item), limit, timer)
    }

    /// Sends all items, in order, and waits for room where there is none. One lock and one round of wake-ups serves as many as fit.
    ///
    /// Others may send in between. Gives how many were sent.
    ///
    /// # Cancel safety
    /// What is in the queue stays there. What is not stays in the iterator, but for a few that were taken out of it: see
    /// [`SendMany::into_rest`].
    /// # Errors
    /// As [`send`](Self::send), with the first item that was not sent.
    pub fn send_many<I: IntoIterator<Item = T>>(&self, items: I) -> SendMany<&Self, I::IntoIter> {
        SendMany::new(self, items.into_iter())
    }

    /// Waits for room for one item, or of weight 1, and keeps it free.
    ///
    /// # Cancel safety
    /// Dropping the future gives up its place in line and passes on what was granted.
    /// # Fairness
    /// First come, first served, among all who send and reserve.
    /// # Errors
    /// [`ReserveError`] when the queue is closed.
    pub const fn reserve(&self) -> Reserve<&Self> {
        Reserve::new(self, 1)
    }

    /// As [`reserve`](Self::reserve), for so many items or so much weight.
    ///
    /// # Errors
    /// [`ReserveError`] when the queue is closed, or if that is more than its capacity.
    pub const fn reserve_many(&self, room: usize) -> Reserve<&Self> {
        Reserve::new(self, room)
    }

    /// As [`reserve_many`](Self::reserve_many), for a permit that owns its hold on the queue: an `Arc`, or a [`Sender`](super::Sender).
    pub const fn reserve_owned<Q: Holder<Item = T, Storage = S>>(holder: Q, room: usize) -> Reserve<Q> {
        Reserve::new(holder, room)
    }

    /// Keeps so much room free, if there is and nobody waits for it.
    ///
    /// # Errors
    /// [`ReserveError`] else.
    pub fn try_reserve(&self, room: usize) -> Result<Permit<&Self>, ReserveError> {
        Permit::now(self, room)
    }

    /// A `Sink` into the queue. Closing the sink does not close the queue, which has others.
    pub const fn sink(&self) -> SendSink<&Self> {
        SendSink::new(self)
    }

    /// As [`sink`](Self::sink), owned: of an `Arc`, or a [`Sender`](super::Sender).
    pub const fn sink_owned<Q: Holder<Item = T, Storage = S>>(holder: Q) -> SendSink<Q> {
        SendSink::new(holder)
    }

    /// Finds out what goes with an item, before the lock is taken.
    #[inline]
    pub(super) fn mark(&self, item: T) -> Entry<S> {
        let mark = S::mark(&item, self.ask);
        (item, mark)
    }
}
