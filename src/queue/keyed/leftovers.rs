//! What was in a queue when it was ended.

use super::core::Entry;
use super::lanes::Lanes;
use core::fmt;
use core::iter::FusedIterator;

/// What was in a queue, with its keys: in order for each key, and round robin over keys. Given by
/// [`KeyedQueue::close_now`](super::KeyedQueue::close_now).
///
/// The queue has forgotten it: what is not taken out here is dropped.
#[must_use = "what is not taken out is dropped"]
pub struct Leftovers<K, V> {
    lanes: Lanes<K, Entry<K, V>>,
    /// Without those that were being merged: they stay with who does that.
    len: usize,
}

impl<K, V> Leftovers<K, V> {
    pub(super) fn new(lanes: Lanes<K, Entry<K, V>>) -> Self {
        let len = lanes.len() - lanes.lifted();
        Self { lanes, len }
    }
}

impl<K, V> Iterator for Leftovers<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let entry = self.lanes.next_left()?;
        self.len -= 1;
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl<K, V> ExactSizeIterator for Leftovers<K, V> {}

impl<K, V> FusedIterator for Leftovers<K, V> {}

impl<K, V> fmt::Debug for Leftovers<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leftovers").field("len", &self.len).finish_non_exhaustive()
    }
}
