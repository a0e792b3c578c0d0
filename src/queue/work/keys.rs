//! The lanes of keys: whether one of a key is in front, and which are blocked behind it.
//!
//! A lane is there as long as there is a job of its key. Keys are compared in [`find`](Keys::find) alone, before anything is changed; none is
//! dropped in here.

use super::list::List;
use crate::queue::key_table::KeyTable;
use crate::sys::arena::Arena;

pub(super) struct Keys<K> {
    table: KeyTable,
    lanes: Arena<Lane<K>>,
}

struct Lane<K> {
    key: K,
    hash: u64,
    /// How many there are of it, wherever they are.
    jobs: usize,
    /// Whether one of them is in front.
    has_front: bool,
    blocked: List,
}

impl<K> Keys<K> {
    pub(super) const fn new() -> Self {
        Self { table: KeyTable::new(), lanes: Arena::new() }
    }

    pub(super) const fn len(&self) -> usize {
        self.lanes.len()
    }

    /// The lane of a key, if there is one.
    pub(super) fn find(&mut self, hash: u64, is_it: impl Fn(&K) -> bool) -> Option<u32> {
        let Self { table, lanes } = self;
        table.find(hash, |lane| is_it(&lanes.at_mut(lane).key))
    }

    /// Opens the lane of a key that has none, for the job that joins it next.
    pub(super) fn open(&mut self, hash: u64, key: K) -> u32 {
        let lane = Lane { key, hash, jobs: 0, has_front: false, blocked: List::new() };
        let index = self.lanes.insert(lane).index();
        self.table.insert(hash, index);
        index
    }

    pub(super) fn join(&mut self, lane: u32) {
        self.lanes.at_mut(lane).jobs += 1;
    }

    /// A job of it has ended. Gives the key, if that was the last.
    pub(super) fn leave(&mut self, index: u32) -> Option<K> {
        let lane = self.lanes.at_mut(index);
        lane.jobs -= 1;
        if lane.jobs > 0 {
            return None;
        }
        self.table.remove(lane.hash, index);
        Some(self.lanes.remove_at(index).key)
    }

    /// Takes the place in front, unless another one has it.
    pub(super) fn take_front(&mut self, lane: u32) -> bool {
        !core::mem::replace(&mut self.lanes.at_mut(lane).has_front, true)
    }

    pub(super) fn give_up_front(&mut self, lane: u32) {
        self.lanes.at_mut(lane).has_front = false;
    }

    /// Those behind it.
    pub(super) fn blocked(&mut self, lane: u32) -> &mut List {
        &mut self.lanes.at_mut(lane).blocked
    }
}
