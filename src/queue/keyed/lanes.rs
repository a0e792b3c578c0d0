//! Which item comes next where at most one of each key is in flight: the decisions, without a lock and without a waker.
//!
//! A key has a *lane* as long as there is something to know about it: what waits, in order; whether the lane is *held*, since one of its
//! items is in flight; and how many stand in line to put something in. The *round* is the lanes that have something waiting
//! and are not held. The first of them is served, is held, and comes back to the end of the round when it is let go.
//!
//! An item can be *lifted*: taken out to be changed, its place kept. A lane whose first item is lifted keeps its place in the round as
//! well, and is passed over.
//!
//! Keys are compared in [`find`](Lanes::find) alone, before anything is changed; nothing of the user's is dropped in here.

use crate::queue::key_table::KeyTable;
use crate::sys::arena::{Arena, Key};
use alloc::vec::Vec;

pub(in crate::queue) struct Lanes<K, E> {
    /// Where the lane of a key is.
    table: KeyTable,
    lanes: Arena<Lane<K>>,
    /// What waits, one chain for each lane.
    entries: Arena<Entry<E>>,
    /// First and last of the round.
    first: u32,
    last: u32,
    ready: usize,
    held: usize,
    lifted: usize,
}

struct Lane<K> {
    key: K,
    hash: u64,
    /// Its own name.
    name: Key,
    /// First and last of what waits.
    front: u32,
    back: u32,
    waiting: usize,
    /// Its neighbours in the round.
    before: u32,
    after: u32,
    in_line: usize,
    held: bool,
}

struct Entry<E> {
    /// `None` while it is lifted.
    item: Option<E>,
    next: u32,
}

/// An item that was taken out to be changed.
pub(in crate::queue) struct Lifted<E> {
    pub(in crate::queue) lane: Key,
    place: u32,
    pub(in crate::queue) item: Option<E>,
}

const NIL: u32 = u32::MAX;

impl<K, E> Lanes<K, E> {
    pub(in crate::queue) const fn new() -> Self {
        Self {
            table: KeyTable::new(),
            lanes: Arena::new(),
            entries: Arena::new(),
            first: NIL,
            last: NIL,
            ready: 0,
            held: 0,
            lifted: 0,
        }
    }

    /// How many items wait, those that are lifted included.
    #[inline]
    pub(in crate::queue) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many of them could be taken one after the other, if none were let go.
    #[inline]
    pub(in crate::queue) const fn ready(&self) -> usize {
        self.ready
    }

    /// How many are in flight.
    #[inline]
    pub(in crate::queue) const fn held(&self) -> usize {
        self.held
    }

    /// How many are taken out to be changed.
    pub(in crate::queue) const fn lifted(&self) -> usize {
        self.lifted
    }

    /// How many keys there is something to know about.
    pub(in crate::queue) const fn keys(&self) -> usize {
        self.lanes.len()
    }

    /// The lane of a key, if there is one.
    #[inline]
    pub(in crate::queue) fn find(&mut self, hash: u64, is_it: impl Fn(&K) -> bool) -> Option<Key> {
        let Self { table, lanes, .. } = self;
        let lane = table.find(hash, |lane| is_it(&lanes.at_mut(lane).key))?;
        Some(lanes.at_mut(lane).name)
    }

    /// Opens the lane of a key that has none. It is closed again when nothing is left to know about it.
    #[inline]
    pub(in crate::queue) fn open(&mut self, hash: u64, key: K) -> Key {
        let name = self.lanes.insert_with(|name| Lane {
            key,
            hash,
            name,
            front: NIL,
            back: NIL,
            waiting: 0,
            before: NIL,
            after: NIL,
            in_line: 0,
            held: false,
        });
        self.table.insert(hash, name.index());
        name
    }

    /// Puts an item at the end of a lane that is there.
    #[inline(always)] // as `next`
    pub(in crate::queue) fn push(&mut self, lane: Key, item: E) {
        let entry = self.entries.insert(Entry { item: Some(item), next: NIL }).index();
        let lane = self.lanes.at_mut(lane.index());
        lane.waiting += 1;
        match core::mem::replace(&mut lane.back, entry) {
            NIL => {
                lane.front = entry;
                if !lane.held {
                    let lane = lane.name.index();
                    self.ready += 1;
                    self.link_last(lane);
                }
            }
            back => self.entries.at_mut(back).next = entry,
        }
    }

    /// Takes the next item. Its lane is held from now on.
    #[inline(always)] // a call would pass the item through memory
    pub(in crate::queue) fn next(&mut self) -> Option<(Key, E)> {
        let mut index = self.first;
        let (lane, item) = loop {
            if index == NIL {
                return None;
            }
            let lane = self.lanes.at_mut(index);
            match self.entries.at_mut(lane.front).item.take() {
                Some(item) => break (lane, item),
                None => index = lane.after,
            }
        };
        lane.held = true;
        lane.waiting -= 1;
        let (name, front) = (lane.name, lane.front);
        lane.front = self.entries.remove_at(front).next;
        if lane.front == NIL {
            lane.back = NIL;
        }
        self.held += 1;
        self.ready -= 1;
        self.unlink(index);
        Some((name, item))
    }

    /// As if it had never been taken.
    pub(in crate::queue) fn put_back(&mut self, lane: Key, item: E) -> Result<(), E> {
        let Some(lane) = self.lanes.get_mut(lane).filter(|lane| lane.held) else { return Err(item) };
        let entry = self.entries.insert(Entry { item: Some(item), next: lane.front }).index();
        lane.held = false;
        lane.waiting += 1;
        lane.front = entry;
        if lane.back == NIL {
            lane.back = entry;
        }
        let lane = lane.name.index();
        self.held -= 1;
        self.ready += 1;
        self.link_first(lane);
        Ok(())
    }

    /// Lets go of a lane that was held: what waits there is served at the end of the round. `false` if the lane is not there.
    ///
    /// Gives the key of a lane that is not needed any more.
    #[inline]
    pub(in crate::queue) fn let_go(&mut self, lane: Key) -> (bool, Option<K>) {
        let Some(lane) = self.lanes.get_mut(lane).filter(|lane| lane.held) else { return (false, None) };
        lane.held = false;
        let (index, front) = (lane.name.index(), lane.front);
        self.held -= 1;
        if front == NIL {
            return (true, self.close_if_unneeded(index));
        }
        self.ready += usize::from(self.entries.at_mut(front).item.is_some());
        self.link_last(index);
        (true, None)
    }

    /// Somebody stands in line to put something into a lane: it stays.
    pub(in crate::queue) fn join_line(&mut self, lane: Key) {
        self.lanes.at_mut(lane.index()).in_line += 1;
    }

    /// The contrary. Gives the key of a lane that is not needed any more.
    pub(in crate::queue) fn leave_line(&mut self, lane: Key) -> Option<K> {
        let lane = self.lanes.get_mut(lane)?;
        lane.in_line -= 1;
        let index = lane.name.index();
        self.close_if_unneeded(index)
    }

    /// How many items wait in a lane, those that are lifted included.
    pub(in crate::queue) fn len_of(&mut self, lane: Key) -> usize {
        self.lanes.at_mut(lane.index()).waiting
    }

    /// Whether [`lift`](Self::lift) would find something.
    pub(in crate::queue) fn can_lift(&mut self, lane: Key) -> bool {
        let back = self.lanes.at_mut(lane.index()).back;
        back != NIL && self.entries.at_mut(back).item.is_some()
    }

    /// Takes the last item of a lane out to be changed. `None` if there is none, or it is being changed.
    pub(in crate::queue) fn lift(&mut self, lane: Key) -> Option<Lifted<E>> {
        let found = self.lanes.at_mut(lane.index());
        if found.back == NIL {
            return None;
        }
        let place = found.back;
        let item = self.entries.at_mut(place).item.take()?;
        if found.front == place && !found.held {
            self.ready -= 1;
        }
        self.lifted += 1;
        Some(Lifted { lane, place, item: Some(item) })
    }

    /// Puts an item back that was lifted. It stays where it is if its lane is gone with everything else.
    pub(in crate::queue) fn lower(&mut self, lifted: &mut Lifted<E>) {
        // Nobody closes a lane or takes a place while something is lifted there, so if the lane is there, so is the place.
        let Some(lane) = self.lanes.get_mut(lifted.lane) else { return };
        if lane.front == lifted.place && !lane.held {
            self.ready += 1;
        }
        self.lifted -= 1;
        self.entries.at_mut(lifted.place).item = lifted.item.take();
    }

    /// Takes everything out that waits in a lane, but for what is lifted. Gives the key if the lane is not needed any more.
    pub(in crate::queue) fn empty(&mut self, lane: Key) -> (Vec<E>, Option<K>) {
        let lane = self.lanes.at_mut(lane.index());
        let (index, is_held, was_waiting) = (lane.name.index(), lane.held, lane.waiting);
        let mut items = Vec::with_capacity(was_waiting);
        let mut next = core::mem::replace(&mut lane.front, NIL);
        lane.back = NIL;
        if !is_held && next != NIL && self.entries.at_mut(next).item.is_some() {
            self.ready -= 1;
        }
        while next != NIL {
            let entry = self.entries.at_mut(next);
            let (place, item) = (next, entry.item.take());
            next = core::mem::replace(&mut entry.next, NIL);
            match item {
                Some(item) => {
                    items.push(item);
                    self.entries.remove_at(place);
                }
                None if lane.back == NIL => (lane.front, lane.back) = (place, place),
                None => self.entries.at_mut(core::mem::replace(&mut lane.back, place)).next = place,
            }
        }
        lane.waiting -= items.len();
        if was_waiting > 0 && lane.waiting == 0 && !is_held {
            self.unlink(index);
        }
        (items, self.close_if_unneeded(index))
    }

    /// Takes the next item of all that is left, whether its lane is held or not, and past what is lifted. For what nobody puts anything
    /// into any more.
    pub(in crate::queue) fn next_left(&mut self) -> Option<E> {
        if self.ready == 0 && self.len() > 0 {
            let lanes: Vec<Key> = self.lanes.keys().collect();
            for lane in lanes {
                drop(self.let_go(lane));
                self.forget_lifted(lane);
            }
        }
        let (lane, item) = self.next()?;
        drop(self.let_go(lane));
        Some(item)
    }

    /// Gives up the places of items at the front that are lifted.
    fn forget_lifted(&mut self, lane: Key) {
        let Some(lane) = self.lanes.get_mut(lane).filter(|lane| lane.front != NIL) else { return };
        while lane.front != NIL && self.entries.at_mut(lane.front).item.is_none() {
            lane.front = self.entries.remove_at(lane.front).next;
            lane.waiting -= 1;
            self.lifted -= 1;
            self.ready += usize::from(lane.front != NIL && self.entries.at_mut(lane.front).item.is_some());
        }
        if lane.front == NIL {
            let index = lane.name.index();
            (lane.back, lane.in_line) = (NIL, 0);
            self.unlink(index);
            drop(self.close_if_unneeded(index));
        }
    }

    fn close_if_unneeded(&mut self, index: u32) -> Option<K> {
        let lane = self.lanes.at_mut(index);
        if lane.held || lane.waiting > 0 || lane.in_line > 0 {
            return None;
        }
        self.table.remove(lane.hash, index);
        Some(self.lanes.remove_at(index).key)
    }

    #[inline]
    fn link_last(&mut self, index: u32) {
        let last = core::mem::replace(&mut self.last, index);
        let lane = self.lanes.at_mut(index);
        (lane.before, lane.after) = (last, NIL);
        match last {
            NIL => self.first = index,
            last => self.lanes.at_mut(last).after = index,
        }
    }

    fn link_first(&mut self, index: u32) {
        let first = core::mem::replace(&mut self.first, index);
        let lane = self.lanes.at_mut(index);
        (lane.before, lane.after) = (NIL, first);
        match first {
            NIL => self.last = index,
            first => self.lanes.at_mut(first).before = index,
        }
    }

    #[inline]
    fn unlink(&mut self, index: u32) {
        let lane = self.lanes.at_mut(index);
        let (before, after) = (lane.before, lane.after);
        match before {
            NIL => self.first = after,
            before => self.lanes.at_mut(before).after = after,
        }
        match after {
            NIL => self.last = before,
            after => self.lanes.at_mut(after).before = before,
        }
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests;
