//! The earliest of many, from which any entry can be withdrawn by key.
//!
//! The heap holds ranks and places; the values stay where they are in an [`Arena`]. What is withdrawn or given another rank leaves a
//! dead rank behind, which is dropped when it comes to the top, or with all others as soon as they outnumber the living. So a
//! withdrawal touches one entry and nothing else, which is what becomes of most time-outs, and n of them cost O(n) together.
//!
//! # Memory
//! One vector, at most about twice as long as there are entries, and the arena's blocks; both are given back when the heap runs
//! empty after a burst.

use super::arena::{Arena, Key};
use super::ranks::{Rank, Ranked, Ranks};

/// No two ranks that were ever given are equal.
pub(crate) struct Heap<V> {
    order: Ranks,
    values: Arena<(Rank, V)>,
}

/// So many dead ranks are never worth the trouble, nor is a vector of four times that worth giving back.
const KEPT: usize = 64;

impl<V> Heap<V> {
    pub(crate) const fn new() -> Self {
        Self { order: Ranks::new(), values: Arena::new() }
    }

    pub(crate) const fn len(&self) -> usize {
        self.values.len()
    }

    /// All ranks, in no order.
    pub(crate) fn ranks(&self) -> impl Iterator<Item = Rank> + '_ {
        self.values.iter().map(|(rank, _)| *rank)
    }

    /// The smallest rank.
    #[inline]
    pub(crate) fn first(&mut self) -> Option<Rank> {
        self.first_place().map(|first| first.rank)
    }

    /// The smallest rank, and whose it is.
    #[inline]
    pub(crate) fn first_entry(&mut self) -> Option<(Rank, Key)> {
        let Ranked { rank, index } = self.first_place()?;
        Some((rank, self.values.key_at(index)?))
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut V> {
        self.values.get_mut(key).map(|(_, value)| value)
    }

    pub(crate) fn rank(&self, key: Key) -> Option<Rank> {
        self.values.get(key).map(|(rank, _)| *rank)
    }

    #[inline]
    pub(crate) fn push(&mut self, rank: Rank, value: V) -> Key {
        let key = self.values.insert((rank, value));
        self.order.push(Ranked { rank, index: key.index() });
        key
    }

    /// Takes the value of the smallest rank.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<V> {
        self.first_place()?;
        self.pop_first()
    }

    /// As [`pop`](Self::pop), for those who have asked for the first since anything was changed.
    #[inline]
    pub(crate) fn pop_first(&mut self) -> Option<V> {
        let Ranked { index, .. } = self.order.pop()?;
        let (_, value) = self.values.remove_at(index);
        self.tidy();
        Some(value)
    }

    /// Takes the value of `key`, whatever its rank.
    #[inline]
    pub(crate) fn remove(&mut self, key: Key) -> Option<V> {
        let (_, value) = self.values.remove(key)?;
        self.tidy();
        Some(value)
    }

    /// Gives the entry of `key` another rank. `false` if there is none.
    pub(crate) fn rerank(&mut self, key: Key, rank: Rank) -> bool {
        let Some(entry) = self.values.get_mut(key) else { return false };
        entry.0 = rank;
        self.order.push(Ranked { rank, index: key.index() });
        self.tidy();
        true
    }

    /// The top of the heap, after what is dead was dropped from it.
    #[inline]
    fn first_place(&mut self) -> Option<Ranked> {
        while let Some(first) = self.order.first() {
            if is_alive(&self.values, first) {
                return Some(first);
            }
            self.order.pop();
        }
        None
    }

    /// Drops the dead ranks once they outnumber the living.
    #[inline]
    fn tidy(&mut self) {
        if self.values.len() == 0 && self.order.capacity() > 4 * KEPT {
            self.order = Ranks::new();
        }
        if self.order.len() > 2 * self.values.len() + KEPT {
            self.bury();
        }
    }

    #[cold]
    fn bury(&mut self) {
        self.order.retain(|ranked| is_alive(&self.values, *ranked));
    }
}

/// A rank is dead when its entry is gone or has another one. Whoever has its place now has another one as well.
#[inline]
fn is_alive<V>(values: &Arena<(Rank, V)>, ranked: Ranked) -> bool {
    values.at(ranked.index).is_some_and(|(rank, _)| *rank == ranked.rank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u8),
        Pop,
        Remove(usize),
        Rerank(usize, u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => any::<u8>().prop_map(Step::Push),
            1 => Just(Step::Pop),
            1 => any::<usize>().prop_map(Step::Remove),
            2 => (any::<usize>(), any::<u8>()).prop_map(|(which, rank)| Step::Rerank(which, rank)),
        ]
    }

    const fn unique(rank: u8, number: usize) -> Rank {
        Rank(rank as u64, number as u64)
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_sorted_list(steps in prop::collection::vec(step(), 0..600)) {
            let mut heap = Heap::new();
            let mut twin: Vec<(Rank, usize)> = Vec::new();
            let mut keys = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Push(rank) => {
                        keys.push((heap.push(unique(rank, number), number), number));
                        twin.push((unique(rank, number), number));
                    }
                    Step::Pop => {
                        twin.sort_unstable();
                        let expected = (!twin.is_empty()).then(|| twin.remove(0).1);
                        prop_assert_eq!(heap.pop(), expected);
                    }
                    Step::Remove(which) if !keys.is_empty() => {
                        let (key, value) = keys[which % keys.len()];
                        let at = twin.iter().position(|entry| entry.1 == value);
                        prop_assert_eq!(heap.remove(key), at.map(|at| twin.remove(at).1));
                    }
                    Step::Rerank(which, rank) if !keys.is_empty() => {
                        let (key, value) = keys[which % keys.len()];
                        let entry = twin.iter_mut().find(|entry| entry.1 == value);
                        let expected = entry.map(|entry| entry.0 = unique(rank, number));
                        prop_assert_eq!(heap.rerank(key, unique(rank, number)), expected.is_some());
                        prop_assert_eq!(heap.rank(key), expected.map(|()| unique(rank, number)));
                    }
                    Step::Remove(_) | Step::Rerank(..) => {}
                }
                prop_assert_eq!(heap.len(), twin.len());
                prop_assert_eq!(heap.first(), twin.iter().map(|entry| entry.0).min());
                prop_assert!(heap.order.len() <= 2 * heap.len() + KEPT);
            }
        }
    }

    #[test]
    fn entries_that_move_or_come_and_go_for_ever_take_no_memory() {
        let mut heap = Heap::new();
        heap.push(Rank(0, 0), ());
        let key = heap.push(Rank(1, 0), ());
        for rank in 2..10_000 {
            assert!(heap.rerank(key, Rank(rank, 0)));
            assert!(heap.order.len() <= 2 * heap.len() + KEPT);
        }
        for rank in 10_000..20_000 {
            let key = heap.push(Rank(rank, 0), ());
            heap.remove(key);
            assert!(heap.order.len() <= 2 * heap.len() + KEPT);
        }
    }

    #[test]
    fn an_emptied_heap_gives_its_memory_back() {
        let mut heap = Heap::new();
        let keys: Vec<Key> = (0..10_000).map(|number| heap.push(Rank(number, 0), ())).collect();
        keys.into_iter().for_each(|key| heap.remove(key).expect("it is there"));
        assert_eq!(heap.order.capacity(), 0);
        for number in 0..10_000 {
            heap.push(Rank(number, 0), ());
        }
        while heap.pop().is_some() {}
        assert_eq!(heap.order.capacity(), 0);
    }
}
