//! What was in a queue when it was emptied.

use super::agenda::Agenda;
use crate::time::Instant;
use core::fmt;
use core::iter::FusedIterator;

/// Entries that were taken out of a [`DelayQueue`](super::DelayQueue) before they were due: deadlines and items, earliest first. What is
/// left when it is dropped is dropped with it.
#[must_use = "what is dropped with it is gone"]
pub struct Leftovers<T>(pub(super) Agenda<T>);

impl<T> Iterator for Leftovers<T> {
    type Item = (Instant, T);

    fn next(&mut self) -> Option<(Instant, T)> {
        let first = self.0.take_first()?;
        Some((first.deadline, first.item))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}

impl<T> ExactSizeIterator for Leftovers<T> {}

impl<T> FusedIterator for Leftovers<T> {}

impl<T> fmt::Debug for Leftovers<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leftovers").field("len", &self.0.len()).finish_non_exhaustive()
    }
}
