//! The earliest of many: std's heap, from which any entry can be withdrawn by key.
//!
//! The heap holds ranks and keys; the values stay where they are in an [`Arena`]. What is withdrawn or given another rank leaves a
//! dead rank behind, which is dropped when it comes to the top, or with all others as soon as they outnumber the living. So a
//! withdrawal touches one entry and nothing else, which is what becomes of most time-outs, and n of them cost O(n) together.
//!
//! # Memory
//! One vector, at most about twice as long as there are entries, and the arena's blocks; both are given back when the heap runs
//! empty after a burst.

use super::arena::{Arena, Key};
use alloc::collections::BinaryHeap;
use core::cmp::Reverse;

/// `R` is cheap to copy, and its order is ours: it never panics.
pub(crate) struct Heap<R, V> {
    order: BinaryHeap<Reverse<(R, Key)>>,
    values: Arena<(R, V)>,
}

/// So many dead ranks are never worth the trouble, nor is a vector of four times that worth giving back.
const KEPT: usize = 64;

impl<R: Ord + Copy, V> Heap<R, V> {
    pub(crate) const fn new() -> Self {
        Self { order: BinaryHeap::new(), values: Arena::new() }
    }

    pub(crate) const fn len(&self) -> usize {
        self.values.len()
    }

    /// All ranks, in no order.
    pub(crate) fn ranks(&self) -> impl Iterator<Item = R> + '_ {
        self.values.iter().map(|(rank, _)| *rank)
    }

    /// The smallest rank.
    pub(crate) fn first(&mut self) -> Option<R> {
        while let Some(Reverse((rank, key))) = self.order.peek() {
            if is_alive(&self.values, *rank, *key) {
                return Some(*rank);
            }
            self.order.pop();
        }
        None
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut V> {
        self.values.get_mut(key).map(|(_, value)| value)
    }

    pub(crate) fn rank(&self, key: Key) -> Option<R> {
        self.values.get(key).map(|(rank, _)| *rank)
    }

    pub(crate) fn push(&mut self, rank: R, value: V) -> Key {
        let key = self.values.insert((rank, value));
        self.order.push(Reverse((rank, key)));
        key
    }

    /// Takes the value of the smallest rank.
    pub(crate) fn pop(&mut self) -> Option<V> {
        self.first()?;
        let Reverse((_, key)) = self.order.pop()?;
        let popped = self.values.remove(key);
        self.tidy();
        popped.map(|(_, value)| value)
    }

    /// Takes the value of `key`, whatever its rank.
    pub(crate) fn remove(&mut self, key: Key) -> Option<V> {
        let (_, value) = self.values.remove(key)?;
        self.tidy();
        Some(value)
    }

    /// Gives the entry of `key` another rank. `false` if there is none.
    pub(crate) fn rerank(&mut self, key: Key, rank: R) -> bool {
        let Some(entry) = self.values.get_mut(key) else { return false };
        entry.0 = rank;
        self.order.push(Reverse((rank, key)));
        self.tidy();
        true
    }

    /// Drops the dead ranks once they outnumber the living.
    fn tidy(&mut self) {
        if self.values.len() == 0 && self.order.capacity() > 4 * KEPT {
            self.order = BinaryHeap::new();
        }
        if self.order.len() > 2 * self.values.len() + KEPT {
            self.order.retain(|Reverse((rank, key))| is_alive(&self.values, *rank, *key));
        }
    }
}

/// A rank is dead when its entry is gone or has another one.
fn is_alive<R: PartialEq, V>(values: &Arena<(R, V)>, rank: R, key: Key) -> bool {
    values.get(key).is_some_and(|entry| entry.0 == rank)
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

    proptest! {
        #[test]
        fn it_behaves_as_a_sorted_list(steps in prop::collection::vec(step(), 0..600)) {
            let mut heap = Heap::new();
            let mut twin: Vec<((u8, usize), usize)> = Vec::new();
            let mut keys = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Push(rank) => {
                        keys.push((heap.push((rank, number), number), number));
                        twin.push(((rank, number), number));
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
                        let expected = entry.map(|entry| entry.0 = (rank, number));
                        prop_assert_eq!(heap.rerank(key, (rank, number)), expected.is_some());
                        prop_assert_eq!(heap.rank(key), expected.map(|()| (rank, number)));
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
        heap.push(0_u32, ());
        let key = heap.push(1, ());
        for rank in 2..10_000 {
            assert!(heap.rerank(key, rank));
            assert!(heap.order.len() <= 2 * heap.len() + KEPT);
        }
        for rank in 10_000..20_000 {
            let key = heap.push(rank, ());
            heap.remove(key);
            assert!(heap.order.len() <= 2 * heap.len() + KEPT);
        }
    }

    #[test]
    fn an_emptied_heap_gives_its_memory_back() {
        let mut heap = Heap::new();
        let keys: Vec<Key> = (0..10_000).map(|number| heap.push(number, ())).collect();
        keys.into_iter().for_each(|key| heap.remove(key).expect("it is there"));
        assert_eq!(heap.order.capacity(), 0);
        for number in 0..10_000 {
            heap.push(number, ());
        }
        while heap.pop().is_some() {}
        assert_eq!(heap.order.capacity(), 0);
    }
}
