//! First in, first out, with a bound on what all items weigh together.

use super::fifo::Fifo;
use super::storage::{Counted, Keep, Mark, Storage};
use core::fmt;

/// First in, first out, each item with its weight: bytes, mostly. Made by [`Builder::weight`](super::Builder::weight).
pub struct ByWeight<T>(Fifo<(T, Weight)>);

/// What an item weighs.
#[derive(Clone, Copy, Debug)]
#[expect(unnameable_types, reason = "what goes with an item is nobody else's")]
pub struct Weight(usize);

impl Mark for Weight {
    fn weight(&self) -> usize {
        self.0
    }
}

impl<T> ByWeight<T> {
    pub(super) const fn new() -> Self {
        Self(Fifo::new())
    }
}

impl<T> Default for ByWeight<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Storage for ByWeight<T> {
    type Item = T;
}

impl<T> Keep<T> for ByWeight<T> {
    type Asked = usize;
    type Mark = Weight;

    fn mark(item: &T, ask: fn(&T) -> usize) -> Weight {
        Weight(ask(item))
    }

    fn push(&mut self, item: T, weight: Weight) {
        self.0.push((item, weight), Counted);
    }

    fn pop(&mut self) -> Option<(T, Weight)> {
        self.0.pop().map(|(entry, _)| entry)
    }

    fn put_back(&mut self, item: T, weight: Weight) {
        self.0.put_back((item, weight), Counted);
    }

    fn evict(&mut self) -> Option<(T, Weight)> {
        self.pop()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> fmt::Debug for ByWeight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByWeight").field("len", &self.len()).finish_non_exhaustive()
    }
}
