//! Last in, first out.

use super::storage::{Counted, Keep, Storage};
use alloc::collections::VecDeque;
use core::fmt;

/// Last in, first out: the freshest item next.
#[doc(alias = "stack")]
pub struct Lifo<T>(VecDeque<T>);

/// Room for so many is kept whatever happens.
const KEPT: usize = 512;

impl<T> Lifo<T> {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    fn shrink(&mut self) {
        let room = self.0.capacity();
        if room > KEPT && self.0.len() < room / 4 {
            self.0.shrink_to(room / 2);
        }
    }
}

impl<T> Default for Lifo<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Storage for Lifo<T> {
    type Item = T;
}

impl<T> Keep<T> for Lifo<T> {
    type Asked = ();
    type Mark = Counted;

    #[inline]
    fn mark(_: &T, _: fn(&T)) -> Counted {
        Counted
    }

    #[inline]
    fn push(&mut self, item: T, _: Counted) {
        self.0.push_back(item);
    }

    #[inline]
    fn pop(&mut self) -> Option<(T, Counted)> {
        let item = self.0.pop_back()?;
        self.shrink();
        Some((item, Counted))
    }

    fn put_back(&mut self, item: T, _: Counted) {
        self.0.push_back(item);
    }

    fn evict(&mut self) -> Option<(T, Counted)> {
        let item = self.0.pop_front()?;
        self.shrink();
        Some((item, Counted))
    }

    #[inline]
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> fmt::Debug for Lifo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lifo").field("len", &self.len()).finish_non_exhaustive()
    }
}
