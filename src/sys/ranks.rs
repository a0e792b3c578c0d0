//! The smallest of many: a heap of four children to a node, whose way down takes no branch that could be guessed wrong.
//!
//! It is half as deep as one of two children, and the four lie side by side, which is what counts once it is larger than a cache. The
//! way down does not compare with what is to be put there, as that nearly always belongs at the bottom: it follows the smallest children
//! to the end, and from there the last one rises to its place.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Two numbers, the first of which counts more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Rank(pub(crate) u64, pub(crate) u64);

/// A rank, and where what it ranks is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ranked {
    pub(crate) rank: Rank,
    pub(crate) index: u32,
}

pub(crate) struct Ranks(Vec<Ranked>);

const CHILDREN: usize = 4;

impl Rank {
    /// As one number: two are compared without a branch.
    #[inline]
    const fn wide(self) -> u128 {
        (self.0 as u128) << u64::BITS | self.1 as u128
    }

    #[inline]
    const fn is_before(self, other: Self) -> bool {
        self.wide() < other.wide()
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.wide().cmp(&other.wide())
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ranks {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.0.capacity()
    }

    #[inline]
    pub(crate) fn first(&self) -> Option<Ranked> {
        self.0.first().copied()
    }

    #[inline]
    pub(crate) fn push(&mut self, new: Ranked) {
        self.0.push(new);
        self.rise(self.0.len() - 1, new);
    }

    /// Takes the smallest.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Ranked> {
        let last = self.0.pop()?;
        let Some(first) = self.first() else { return Some(last) };
        let mut hole = 0;
        while let Some(child) = self.smallest_child(hole) {
            self.0[hole] = self.0[child];
            hole = child;
        }
        self.rise(hole, last);
        Some(first)
    }

    /// Keeps those that `keep` wants, in O(n).
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Ranked) -> bool) {
        self.0.retain(keep);
        for parent in (0..self.0.len().div_ceil(CHILDREN)).rev() {
            self.sink(parent);
        }
    }

    /// Moves `new`, for which there is a hole at `at`, up to where it belongs.
    #[inline]
    fn rise(&mut self, mut at: usize, new: Ranked) {
        while at > 0 {
            let parent = (at - 1) / CHILDREN;
            if !new.rank.is_before(self.0[parent].rank) {
                break;
            }
            self.0[at] = self.0[parent];
            at = parent;
        }
        self.0[at] = new;
    }

    /// Moves what is at `at` down to where it belongs.
    fn sink(&mut self, mut at: usize) {
        let sinking = self.0[at];
        while let Some(child) = self.smallest_child(at) {
            if !self.0[child].rank.is_before(sinking.rank) {
                break;
            }
            self.0[at] = self.0[child];
            at = child;
        }
        self.0[at] = sinking;
    }

    #[inline]
    fn smallest_child(&self, parent: usize) -> Option<usize> {
        let first = parent * CHILDREN + 1;
        let children = self.0.get(first..)?;
        if let Some([a, b, c, d]) = children.first_chunk::<CHILDREN>() {
            let (left, left_at) = if b.rank.is_before(a.rank) { (b, 1) } else { (a, 0) };
            let (right, right_at) = if d.rank.is_before(c.rank) { (d, 3) } else { (c, 2) };
            return Some(first + if right.rank.is_before(left.rank) { right_at } else { left_at });
        }
        let smallest = (first..).zip(children).min_by_key(|(_, child)| child.rank);
        smallest.map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_come_out_in_order(ranks in prop::collection::vec((0..4_u64, any::<u64>()), 0..300), every in 1..5_u32) {
            let mut heap = Ranks::new();
            let mut twin: Vec<Rank> = Vec::new();
            for (index, (first, then)) in (0..).zip(ranks) {
                heap.push(Ranked { rank: Rank(first, then), index });
                twin.push(Rank(first, then));
            }
            let mut index = 0;
            heap.retain(|ranked| ranked.index % every == 0);
            twin.retain(|_| {
                index += 1;
                (index - 1) % every == 0
            });
            twin.sort_unstable_by_key(|rank| (rank.0, rank.1));
            prop_assert_eq!(heap.len(), twin.len());
            for rank in twin {
                prop_assert_eq!(heap.first().map(|ranked| ranked.rank), Some(rank));
                prop_assert_eq!(heap.pop().map(|ranked| ranked.rank), Some(rank));
            }
            prop_assert_eq!(heap.pop(), None);
        }
    }
}
