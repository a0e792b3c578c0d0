//! First in, first out: blocks of a few hundred, so that a burst is neither copied as it grows nor kept when it is over.

use super::storage::{Counted, Keep, Storage};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::fmt;

/// First in, first out: what a [`Queue`](super::Queue) is when nothing else is said.
pub struct Fifo<T> {
    /// What is next. All there is, mostly.
    front: VecDeque<T>,
    /// Full blocks that come after that.
    middle: VecDeque<VecDeque<T>>,
    /// What comes last.
    back: VecDeque<T>,
    /// An empty block that has its memory.
    spare: VecDeque<T>,
    /// How many are not in front.
    behind: usize,
}

const BLOCK: usize = 256;
/// A block that grew beyond this, as what was put back made it, is not kept.
const MOST_KEPT: usize = 2 * BLOCK;
/// Room for the list of them that is kept.
const MOST_BLOCKS_KEPT: usize = 16;

impl<T> Fifo<T> {
    pub(super) const fn new() -> Self {
        Self {
            front: VecDeque::new(),
            middle: VecDeque::new(),
            back: VecDeque::new(),
            spare: VecDeque::new(),
            behind: 0,
        }
    }

    #[inline]
    fn push_behind(&mut self, item: T) {
        if self.back.len() == self.back.capacity().min(BLOCK) {
            self.begin_block();
        }
        self.back.push_back(item);
        self.behind += 1;
    }

    /// The last block is full, or has no memory yet.
    #[cold]
    fn begin_block(&mut self) {
        let mut block = core::mem::take(&mut self.spare);
        block.reserve_exact(BLOCK);
        let full = core::mem::replace(&mut self.back, block);
        if !full.is_empty() {
            self.middle.push_back(full);
        }
    }

    #[inline]
    fn after_popping(&mut self) {
        if self.front.is_empty() && (self.behind > 0 || self.front.capacity() > MOST_KEPT) {
            self.move_up();
        }
    }

    /// The front is empty.
    #[cold]
    fn move_up(&mut self) {
        let next = self.middle.pop_front().unwrap_or_else(|| core::mem::take(&mut self.back));
        self.behind -= next.len();
        let emptied = core::mem::replace(&mut self.front, next);
        if emptied.capacity() <= MOST_KEPT {
            self.spare = emptied;
        }
        if self.middle.is_empty() && self.middle.capacity() > MOST_BLOCKS_KEPT {
            self.middle = VecDeque::new();
        }
    }
}

impl<T> Default for Fifo<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Storage for Fifo<T> {
    type Item = T;
}

impl<T> Keep<T> for Fifo<T> {
    type Asked = ();
    type Mark = Counted;

    #[inline]
    fn mark(_: &T, _: fn(&T)) -> Counted {
        Counted
    }

    #[inline]
    fn push(&mut self, item: T, _: Counted) {
        if self.behind == 0 && self.front.len() < BLOCK {
            self.front.push_back(item);
        } else {
            self.push_behind(item);
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<(T, Counted)> {
        let item = self.front.pop_front()?;
        self.after_popping();
        Some((item, Counted))
    }

    fn pop_many(&mut self, count: usize, into: &mut Vec<T>) -> usize {
        let mut left = count;
        while left > 0 && !self.front.is_empty() {
            let some = left.min(self.front.len());
            into.extend(self.front.drain(..some));
            left -= some;
            self.after_popping();
        }
        count - left
    }

    fn put_back(&mut self, item: T, _: Counted) {
        self.front.push_front(item);
    }

    fn evict(&mut self) -> Option<(T, Counted)> {
        self.pop()
    }

    #[inline]
    fn len(&self) -> usize {
        self.front.len() + self.behind
    }
}

impl<T> fmt::Debug for Fifo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fifo").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_behaves_as_a_deque_however_long_it_grows(steps in prop::collection::vec((0_u8..5, 1_usize..700), 0..60)) {
            let (mut fifo, mut twin) = (Fifo::new(), VecDeque::new());
            let mut next = 0;
            for (verb, times) in steps {
                for _ in 0..times {
                    match verb {
                        0 | 1 => {
                            fifo.push(next, Counted);
                            twin.push_back(next);
                            next += 1;
                        }
                        2 => prop_assert_eq!(fifo.pop().map(|(item, _)| item), twin.pop_front()),
                        3 => {
                            let (many, mut into) = ((times % 300).min(fifo.len()), Vec::new());
                            prop_assert_eq!(fifo.pop_many(many, &mut into), many);
                            prop_assert!(into.into_iter().eq(twin.drain(..many)));
                        }
                        _ => if let Some((item, mark)) = fifo.pop() {
                            fifo.put_back(item, mark);
                        },
                    }
                    prop_assert_eq!(fifo.len(), twin.len());
                }
            }
            prop_assert!(core::iter::from_fn(|| fifo.pop()).map(|(item, _)| item).eq(twin));
        }
    }

    #[test]
    fn memory_is_given_back_after_a_burst() {
        let mut fifo = Fifo::new();
        (0..100_000).for_each(|n| fifo.push(n, Counted));
        (0..100_000).for_each(|n| fifo.put_back(n, Counted));
        while fifo.pop().is_some() {}
        assert!(fifo.front.capacity() + fifo.spare.capacity() <= 2 * MOST_KEPT);
        assert!(fifo.middle.capacity() <= MOST_BLOCKS_KEPT && fifo.back.capacity() == 0);
    }

    #[test]
    fn a_queue_that_stays_short_allocates_once() {
        let mut fifo = Fifo::new();
        fifo.push(0, Counted);
        let before = fifo.front.capacity();
        for n in 0..10_000 {
            fifo.push(n, Counted);
            assert!(fifo.pop().is_some());
        }
        assert_eq!(fifo.front.capacity(), before);
    }
}
