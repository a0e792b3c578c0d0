//! Options of a queue.

use super::by_priority::ByPriority;
use super::by_weight::ByWeight;
use super::core::Core;
use super::fifo::Fifo;
use super::lifo::Lifo;
use super::queue::Queue;
use super::storage::{AskedOf, Storage};
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use core::fmt;

/// A [`Queue`] that is to be built.
#[must_use = "a builder makes nothing by itself"]
pub struct Builder<S: Storage> {
    capacity: usize,
    overflow: Overflow,
    items: S,
    ask: fn(&S::Item) -> AskedOf<S>,
}

/// What happens to an item for which there is no room.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Overflow {
    /// Its sender waits.
    #[default]
    Wait,
    /// Its sender gets it back, as [`SendError::Full`](super::SendError::Full).
    Reject,
    /// What came first goes, and is counted: see [`Stats::dropped`](super::Stats::dropped).
    DropOldest,
    /// It is dropped itself, and counted.
    DropNewest,
}

impl<T> Builder<Fifo<T>> {
    pub(super) const fn new(capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "a queue of capacity 0: Queue::rendezvous goes from hand to hand, Queue::unbounded has no bound"
        );
        Self { capacity, overflow: Overflow::Wait, items: Fifo::new(), ask: |_| () }
    }

    /// Gives out the freshest first.
    pub fn lifo(self) -> Builder<Lifo<T>> {
        Builder { capacity: self.capacity, overflow: self.overflow, items: Lifo::new(), ask: |_| () }
    }

    /// Gives out the smallest priority first, and among equals the first that came.
    ///
    /// `of` is called once for each item, by whoever sends it.
    pub fn priority<P: Ord + Send>(self, of: fn(&T) -> P) -> Builder<ByPriority<P, T>> {
        Builder { capacity: self.capacity, overflow: self.overflow, items: ByPriority::new(), ask: of }
    }

    /// The capacity is what all items may weigh together, bytes for instance. What weighs nothing takes no room.
    ///
    /// Called once for each item, by whoever sends it.
    pub fn weight(self, weigh: fn(&T) -> usize) -> Builder<ByWeight<T>> {
        Builder { capacity: self.capacity, overflow: self.overflow, items: ByWeight::new(), ask: weigh }
    }
}

impl<S: Storage> Builder<S> {
    /// What happens to an item for which there is no room. Its sender waits if nothing is said.
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// The queue.
    #[must_use]
    pub fn build(self) -> Queue<S::Item, S> {
        Queue {
            core: Lock::new(Core::new(self.items, self.capacity)),
            overflow: self.overflow,
            ask: self.ask,
            goes_from_hand_to_hand: false,
            runs_dry: AtomicBool::new(false),
        }
    }
}

impl<S: Storage> fmt::Debug for Builder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { capacity, overflow, .. } = self;
        f.debug_struct("Builder")
            .field("capacity", capacity)
            .field("overflow", overflow)
            .finish_non_exhaustive()
    }
}
