//! The most urgent first, and among equals the first that came.

use super::error::SendError;
use super::holder::Holder;
use super::queue::Queue;
use super::reserve::Permit;
use super::storage::{Keep, Mark, Storage};
use alloc::collections::BTreeMap;
use core::fmt;
use core::num::NonZeroU32;
use core::sync::atomic::{AtomicU32, Ordering};

/// The smallest priority first, and among equals the first that came. Made by [`Builder::priority`](super::Builder::priority).
///
/// The order of `P` is asked under the queue's lock: it must not use the queue. If it panics, the queue is as it was before.
#[doc(alias = "PriorityQueue")]
pub struct ByPriority<P, T> {
    order: BTreeMap<Rank<P>, T>,
    /// The last number given.
    last: u64,
    /// Given with the first key.
    id: Option<NonZeroU32>,
}

/// Where an item stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(unnameable_types, reason = "what goes with an item is nobody else's")]
pub struct Rank<P> {
    priority: P,
    /// In the order of coming; 0 for one that has yet to come. So no two ranks are equal.
    number: u64,
}

impl<P> Mark for Rank<P> {}

/// Names an item in a queue with priorities, until it is taken out. Given by [`Queue::insert`] and [`Permit::insert`].
#[derive(Clone, PartialEq, Eq)]
pub struct PriorityKey<P> {
    rank: Rank<P>,
    queue: NonZeroU32,
}

impl<P> PriorityKey<P> {
    /// How urgent the item is.
    #[must_use]
    pub const fn priority(&self) -> &P {
        &self.rank.priority
    }
}

/// Wraps after four thousand million queues that gave keys; then two of them might take each other's.
static NEXT_ID: AtomicU32 = AtomicU32::new(1);

impl<P, T> ByPriority<P, T> {
    pub(super) const fn new() -> Self {
        Self { order: BTreeMap::new(), last: 0, id: None }
    }

    /// For the one that was put in last.
    fn key(&mut self, priority: P) -> PriorityKey<P> {
        // ORDERING: Relaxed, a ticket that publishes nothing.
        let next = || NonZeroU32::new(NEXT_ID.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU32::MAX);
        let queue = *self.id.get_or_insert_with(next);
        PriorityKey { rank: Rank { priority, number: self.last }, queue }
    }
}

impl<P, T> Default for ByPriority<P, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Ord + Send, T> Storage for ByPriority<P, T> {
    type Item = T;
}

impl<P: Ord + Send, T> Keep<T> for ByPriority<P, T> {
    type Asked = P;
    type Mark = Rank<P>;
    const ORDERED: bool = true;

    fn mark(item: &T, ask: fn(&T) -> P) -> Rank<P> {
        Rank { priority: ask(item), number: 0 }
    }

    fn check(&self, rank: &Rank<P>) {
        // Asks what putting it in will ask.
        let _ = self.order.contains_key(rank);
    }

    fn push(&mut self, item: T, rank: Rank<P>) {
        self.last += 1;
        self.order.insert(Rank { number: self.last, ..rank }, item);
    }

    fn pop(&mut self) -> Option<(T, Rank<P>)> {
        self.order.pop_first().map(|(rank, item)| (item, rank))
    }

    fn put_back(&mut self, item: T, rank: Rank<P>) {
        self.order.insert(rank, item);
    }

    /// The least urgent, and among equals the last that came.
    fn evict(&mut self) -> Option<(T, Rank<P>)> {
        self.order.pop_last().map(|(rank, item)| (item, rank))
    }

    fn take_all(&mut self) -> Self {
        Self { order: core::mem::take(&mut self.order), last: self.last, id: self.id }
    }

    fn len(&self) -> usize {
        self.order.len()
    }
}

impl<P: Ord + Clone + Send, T> Queue<T, ByPriority<P, T>> {
    /// As [`try_send`](Self::try_send), for an item that may be changed or withdrawn later.
    ///
    /// To wait for room, [`reserve`](Self::reserve) it and use [`Permit::insert`].
    ///
    /// # Errors
    /// [`SendError`], with the item.
    /// # Examples
    /// ```
    /// use untether::queue::Queue;
    ///
    /// let queue = Queue::builder(10).priority(|(urgency, _): &(u8, &str)| *urgency).build();
    /// queue.try_send((5, "sweep")).unwrap();
    /// let mut key = queue.insert((9, "paint")).unwrap();
    /// assert!(queue.change(&mut key, 1));
    /// assert_eq!(queue.try_recv(), Ok((9, "paint")));
    /// assert_eq!(queue.remove(&key), None, "it was received");
    /// ```
    pub fn insert(&self, item: T) -> Result<PriorityKey<P>, SendError<T>> {
        let (item, rank) = self.mark(item);
        let (priority, mut entry) = (rank.priority.clone(), Some((item, rank)));
        let put = self.core.with(|core| Ok((core.offer(&mut entry)?, core.items.key(priority))));
        match put {
            Ok((told, key)) => {
                self.tell(told);
                Ok(key)
            }
            Err(refusal) => Err(SendError::of::<Rank<P>>(refusal, entry)),
        }
    }

    /// Makes an item more urgent or less. Among equals it stands by when it came first. `false` if it is not in the queue any more.
    pub fn change(&self, key: &mut PriorityKey<P>, priority: P) -> bool {
        let rank = Rank { priority, number: key.rank.number };
        let new = rank.clone();
        // What is not needed any more is dropped out here.
        let unneeded = self.core.with(|core| core.items.change(key, new));
        if unneeded.is_ok() {
            key.rank = rank;
        }
        unneeded.is_ok()
    }

    /// Takes an item out, unless it is not in the queue any more.
    pub fn remove(&self, key: &PriorityKey<P>) -> Option<T> {
        let taken = self.core.with(|core| {
            let entry = core.items.remove(key)?;
            Some(core.taken(entry))
        });
        taken.map(|taken| self.hand_over(taken))
    }
}

impl<P: Ord + Clone + Send, T, Q: Holder<Item = T, Storage = ByPriority<P, T>>> Permit<Q> {
    /// As [`send`](Self::send), for an item that may be changed or withdrawn later.
    ///
    /// # Errors
    /// [`SendError`], with the item.
    pub fn insert(&mut self, item: T) -> Result<PriorityKey<P>, SendError<T>> {
        let (holder, room) = self.parts();
        let queue = holder.queue();
        let (item, rank) = queue.mark(item);
        let (priority, mut entry) = (rank.priority.clone(), Some((item, rank)));
        let put =
            queue.core.with(|core| Ok((core.offer_promised(&mut entry, room)?, core.items.key(priority))));
        match put {
            Ok((told, key)) => {
                queue.tell(told);
                Ok(key)
            }
            Err(refusal) => Err(SendError::of::<Rank<P>>(refusal, entry)),
        }
    }
}

impl<P: Ord + Send, T> ByPriority<P, T> {
    fn is_here(&self, key: &PriorityKey<P>) -> bool {
        self.id == Some(key.queue) && self.order.contains_key(&key.rank)
    }

    /// Gives the old rank back.
    fn change(&mut self, key: &PriorityKey<P>, new: Rank<P>) -> Result<Rank<P>, Rank<P>> {
        if !self.is_here(key) {
            return Err(new);
        }
        self.check(&new);
        let Some((old, item)) = self.order.remove_entry(&key.rank) else { return Err(new) };
        self.order.insert(new, item);
        Ok(old)
    }

    /// Takes an item out.
    pub(super) fn remove(&mut self, key: &PriorityKey<P>) -> Option<(T, Rank<P>)> {
        if self.id != Some(key.queue) {
            return None;
        }
        self.order.remove_entry(&key.rank).map(|(rank, item)| (item, rank))
    }
}

impl<P, T> fmt::Debug for ByPriority<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByPriority").field("len", &self.order.len()).finish_non_exhaustive()
    }
}

impl<P: fmt::Debug> fmt::Debug for PriorityKey<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PriorityKey").field(&self.rank.priority).finish()
    }
}
