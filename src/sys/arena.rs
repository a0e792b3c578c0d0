//! Entries that never move, in blocks that double, named by keys that never name a second entry.
//!
//! A key carries the arena it belongs to and a generation that is counted for the whole arena in 64 bits: it is retired with
//! its entry and never given again, not even after blocks were returned. So a key that was kept too long, or shown to another
//! arena, finds nothing; it never finds somebody else's entry.
//!
//! # Memory
//! Nothing until the first entry; then blocks of 8, 16, 32, … entries. When the last entry of more than 56 goes, all but the first
//! block are returned; below that they are kept, so that a handful that comes and goes costs nothing. Insertion and removal are O(1) and allocate only when every block is full.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::num::{NonZeroU32, NonZeroU64};
use core::sync::atomic::{AtomicU32, Ordering};

/// Names one entry of one arena, once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Key {
    /// The arena in the upper half, the index in the lower: two words travel in two registers, three fields through memory.
    place: NonZeroU64,
    generation: u64,
}

impl Key {
    /// Where the entry is: unique among the entries present at the same time.
    pub(crate) const fn index(self) -> u32 {
        self.place.get() as u32 // the lower half
    }

    /// Keys of one arena are in the order of their generations, which is that in which they were given.
    pub(crate) const fn generation(self) -> u64 {
        self.generation
    }

    const fn new(arena: NonZeroU32, index: u32, generation: u64) -> Self {
        let place = NonZeroU64::new((arena.get() as u64) << 32 | index as u64);
        Self { place: place.expect("an arena is never 0"), generation }
    }

    fn is_of(self, arena: Option<NonZeroU32>) -> bool {
        arena.is_some_and(|arena| u64::from(arena.get()) == self.place.get() >> 32)
    }
}

pub(crate) struct Arena<T> {
    /// Given with the first block, so that `new` stays `const`.
    id: Option<NonZeroU32>,
    blocks: Vec<Box<[Slot<T>]>>,
    /// Head of the chain of free slots.
    free: u32,
    len: usize,
    /// The last generation given.
    generation: u64,
}

enum Slot<T> {
    Free { next: u32 },
    Used { generation: u64, value: T },
}

/// The end of the chain of free slots.
const NIL: u32 = u32::MAX;
const FIRST_BLOCK: u32 = 8;
/// An emptied arena of so many blocks or fewer stays as it is.
const KEPT_BLOCKS: usize = 3;
/// Wraps after four thousand million arenas that were ever used; then two of them may share a number, and the generation alone
/// tells their keys apart.
static NEXT_ID: AtomicU32 = AtomicU32::new(1);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Arena<T> {
    pub(crate) const fn new() -> Self {
        Self { id: None, blocks: Vec::new(), free: NIL, len: 0, generation: 0 }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    #[inline(always)] // a call would pass the entry through memory
    pub(crate) fn insert(&mut self, value: T) -> Key {
        self.insert_with(|_| value)
    }

    /// As [`insert`](Self::insert), for what has to know its key.
    #[inline(always)] // as `insert`
    pub(crate) fn insert_with(&mut self, make: impl FnOnce(Key) -> T) -> Key {
        if self.free == NIL {
            self.grow();
        }
        let (index, generation) = (self.free, self.generation + 1);
        let key = Key::new(self.id.expect("given with the first block"), index, generation);
        let value = make(key);
        let slot = self.slot_mut(index);
        let Slot::Free { next } = *slot else { unreachable!("the chain holds free slots only") };
        *slot = Slot::Used { generation, value };
        (self.free, self.generation) = (next, generation);
        self.len += 1;
        key
    }

    pub(crate) fn get(&self, key: Key) -> Option<&T> {
        let (block, offset) = locate(key.index());
        match self.blocks.get(block)?.get(offset)? {
            Slot::Used { generation, value } if *generation == key.generation => Some(value),
            _ => None,
        }
        .filter(|_| key.is_of(self.id))
    }

    /// The entry that is at `index` now, if there is one.
    #[inline]
    pub(crate) fn at(&self, index: u32) -> Option<&T> {
        let (block, offset) = locate(index);
        match self.blocks.get(block)?.get(offset)? {
            Slot::Used { value, .. } => Some(value),
            Slot::Free { .. } => None,
        }
    }

    /// The key of the entry that is at `index` now, if there is one.
    #[inline]
    pub(crate) fn key_at(&self, index: u32) -> Option<Key> {
        let (block, offset) = locate(index);
        match self.blocks.get(block)?.get(offset)? {
            Slot::Used { generation, .. } => Some(Key::new(self.id?, index, *generation)),
            Slot::Free { .. } => None,
        }
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        if !key.is_of(self.id) {
            return None;
        }
        let (block, offset) = locate(key.index());
        match self.blocks.get_mut(block)?.get_mut(offset)? {
            Slot::Used { generation, value } if *generation == key.generation => Some(value),
            _ => None,
        }
    }

    /// The entry that is at `index` now. The caller keeps indices only of entries it knows to be there.
    pub(crate) fn at_mut(&mut self, index: u32) -> &mut T {
        match self.slot_mut(index) {
            Slot::Used { value, .. } => value,
            Slot::Free { .. } => unreachable!("linked entries are there"),
        }
    }

    /// The entry that is at `index` now, if it came no later than `generation`.
    #[inline]
    pub(crate) fn up_to_mut(&mut self, index: u32, generation: u64) -> Option<&mut T> {
        match self.slot_mut(index) {
            Slot::Used { generation: came, value } => (*came <= generation).then_some(value),
            Slot::Free { .. } => unreachable!("linked entries are there"),
        }
    }

    /// The last generation given: everything present now is at most this old.
    pub(crate) const fn generation(&self) -> u64 {
        self.generation
    }

    #[inline(always)]
    pub(crate) fn remove(&mut self, key: Key) -> Option<T> {
        self.remove_if(key, |_| true)
    }

    /// Takes an entry if it is as it should be.
    #[inline(always)] // as `insert`
    pub(crate) fn remove_if(&mut self, key: Key, is_right: impl FnOnce(&T) -> bool) -> Option<T> {
        if !key.is_of(self.id) {
            return None;
        }
        let (next, (block, offset)) = (self.free, locate(key.index()));
        let slot = self.blocks.get_mut(block)?.get_mut(offset)?;
        match slot {
            Slot::Used { generation, value } if *generation == key.generation && is_right(value) => {}
            _ => return None,
        }
        let taken = core::mem::replace(slot, Slot::Free { next });
        let Slot::Used { value, .. } = taken else { unreachable!("just looked at") };
        self.freed(key.index());
        Some(value)
    }

    /// Takes the entry that is at `index` now; see [`at_mut`](Self::at_mut).
    #[inline(always)] // as `insert`
    pub(crate) fn remove_at(&mut self, index: u32) -> T {
        let next = self.free;
        let taken = core::mem::replace(self.slot_mut(index), Slot::Free { next });
        let Slot::Used { value, .. } = taken else { unreachable!("linked entries are there") };
        self.freed(index);
        value
    }

    /// The slot at `index` is the head of the free ones now.
    fn freed(&mut self, index: u32) {
        self.free = index;
        self.len -= 1;
        if self.len == 0 && self.blocks.len() > KEPT_BLOCKS {
            self.shrink();
        }
    }

    /// All that are present, by place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten().filter_map(|slot| match slot {
            Slot::Used { value, .. } => Some(value),
            Slot::Free { .. } => None,
        })
    }

    /// The keys of all that are present, by place.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        let blocks = self.blocks.iter().zip(0..);
        let slots = blocks.flat_map(|(slots, block)| slots.iter().zip(first_index(block)..));
        slots.filter_map(|(slot, index)| match slot {
            Slot::Used { generation, .. } => Some(Key::new(self.id?, index, *generation)),
            Slot::Free { .. } => None,
        })
    }

    fn slot_mut(&mut self, index: u32) -> &mut Slot<T> {
        let (block, offset) = locate(index);
        &mut self.blocks[block][offset]
    }

    #[cold]
    fn grow(&mut self) {
        self.id.get_or_insert_with(next_id);
        let block = u32::try_from(self.blocks.len()).ok().filter(|block| *block < MOST_BLOCKS);
        let block = block.expect("there is no memory for a thousand million entries");
        let (first, size) =
            (first_index(block), (FIRST_BLOCK << block.min(OFFSET_BITS)).min(1 << OFFSET_BITS));
        self.blocks.push(free_block(first, size));
        self.free = first;
    }

    #[cold]
    fn shrink(&mut self) {
        self.blocks.truncate(1);
        self.blocks[0] = free_block(0, FIRST_BLOCK);
        self.free = 0;
    }
}

fn free_block<T>(first: u32, size: u32) -> Box<[Slot<T>]> {
    let last = first + size - 1;
    (first..=last).map(|index| Slot::Free { next: if index == last { NIL } else { index + 1 } }).collect()
}

fn next_id() -> NonZeroU32 {
    // ORDERING: Relaxed, a ticket that publishes nothing.
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    NonZeroU32::new(id).unwrap_or(NonZeroU32::MAX)
}

/// An index says the block in its upper bits and the place in it in the lower ones.
const OFFSET_BITS: u32 = 27;
/// All that the upper bits can say, but for that of [`NIL`].
const MOST_BLOCKS: u32 = (1 << (u32::BITS - OFFSET_BITS)) - 1;

const fn first_index(block: u32) -> u32 {
    block << OFFSET_BITS
}

const fn locate(index: u32) -> (usize, usize) {
    ((index >> OFFSET_BITS) as usize, (index & ((1 << OFFSET_BITS) - 1)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    #[test]
    fn every_entry_has_its_own_place_in_blocks_that_double() {
        let mut arena = Arena::new();
        let places: Vec<_> = (0..1_000).map(|n| locate(arena.insert(n).index())).collect();
        let mut expected = (0, 0);
        for place in places {
            assert_eq!(place, expected);
            expected.1 += 1;
            if expected.1 == (FIRST_BLOCK as usize) << expected.0 {
                expected = (expected.0 + 1, 0);
            }
        }
        assert!(arena.keys().zip(0..).all(|(key, n)| arena.get(key) == Some(&n)));
        assert_eq!(locate(NIL).0, MOST_BLOCKS as usize, "nobody is there");
    }

    #[test]
    fn a_key_kept_too_long_finds_nothing_even_where_its_slot_is_used_again() {
        let mut arena = Arena::new();
        let old = arena.insert('a');
        assert_eq!(arena.remove(old), Some('a'));
        let new = arena.insert('b');
        assert_eq!(old.index(), new.index());
        assert_eq!(arena.get_mut(old), None);
        assert_eq!(arena.remove(old), None);
        assert_eq!(arena.remove(new), Some('b'));
    }

    #[test]
    fn a_key_of_another_arena_finds_nothing() {
        let (mut one, mut other) = (Arena::new(), Arena::new());
        let key = one.insert(1);
        other.insert(2);
        assert_eq!(other.get_mut(key), None);
        assert_eq!(other.remove(key), None);
    }

    #[test]
    fn a_handful_that_comes_and_goes_keeps_its_blocks() {
        let mut arena = Arena::new();
        for _ in 0..3 {
            let keys: Vec<Key> = (0..56).map(|n| arena.insert(n)).collect();
            assert!(keys.into_iter().all(|key| arena.remove(key).is_some()));
            assert_eq!((arena.len(), arena.blocks.len()), (0, 3));
        }
    }

    #[test]
    fn an_arena_emptied_after_a_burst_keeps_one_block_and_its_old_keys_stay_dead() {
        let mut arena = Arena::new();
        let keys: Vec<Key> = (0..1_000).map(|n| arena.insert(n)).collect();
        assert!(arena.blocks.len() > 5);
        for key in &keys {
            arena.remove(*key);
        }
        assert_eq!((arena.len(), arena.blocks.len()), (0, 1));
        let again: Vec<Key> = (0..1_000).map(|n| arena.insert(n)).collect();
        assert!(keys.iter().all(|key| arena.get_mut(*key).is_none()));
        assert!(again.iter().all(|key| arena.get_mut(*key).is_some()));
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_map_that_never_reuses_a_key(steps in prop::collection::vec((any::<bool>(), any::<u16>()), 0..300)) {
            let mut arena = Arena::new();
            let mut twin: BTreeMap<u64, u16> = BTreeMap::new();
            let mut keys: Vec<Key> = Vec::new();
            for (insert, number) in steps {
                if insert || keys.is_empty() {
                    let key = arena.insert(number);
                    prop_assert!(twin.insert(key.generation, number).is_none());
                    keys.push(key);
                } else {
                    let key = keys[usize::from(number) % keys.len()];
                    prop_assert_eq!(arena.remove(key), twin.remove(&key.generation));
                }
                prop_assert_eq!(arena.len(), twin.len());
            }
            for key in keys {
                prop_assert_eq!(arena.get_mut(key).copied(), twin.get(&key.generation).copied());
            }
        }
    }
}
