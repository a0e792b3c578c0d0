//! The earliest of many: a four-ary heap whose entries can be found, moved and removed by key.
//!
//! The order is kept in one vector of `(rank, key)`; the values stay where they are in an [`Arena`], each with its place in the
//! order, so a removal costs a search of the height and no more. Ranks are compared first and entries moved afterwards, so a
//! panicking `Ord` leaves the heap as it was.
//!
//! # Memory
//! One vector and the arena's blocks, returned when the heap runs empty after a burst.

use super::arena::{Arena, Key};
use alloc::vec::Vec;

pub(crate) struct Heap<R, V> {
    order: Vec<(R, Key)>,
    values: Arena<Placed<V>>,
}

struct Placed<V> {
    place: usize,
    value: V,
}

const ARITY: usize = 4;
/// An empty heap gives back an order that is larger than this.
const KEPT: usize = 32;

impl<R: Ord, V> Heap<R, V> {
    pub(crate) const fn new() -> Self {
        Self { order: Vec::new(), values: Arena::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The smallest rank and whose it is.
    pub(crate) fn peek(&self) -> Option<(&R, Key)> {
        self.order.first().map(|(rank, key)| (rank, *key))
    }

    /// All ranks, in no order.
    pub(crate) fn ranks(&self) -> impl Iterator<Item = &R> {
        self.order.iter().map(|(rank, _)| rank)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut V> {
        self.values.get_mut(key).map(|placed| &mut placed.value)
    }

    pub(crate) fn rank(&mut self, key: Key) -> Option<&R> {
        let place = self.values.get_mut(key)?.place;
        Some(&self.order[place].0)
    }

    pub(crate) fn push(&mut self, rank: R, value: V) -> Key {
        let place = self.order.len();
        let target = self.place_above(place, &rank);
        let key = self.values.insert(Placed { place, value });
        self.order.push((rank, key));
        self.move_to(place, target);
        key
    }

    pub(crate) fn pop(&mut self) -> Option<(R, V)> {
        let key = self.peek()?.1;
        self.remove(key)
    }

    /// Takes the entry of `key`, wherever in the order it is.
    pub(crate) fn remove(&mut self, key: Key) -> Option<(R, V)> {
        let place = self.values.get_mut(key)?.place;
        let last = self.order.len() - 1;
        // The last entry takes the place of the one that goes; where it will end is found before anything moves.
        let target = if place == last { last } else { self.place_for(place, last, &self.order[last].0) };
        self.order.swap(place, last);
        let (rank, _) = self.order.pop().expect("it holds `key`");
        if place != last {
            self.move_to(place, target);
        }
        let value = self.values.remove(key).expect("it holds `key`").value;
        if self.order.is_empty() && self.order.capacity() > KEPT {
            self.order = Vec::new();
        }
        Some((rank, value))
    }

    /// Gives the entry of `key` another rank. `false` if there is none.
    pub(crate) fn rerank(&mut self, key: Key, rank: R) -> bool {
        let Some(placed) = self.values.get_mut(key) else { return false };
        let place = placed.place;
        let target = self.place_for(place, self.order.len(), &rank);
        self.order[place].0 = rank;
        self.move_to(place, target);
        true
    }

    /// Where an entry of `rank` that is put at `place` belongs, looking only at the first `len` entries.
    fn place_for(&self, place: usize, len: usize, rank: &R) -> usize {
        let above = self.place_above(place, rank);
        if above == place { self.place_below(place, len, rank) } else { above }
    }

    fn place_above(&self, mut place: usize, rank: &R) -> usize {
        while place > 0 && self.order[parent(place)].0 > *rank {
            place = parent(place);
        }
        place
    }

    fn place_below(&self, mut place: usize, len: usize, rank: &R) -> usize {
        loop {
            let first = place * ARITY + 1;
            let children = first..len.min(first + ARITY);
            let smallest = children.min_by(|a, b| self.order[*a].0.cmp(&self.order[*b].0));
            match smallest {
                Some(child) if self.order[child].0 < *rank => place = child,
                _ => return place,
            }
        }
    }

    /// Moves the entry at `from` to `to`, above or below it on one path; those between shift by one.
    fn move_to(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at != to {
            let next = if to < at { parent(at) } else { step_toward(at, to) };
            self.order.swap(at, next);
            self.note_place(at);
            at = next;
        }
        self.note_place(to);
    }

    fn note_place(&mut self, place: usize) {
        let index = self.order[place].1.index();
        self.values.at_mut(index).place = place;
    }
}

const fn parent(place: usize) -> usize {
    (place - 1) / ARITY
}

/// The child of `from` on the way down to `to`.
const fn step_toward(from: usize, to: usize) -> usize {
    let mut step = to;
    while parent(step) != from {
        step = parent(step);
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "std")]
    use core::cmp::Ordering;
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
            1 => (any::<usize>(), any::<u8>()).prop_map(|(which, rank)| Step::Rerank(which, rank)),
        ]
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_sorted_list(steps in prop::collection::vec(step(), 0..400)) {
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
                        twin.sort();
                        let expected = (!twin.is_empty()).then(|| twin.remove(0));
                        prop_assert_eq!(heap.pop(), expected);
                    }
                    Step::Remove(which) if !keys.is_empty() => {
                        let (key, value) = keys[which % keys.len()];
                        let at = twin.iter().position(|entry| entry.1 == value);
                        prop_assert_eq!(heap.remove(key), at.map(|at| twin.remove(at)));
                    }
                    Step::Rerank(which, rank) if !keys.is_empty() => {
                        let (key, value) = keys[which % keys.len()];
                        let entry = twin.iter_mut().find(|entry| entry.1 == value);
                        let expected = entry.map(|entry| entry.0 = (rank, number)).is_some();
                        prop_assert_eq!(heap.rerank(key, (rank, number)), expected);
                    }
                    Step::Remove(_) | Step::Rerank(..) => {}
                }
                prop_assert_eq!(heap.len(), twin.len());
                prop_assert_eq!(heap.peek().map(|(rank, _)| *rank), twin.iter().map(|entry| entry.0).min());
            }
        }
    }

    /// Panics when it is compared while the switch is on.
    #[cfg(feature = "std")]
    #[derive(Debug, PartialEq, Eq)]
    struct Touchy<'a>(u8, &'a core::cell::Cell<bool>);

    #[cfg(feature = "std")]
    impl PartialOrd for Touchy<'_> {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    #[cfg(feature = "std")]
    impl Ord for Touchy<'_> {
        fn cmp(&self, other: &Self) -> Ordering {
            assert!(!self.1.get(), "on purpose");
            self.0.cmp(&other.0)
        }
    }

    #[cfg(feature = "std")] // a panic that is caught
    #[test]
    fn a_panicking_comparison_leaves_the_heap_as_it_was() {
        let angry = core::cell::Cell::new(false);
        let mut heap = Heap::new();
        let keys: Vec<Key> = [5, 3, 8, 1, 9, 2].map(|n| heap.push(Touchy(n, &angry), n)).to_vec();
        angry.set(true);
        assert!(crate::sys::unwind::catch(|| heap.push(Touchy(0, &angry), 0)).is_err());
        assert!(crate::sys::unwind::catch(|| heap.remove(keys[3])).is_err());
        assert!(crate::sys::unwind::catch(|| heap.rerank(keys[4], Touchy(0, &angry))).is_err());
        angry.set(false);
        let drained: Vec<u8> = core::iter::from_fn(|| heap.pop()).map(|(_, value)| value).collect();
        assert_eq!(drained, [1, 2, 3, 5, 8, 9]);
    }

    #[test]
    fn an_emptied_heap_gives_its_memory_back() {
        let mut heap = Heap::new();
        for number in 0..10_000 {
            heap.push(number, ());
        }
        while heap.pop().is_some() {}
        assert!(heap.order.capacity() <= KEPT);
    }
}
