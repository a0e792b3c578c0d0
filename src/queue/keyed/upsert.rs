//! Merging a value with one that waits: outside of the lock, since that is code of the user's.

use super::core::Entry;
use super::entering::{Offered, Refusal};
use super::holder::Holder;
use super::lanes::Lifted;
use super::offer::{Offer, refused, with_key};
use super::queue::KeyedQueue;
use crate::queue::SendError;
use crate::sys::lock;
use crate::sys::waits::waits;
use core::fmt;
use core::hash::Hash;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// What became of a value that was to be merged if possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Upserted {
    /// Nothing of its key waited: it waits by itself.
    Inserted,
    /// It was merged with the last of its key that waited.
    Merged,
}

/// Merges a value with one of its key that waits, or sends it. Made by [`KeyedQueue::upsert`](super::KeyedQueue::upsert).
///
/// `Unpin`, so it can be polled in place, and kept in a struct.
///
/// # Cancel safety
/// As of [`Send`](super::Send). It is never dropped while it merges: that is done within one poll.
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Upsert<Q: Holder, F> {
    offer: Offer<Q>,
    /// Until it is called.
    merge: Option<F>,
}

impl<Q: Holder, F> Upsert<Q, F> {
    pub(super) const fn new(holder: Q, hash: u64, entry: Entry<Q::Key, Q::Value>, merge: F) -> Self {
        Self { offer: Offer::new(holder, hash, entry), merge: Some(merge) }
    }

    /// Takes key and value back, unless they are in the queue already.
    pub fn into_inner(mut self) -> Option<(Q::Key, Q::Value)> {
        self.offer.give_up()
    }
}

impl<Q: Holder<Key: Hash + Eq + Clone>, F: FnOnce(&mut Q::Value, Q::Value)> Upsert<Q, F> {
    /// As [`poll`](Future::poll), without a pin.
    ///
    /// # Errors
    /// See [`KeyedQueue::upsert`](super::KeyedQueue::upsert).
    /// # Panics
    /// When called after it was ready, and where merging does.
    pub fn poll_upsert(&mut self, cx: &mut Context<'_>) -> Poll<<Self as Future>::Output> {
        let Self { offer, merge } = self;
        let (answer, _key) = match offer.place {
            Some(place) => ready!(offer.poll_in_line(place, cx.waker())),
            None => {
                assert!(offer.entry.is_some(), "an upsert was polled after it had ended");
                let Offer { holder, hash, entry, .. } = offer;
                let tried = with_key(holder, entry, |core, entry, own| core.offer_or_lift(*hash, entry, own));
                match tried {
                    (Err(Refusal::Full), _) => ready!(offer.join(cx.waker(), true)),
                    tried => tried,
                }
            }
        };
        let merge = |old: &mut _, new| {
            if let Some(merge) = merge.take() {
                merge(old, new);
            }
        };
        Poll::Ready(conclude(&offer.holder, answer, &mut offer.entry, merge))
    }

    waits!();
}

/// Does what is left to be done outside of the lock.
pub(super) fn conclude<K, V>(
    queue: &KeyedQueue<K, V>,
    answer: Result<Offered<K, V>, Refusal>,
    entry: &mut Option<Entry<K, V>>,
    merge: impl FnOnce(&mut V, V),
) -> Result<Upserted, SendError<(K, V)>> {
    match answer {
        Ok(Offered::Put(told)) => {
            queue.tell(told);
            Ok(Upserted::Inserted)
        }
        Ok(Offered::Lifted(lifted)) => {
            let merging = Merging { queue, lifted };
            merging.run(entry, merge)
        }
        Err(refusal) => Err(refused(refusal, entry)),
    }
}

/// A value that was taken out to be merged. Dropped, also by a panic of that, it goes back to its place.
struct Merging<'q, K, V> {
    queue: &'q KeyedQueue<K, V>,
    lifted: Lifted<Entry<K, V>>,
}

impl<K, V> Merging<'_, K, V> {
    fn run(
        mut self,
        entry: &mut Option<Entry<K, V>>,
        merge: impl FnOnce(&mut V, V),
    ) -> Result<Upserted, SendError<Entry<K, V>>> {
        lock::assert_none_held();
        if let (Some((_, old)), Some((key, new))) = (&mut self.lifted.item, entry.take()) {
            merge(old, new);
            drop(key);
        }
        self.put_back();
        match self.lifted.item.take() {
            None => Ok(Upserted::Merged),
            // The queue was ended meanwhile.
            Some(merged) => Err(SendError::Closed(merged)),
        }
    }

    fn put_back(&mut self) {
        let told = self.queue.core.with(|core| core.lower(&mut self.lifted));
        self.queue.tell(told);
    }
}

impl<K, V> Drop for Merging<'_, K, V> {
    fn drop(&mut self) {
        if self.lifted.item.is_some() {
            self.put_back();
        }
    }
}

impl<Q: Holder, F> Unpin for Upsert<Q, F> {}

impl<Q: Holder<Key: Hash + Eq + Clone>, F: FnOnce(&mut Q::Value, Q::Value)> Future for Upsert<Q, F> {
    type Output = Result<Upserted, SendError<(Q::Key, Q::Value)>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_upsert(cx)
    }
}

impl<Q: Holder, F> fmt::Debug for Upsert<Q, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upsert").field("in_line", &self.offer.place.is_some()).finish_non_exhaustive()
    }
}
