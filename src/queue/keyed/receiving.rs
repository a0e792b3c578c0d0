//! The verbs of those who receive.

use super::core::{Entry, Taken};
use super::holder::Holder;
use super::in_flight::InFlight;
use super::queue::KeyedQueue;
use super::recv::Recv;
use super::stream::RecvStream;
use crate::queue::TryRecvError;
use crate::sys::arena::Key;
use crate::sys::unwind;

impl<K, V> KeyedQueue<K, V> {
    /// Receives the next value of a key of which none is in flight; `None` once the queue is closed and empty.
    ///
    /// A closed queue is not empty while something waits behind a value in flight: that is received when that one is done.
    ///
    /// # Cancel safety
    /// Nothing is lost: a value leaves the queue in the poll that returns it, and what was granted is passed on.
    /// # Fairness
    /// First come, first served, among those who receive; round robin over keys.
    /// # Examples
    /// ```
    /// use untether::queue::KeyedQueue;
    ///
    /// async fn work(jobs: &KeyedQueue<u64, String>) {
    ///     while let Some(job) = jobs.recv().await {
    ///         println!("{}: {}", job.key(), *job);
    ///     } // the job is dropped here: the next of its key may come
    /// }
    /// ```
    pub const fn recv(&self) -> Recv<&Self> {
        Recv::new(self)
    }

    /// As [`recv`](Self::recv), for a guard that owns its hold on the queue, such as an `Arc`.
    pub const fn recv_owned<Q: Holder<Key = K, Value = V>>(holder: Q) -> Recv<Q> {
        Recv::new(holder)
    }

    /// Receives the next value, if there is one of a key of which none is in flight and nobody was granted it.
    ///
    /// # Errors
    /// [`TryRecvError`] else.
    #[inline]
    pub fn try_recv(&self) -> Result<InFlight<&Self>, TryRecvError> {
        Self::try_recv_owned(self)
    }

    /// As [`try_recv`](Self::try_recv), for a guard that owns its hold on the queue, such as an `Arc`.
    ///
    /// # Errors
    /// [`TryRecvError`] if there is none.
    #[inline]
    pub fn try_recv_owned<Q: Holder<Key = K, Value = V>>(holder: Q) -> Result<InFlight<Q>, TryRecvError> {
        let taken = holder.core.with(|core| {
            let taken = core.take_available();
            taken.ok_or_else(|| if core.is_over() { TryRecvError::Closed } else { TryRecvError::Empty })
        })?;
        let (lane, (key, value)) = holder.hand_over(taken);
        Ok(InFlight::new(holder, lane, key, value))
    }

    /// What comes, as a `Stream` that holds one place in line.
    pub const fn stream(&self) -> RecvStream<&Self> {
        RecvStream::new(self, self)
    }

    /// As [`stream`](Self::stream), owned: the stream and all its guards have a hold of their own.
    pub fn stream_owned<Q: Holder<Key = K, Value = V> + Clone>(holder: Q) -> RecvStream<Q> {
        RecvStream::new(holder.clone(), holder)
    }

    /// Gives a value to the one who took it, and tells the others. A waker that panics does not take it along: it goes back.
    #[inline(always)] // a call would pass it through memory
    pub(super) fn hand_over(&self, taken: Taken<K, V>) -> (Key, Entry<K, V>) {
        if taken.told.is_nobody() {
            return (taken.lane, taken.entry);
        }
        self.hand_over_telling(taken)
    }

    fn hand_over_telling(&self, taken: Taken<K, V>) -> (Key, Entry<K, V>) {
        let Taken { lane, entry, told } = taken;
        match unwind::catch(|| self.tell(told)) {
            Ok(()) => (lane, entry),
            Err(panic) if unwind::is_unwinding() => {
                unwind::discard(panic);
                (lane, entry)
            }
            Err(panic) => {
                if let Err(again) = unwind::catch(|| {
                    // Dropped out here, where nothing is received any more.
                    let left = self.core.with(|core| core.put_back(lane, entry));
                    self.settle();
                    drop(left);
                }) {
                    unwind::discard(again);
                }
                unwind::resume(panic)
            }
        }
    }
}
