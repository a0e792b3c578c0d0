//! What decides who may put something in, and when: see [`core`](super::core).

use super::core::{Core, Entry};
use super::lanes::Lifted;
use crate::queue::told::{Others, Told};
use crate::sys::arena::Key;
use core::task::Waker;

/// What a sender in line waits with. Where an entry is found after the turn came, and no room, the queue was closed.
pub(super) enum Ask<K, V> {
    Put(Key, Entry<K, V>),
    /// The same, to be merged if there is something to merge it with.
    Merge(Key, Entry<K, V>),
    /// Granted room: there was something to merge with.
    Room(Key, Entry<K, V>),
    /// Granted: it is in the queue.
    Granted,
}

/// Why something is not taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    Full,
    Closed,
}

/// What became of one who would merge its value.
pub(super) enum Offered<K, V> {
    Put(Told),
    /// This is to be merged with it.
    Lifted(Lifted<Entry<K, V>>),
}

impl<K, V> Core<K, V> {
    #[inline]
    fn has_room(&self) -> bool {
        self.lanes.len() + self.reserved < self.capacity
    }

    /// Why nothing can go in now. Nobody overtakes those who wait.
    #[inline]
    pub(super) fn refusal(&self) -> Option<Refusal> {
        if self.is_closed() {
            Some(Refusal::Closed)
        } else if self.senders.queued() == 0 && self.has_room() {
            None
        } else {
            Some(Refusal::Full)
        }
    }

    /// Puts an entry into its lane, for which there is room.
    #[inline]
    pub(super) fn put(&mut self, lane: Key, entry: Entry<K, V>) -> Told {
        self.lanes.push(lane, entry);
        Told { waker: self.invite(), others: Others::Nobody }
    }

    /// Uses the room that was granted to one who would merge: mostly it is not needed.
    pub(super) fn use_room(
        &mut self,
        lane: Key,
        entry: &mut Option<Entry<K, V>>,
    ) -> Result<Offered<K, V>, Refusal> {
        self.unreserve();
        if self.is_closed() {
            return Err(Refusal::Closed);
        }
        Ok(match self.lanes.lift(lane) {
            Some(lifted) => Offered::Lifted(lifted),
            None => Offered::Put(entry.take().map_or(Told::NOBODY, |entry| self.put(lane, entry))),
        })
    }

    pub(super) fn unreserve(&mut self) {
        self.reserved -= 1;
    }

    /// Whether the first sender in line can go: in, or away.
    pub(super) fn can_admit(&self) -> bool {
        self.senders.queued() > 0 && (self.is_closed() || self.has_room())
    }

    /// Lets the first sender in line in, if there is room for it; once closed, sends it away.
    pub(super) fn admit(&mut self) -> Option<Waker> {
        if !self.can_admit() {
            return None;
        }
        let (is_open, lanes) = (!self.is_closed(), &mut self.lanes);
        let mut admitted = None;
        let mut reserved = 0;
        let waker = self.senders.grant_first_if(|ask| {
            // What is refused stays with its sender.
            if is_open {
                admitted = match core::mem::replace(ask, Ask::Granted) {
                    Ask::Merge(lane, entry) if lanes.can_lift(lane) => {
                        *ask = Ask::Room(lane, entry);
                        reserved = 1;
                        None
                    }
                    Ask::Put(lane, entry) | Ask::Merge(lane, entry) => Some((lane, entry)),
                    other => {
                        *ask = other;
                        None
                    }
                };
            }
            true
        });
        self.reserved += reserved;
        if let Some((lane, entry)) = admitted {
            self.lanes.push(lane, entry);
            // It is needed, if not for this line.
            let key = self.lanes.leave_line(lane);
            debug_assert!(key.is_none(), "something waits there");
        }
        waker
    }
}

impl<K: Eq, V> Core<K, V> {
    /// The lane of an entry, opened with a key of its own where there is none. `None`, and nothing has changed, where that takes a key that
    /// is not there.
    #[inline]
    pub(super) fn lane_of(&mut self, hash: u64, entry: &Entry<K, V>, own: &mut Option<K>) -> Option<Key> {
        match self.lanes.find(hash, |key| *key == entry.0) {
            Some(lane) => Some(lane),
            None => Some(self.lanes.open(hash, own.take()?)),
        }
    }

    /// Puts an entry in, if it may go in now. `None` if that takes a key of its own.
    #[inline]
    pub(super) fn offer(
        &mut self,
        hash: u64,
        entry: &mut Option<Entry<K, V>>,
        own: &mut Option<K>,
    ) -> Option<Result<Told, Refusal>> {
        if let Some(refusal) = self.refusal() {
            return Some(Err(refusal));
        }
        let lane = self.lane_of(hash, entry.as_ref()?, own)?;
        Some(Ok(entry.take().map_or(Told::NOBODY, |entry| self.put(lane, entry))))
    }

    /// The same, for what is rather merged: for that no room is needed.
    pub(super) fn offer_or_lift(
        &mut self,
        hash: u64,
        entry: &mut Option<Entry<K, V>>,
        own: &mut Option<K>,
    ) -> Option<Result<Offered<K, V>, Refusal>> {
        let (key, _) = entry.as_ref()?;
        if !self.is_closed() {
            let lane = self.lanes.find(hash, |other| other == key);
            if let Some(lifted) = lane.and_then(|lane| self.lanes.lift(lane)) {
                return Some(Ok(Offered::Lifted(lifted)));
            }
        }
        self.offer(hash, entry, own).map(|offered| offered.map(Offered::Put))
    }
}

impl<K, V> Offered<K, V> {
    pub(super) const PUT: Self = Self::Put(Told::NOBODY);
}
