//! The verbs of those who send.

use super::hash::hash_of;
use super::offer::{refused, with_key};
use super::queue::KeyedQueue;
use super::send::Send;
use super::upsert::{Upsert, Upserted, conclude};
use crate::queue::SendError;
use core::hash::Hash;

impl<K: Hash + Eq + Clone, V> KeyedQueue<K, V> {
    /// Sends a value, and waits for room where there is none.
    ///
    /// # Cancel safety
    /// A value that is in the queue stays there. One that is not is dropped with the future, or taken back by
    /// [`Send::into_inner`].
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`SendError::Closed`], with key and value, when the queue is closed, also while it waits.
    #[inline]
    pub fn send(&self, key: K, value: V) -> Send<&Self> {
        Send::new(self, hash_of(&key), (key, value))
    }

    /// Sends a value if there is room and nobody waits for it.
    ///
    /// # Errors
    /// [`SendError`] else, with key and value.
    #[inline]
    pub fn try_send(&self, key: K, value: V) -> Result<(), SendError<(K, V)>> {
        let (hash, mut entry) = (hash_of(&key), Some((key, value)));
        let (offered, _key) = with_key(self, &mut entry, |core, entry, own| core.offer(hash, entry, own));
        match offered {
            Ok(told) => {
                self.tell(told);
                Ok(())
            }
            Err(refusal) => Err(refused(refusal, &mut entry)),
        }
    }

    /// Merges a value with the last one of its key that waits, in that one's place; if none does, sends it, and waits for room where there is none.
    ///
    /// To merge needs no room and does not wait. `merge` may use the queue: it is called outside of the lock, with a value that was taken out for
    /// it, which meanwhile nobody receives. Another `upsert` of the key does not wait for that: it finds nothing to merge with and puts its own value behind
    /// it. Should `merge` panic, the old value goes back to its place as `merge` has left it, and the new one is gone.
    ///
    /// One that has to wait for room stands in line as it is, and merges when its turn comes, if something of its key waits by then.
    ///
    /// # Cancel safety
    /// As [`send`](Self::send). It is never dropped while it merges: that is done within one poll.
    /// # Fairness
    /// First come, first served, among all who wait for room.
    /// # Errors
    /// [`SendError::Closed`], with key and value, when the queue is closed, also while it waits. If it was [ended](Self::close_now) while
    /// the two were merged, it is the merged value.
    /// # Panics
    /// Its future does where `merge` does.
    #[doc(alias = "coalesce")]
    pub fn upsert<F: FnOnce(&mut V, V)>(&self, key: K, value: V, merge: F) -> Upsert<&Self, F> {
        Upsert::new(self, hash_of(&key), (key, value), merge)
    }

    /// Merges a value with the last one of its key that waits; if none does, sends it if there is room and nobody waits for it. See
    /// [`upsert`](Self::upsert).
    ///
    /// # Errors
    /// [`SendError`] else, with key and value; when the queue is closed.
    /// # Panics
    /// Where `merge` does.
    /// # Examples
    /// ```
    /// use untether::queue::KeyedQueue;
    /// use untether::queue::keyed::Upserted;
    ///
    /// let dirty = KeyedQueue::unbounded();
    /// dirty.try_upsert("page 1", 100..200, |old, new| old.end = new.end).unwrap();
    /// let again = dirty.try_upsert("page 1", 200..300, |old, new| old.end = new.end);
    /// assert_eq!(again.unwrap(), Upserted::Merged);
    /// assert_eq!(*dirty.try_recv().unwrap(), 100..300);
    /// assert_eq!(dirty.len(), 0);
    /// ```
    pub fn try_upsert<F: FnOnce(&mut V, V)>(
        &self,
        key: K,
        value: V,
        merge: F,
    ) -> Result<Upserted, SendError<(K, V)>> {
        let (hash, mut entry) = (hash_of(&key), Some((key, value)));
        let (answer, _key) =
            with_key(self, &mut entry, |core, entry, own| core.offer_or_lift(hash, entry, own));
        conclude(self, answer, &mut entry, merge)
    }
}
