//! What had to go to make room for something newer.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// Items that had to go for a newer one, oldest first: one at most, where the bound is a count and was not lowered. Given by
/// [`Queue::force_send`](super::Queue::force_send).
pub struct Displaced<T> {
    /// Mostly the only one, and no reason to allocate.
    first: Option<T>,
    others: vec::IntoIter<T>,
}

impl<T> Displaced<T> {
    pub(super) fn push(&mut self, item: T) {
        if self.first.is_none() {
            self.first = Some(item);
            return;
        }
        let mut others: Vec<T> = core::mem::take(&mut self.others).collect();
        others.push(item);
        self.others = others.into_iter();
    }
}

impl<T> Default for Displaced<T> {
    fn default() -> Self {
        Self { first: None, others: Vec::new().into_iter() }
    }
}

impl<T> Iterator for Displaced<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.first.take().or_else(|| self.others.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = usize::from(self.first.is_some()) + self.others.len();
        (len, Some(len))
    }
}

impl<T> ExactSizeIterator for Displaced<T> {}

impl<T> fmt::Debug for Displaced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Displaced").field("len", &self.len()).finish_non_exhaustive()
    }
}
