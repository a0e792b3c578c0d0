//! The queue, and what concerns all of it.

use super::core::{Core, UNBOUNDED};
use super::entering::Refusal;
use super::hash::hash_of;
use super::leftovers::Leftovers;
use super::stats::Stats;
use super::until::{Until, What};
use crate::queue::told::Told;
use crate::sys::lock::Lock;
use crate::sys::unwind;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;
use core::hash::Hash;

/// Values with keys, from any number of senders to any number of receivers: in order for each key, and never two of one key at a time.
///
/// What is received comes in a guard, [`InFlight`](super::InFlight), that holds its key: the next value of that key is received when the guard is
/// dropped, by whatever end its receiver comes to. A guard that is forgotten keeps its own key from being served, and no other.
///
/// One object for both sides, `const` to make, to be shared by reference, in a `static`, or in an `Arc`.
///
/// # Fairness
/// Strict. The values of a key come in the order in which they went in. Keys are served round robin: one that was served, and has more waiting, comes after
/// all others that are ready by the time it is done. Who waits to send or to receive is served in the order in which it came, and nobody overtakes, not
/// even by [`try_send`](Self::try_send) or [`try_recv`](Self::try_recv); only what is [merged](Self::upsert) needs no room and does not wait.
///
/// A receiver in line is *granted* a value when one comes, and takes it when it is polled again. One that was granted a value and is neither
/// polled nor dropped keeps one from all others; [`stats`](Self::stats) counts those. A sender in line leaves its value in the line, so
/// one that is not polled again holds nobody up.
///
/// # Keys
/// A key is hashed, and where need be cloned, by whoever sends; its `Eq` is asked under the queue's lock: it must not use the queue. If it
/// panics, the queue is as it was before.
///
/// # Examples
/// ```
/// use untether::queue::KeyedQueue;
///
/// static ACCOUNTS: KeyedQueue<u32, &str> = KeyedQueue::bounded(100);
///
/// ACCOUNTS.try_send(1, "open").unwrap();
/// ACCOUNTS.try_send(1, "pay in").unwrap();
/// ACCOUNTS.try_send(2, "open").unwrap();
///
/// let first = ACCOUNTS.try_recv().unwrap();
/// let other = ACCOUNTS.try_recv().unwrap();
/// assert_eq!((first.key(), *first), (&1, "open"));
/// assert_eq!((other.key(), *other), (&2, "open"));
/// assert!(ACCOUNTS.try_recv().is_err(), "account 1 is being worked on");
/// drop(first);
/// assert_eq!(*ACCOUNTS.try_recv().unwrap(), "pay in");
/// ```
#[doc(alias = "dedup")]
#[doc(alias = "coalesce")]
#[doc(alias = "partition")]
pub struct KeyedQueue<K, V> {
    pub(super) core: Lock<Core<K, V>>,
}

impl<K, V> KeyedQueue<K, V> {
    /// A queue in which at most `capacity` values wait, of all keys together; whoever sends one more waits. What is in flight does not count.
    ///
    /// # Panics
    /// If `capacity` is 0.
    #[must_use]
    pub const fn bounded(capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "a queue with keys of capacity 0: nothing can wait in it, KeyedQueue::unbounded has no bound"
        );
        Self { core: Lock::new(Core::new(capacity)) }
    }

    /// A queue without a bound: nobody waits to send, and memory is the limit.
    #[must_use]
    pub const fn unbounded() -> Self {
        Self { core: Lock::new(Core::new(UNBOUNDED)) }
    }

    /// Refuses every new value, and who waits to send one. What is in the queue is still received, also what waits behind something in flight.
    #[doc(alias = "shutdown")]
    pub fn close(&self) {
        self.core.with(Core::close);
        self.settle();
    }

    /// Closes the queue for both sides at once. Gives what was in it, but for what is in flight.
    pub fn close_now(&self) -> Leftovers<K, V> {
        let left = self.core.with(Core::end);
        let left = Leftovers::new(left);
        self.settle();
        left
    }

    /// Waits until the queue is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub const fn closed(&self) -> Until<&Self> {
        Until::new(self, What::Closed)
    }

    /// Waits until nothing waits in the queue. What was received from it may still be in flight.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub const fn empty(&self) -> Until<&Self> {
        Until::new(self, What::Empty)
    }

    /// Waits until nothing waits in the queue and nothing is in flight: until all that was sent is done.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    #[doc(alias = "join")]
    pub const fn idle(&self) -> Until<&Self> {
        Until::new(self, What::Idle)
    }

    /// Whether it was closed. Values may still be in it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.core.with(|core| core.is_closed())
    }

    /// How many values wait in it. What is in flight is not in it.
    #[must_use]
    #[doc(alias = "qsize")]
    pub fn len(&self) -> usize {
        self.core.with(|core| core.lanes.len())
    }

    /// Whether nothing waits in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.core.with(|core| core.is_empty())
    }

    /// Whether a sender would wait now, unless it finds something to merge with.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.core.with(|core| core.refusal() == Some(Refusal::Full))
    }

    /// How many values may wait in it; `None` where there is no bound.
    #[must_use]
    pub fn capacity(&self) -> Option<usize> {
        self.stats().capacity
    }

    /// Of how many keys something waits, in the queue or in line for room, or is in flight. Nothing is known about any other key.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.core.with(|core| core.lanes.keys())
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.core.with(|core| core.stats())
    }

    /// Wakes who is to be told.
    #[inline]
    pub(super) fn tell(&self, told: Told) {
        told.tell(&self.core);
    }

    /// As `tell`, for one that has something to drop, which may panic as well: a waker, or a key.
    pub(super) fn tell_and_drop<D>(&self, told: Told, dropped: D) {
        let telling = unwind::catch(|| self.tell(told));
        let dropping = unwind::catch(|| drop(dropped));
        match (telling, dropping) {
            (Ok(()), Ok(())) => {}
            (Err(panic), Ok(())) | (Ok(()), Err(panic)) => unwind::resume_unless_unwinding(panic),
            (Err(panic), Err(other)) => {
                unwind::discard(other);
                unwind::resume_unless_unwinding(panic);
            }
        }
    }

    /// Lets everybody go on who can.
    pub(super) fn settle(&self) {
        self.tell(Told::ANYBODY);
    }
}

impl<K: Hash + Eq, V> KeyedQueue<K, V> {
    /// How many values of a key wait. One in flight does not.
    #[must_use]
    pub fn len_of<B: Hash + Eq + ?Sized>(&self, key: &B) -> usize
    where
        K: Borrow<B>,
    {
        let hash = hash_of(key);
        self.core.with(|core| {
            let lane = core.lanes.find(hash, |other| other.borrow() == key);
            lane.map_or(0, |lane| core.lanes.len_of(lane))
        })
    }

    /// Takes out the values of a key that wait, in their order, also if one was granted to a receiver, who waits on then. What is in flight, or is being merged, is
    /// left alone.
    pub fn remove<B: Hash + Eq + ?Sized>(&self, key: &B) -> Vec<V>
    where
        K: Borrow<B>,
    {
        let hash = hash_of(key);
        let removed = self.core.with(|core| {
            let lane = core.lanes.find(hash, |other| other.borrow() == key)?;
            Some((core.lanes.empty(lane), core.after_leaving()))
        });
        let Some(((entries, key), told)) = removed else { return Vec::new() };
        self.tell_and_drop(told, key);
        entries.into_iter().map(|(_, value)| value).collect()
    }
}

impl<K, V> fmt::Debug for KeyedQueue<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.stats(), f)
    }
}
