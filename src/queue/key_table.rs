//! Where the lane of a key is: a table of hashes and places, which compares keys in no place but [`find`](KeyTable::find) and drops none.

use hashbrown::HashTable;

pub(super) struct KeyTable(pub(super) HashTable<Slot>);

pub(super) struct Slot {
    /// In full: the table knows seven bits of it, and must not ask for it while it grows.
    hash: u64,
    lane: u32,
}

/// An empty table of this size is kept: that of as many lanes as an emptied arena keeps room for.
pub(super) const KEPT: usize = 112;

impl KeyTable {
    pub(super) const fn new() -> Self {
        Self(HashTable::new())
    }

    /// The lane of this hash that `is_it`.
    #[inline]
    pub(super) fn find(&self, hash: u64, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        self.0.find(hash, |slot| slot.hash == hash && is_it(slot.lane)).map(|slot| slot.lane)
    }

    #[inline]
    pub(super) fn insert(&mut self, hash: u64, lane: u32) {
        self.0.insert_unique(hash, Slot { hash, lane }, |slot| slot.hash);
    }

    #[inline]
    pub(super) fn remove(&mut self, hash: u64, lane: u32) {
        if let Ok(slot) = self.0.find_entry(hash, |slot| slot.lane == lane) {
            slot.remove();
        }
        if self.0.is_empty() && self.0.capacity() > KEPT {
            self.0 = HashTable::new();
        }
    }
}
