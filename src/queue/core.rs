//! What a queue decides: who may put something in, who gets something out, and who is to be told.
//!
//! All of it under the queue's lock, and none of it foreign: items are moved, never looked at or dropped; wakers come cloned and
//! go unfired.
//!
//! A receiver in line is *granted* an item when one comes: not a certain one, but one of those that are there. So a grant that is
//! passed on, because its future was dropped, moves nothing, and what is available to others is what is there less the grants.
//! A sender in line leaves its item in the line. When there is room, whoever made it moves the item in; the sender need not be
//! polled for that, so one that is never polled again holds nobody up.

use super::stats::Stats;
use super::storage::{Entry, Mark, Storage};
use super::told::{Others, Told};
use crate::sys::wait_list::WaitList;
use crate::sys::wait_set::WaitSet;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

pub(super) struct Core<S: Storage> {
    pub(super) items: S,
    pub(super) senders: WaitList<Ask<S>>,
    pub(super) takers: WaitList<()>,
    /// What the items weigh together.
    pub(super) stored: usize,
    /// What else weighs on the bound: room that is reserved, and items that are being looked at.
    pub(super) held: usize,
    pub(super) reserved: usize,
    /// How many items are being looked at: they may come back.
    pub(super) lifted: usize,
    pub(super) capacity: usize,
    pub(super) life: Life,
    /// Items that were given up, or not taken in, for want of room.
    pub(super) dropped: u64,
    pub(super) when_closed: WaitSet,
    pub(super) when_empty: WaitSet,
}

/// What a sender in line waits with.
pub(super) enum Ask<S: Storage> {
    /// An item. Found so after the turn came: the queue was closed before there was room.
    Item(Entry<S>),
    /// So much room, for something that comes later.
    Room(usize),
    /// Granted: the item is in the queue, or the room is reserved.
    Granted,
    /// There will be no room: the queue was closed.
    Refused,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Open,
    /// Nothing new; what is there and what was promised room is given out.
    Closed,
    /// Nothing at all.
    Ended,
}

/// Why something is not taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    Full,
    Closed,
    TooHeavy,
}

/// An item that was taken out.
pub(super) struct Taken<S: Storage> {
    pub(super) entry: Entry<S>,
    pub(super) told: Told,
}

/// The bound of a queue that has none.
pub(super) const UNBOUNDED: usize = usize::MAX;

impl<S: Storage> Core<S> {
    pub(super) const fn new(items: S, capacity: usize) -> Self {
        Self {
            items,
            senders: WaitList::new(),
            takers: WaitList::new(),
            stored: 0,
            held: 0,
            reserved: 0,
            lifted: 0,
            capacity,
            life: Life::Open,
            dropped: 0,
            when_closed: WaitSet::new(),
            when_empty: WaitSet::new(),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.life != Life::Open
    }

    /// How many there are, those that are being looked at included.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.items.len() + self.lifted
    }

    /// How many may be taken by somebody who does not stand in line. Those who do come first, also while they are yet to be granted
    /// theirs: many are woken one batch after the other, and the lock is left in between.
    #[inline]
    pub(super) fn available(&self) -> usize {
        self.items.len().saturating_sub(self.takers.len())
    }

    /// How many may be granted.
    #[inline]
    pub(super) fn ungranted(&self) -> usize {
        self.items.len().saturating_sub(self.takers.granted())
    }

    /// Nothing will come any more.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        match self.life {
            Life::Open => false,
            Life::Closed => self.len() == 0 && self.reserved == 0,
            Life::Ended => true,
        }
    }

    /// What is there weighs, and what is held room for.
    pub(super) const fn used(&self) -> usize {
        self.stored.saturating_add(self.held)
    }

    #[inline]
    pub(super) fn fits(&self, weight: usize) -> bool {
        // Hand to hand there is room for as many as wait for something.
        let bound = if self.capacity == 0 { self.takers.len() } else { self.capacity };
        self.used().checked_add(weight).is_some_and(|used| used <= bound)
    }

    /// Why something of this weight cannot go in now. Nobody overtakes those who wait.
    #[inline]
    pub(super) fn refusal(&self, weight: usize) -> Option<Refusal> {
        if self.life != Life::Open {
            Some(Refusal::Closed)
        } else if self.senders.queued() == 0 && self.fits(weight) {
            None
        } else if weight > self.capacity && self.capacity > 0 {
            Some(Refusal::TooHeavy)
        } else {
            Some(Refusal::Full)
        }
    }

    /// Puts an item in, if it may go in now.
    #[inline(always)] // so are all on the way without a line: what they give would go through memory
    pub(super) fn offer(&mut self, entry: &mut Option<Entry<S>>) -> Result<Told, Refusal> {
        match self.refusal(weight_of::<S>(entry)) {
            None => Ok(self.put(entry)),
            Some(refusal) => Err(refusal),
        }
    }

    /// Puts an item into room that was reserved.
    pub(super) fn offer_promised(
        &mut self,
        entry: &mut Option<Entry<S>>,
        room: &mut usize,
    ) -> Result<Told, Refusal> {
        let weight = weight_of::<S>(entry);
        let left = room.checked_sub(weight).ok_or(Refusal::TooHeavy)?;
        // Once closed, receivers wait for room that is reserved, and for nothing else: what weighs nothing could come after the end.
        if self.life == Life::Ended || (self.life == Life::Closed && *room == 0) {
            return Err(Refusal::Closed);
        }
        let told = self.put(entry);
        self.unreserve(weight);
        *room = left;
        Ok(told)
    }

    /// Puts an item in, for which there is room. It stays where it is if its order panics.
    #[inline(always)]
    pub(super) fn put(&mut self, entry: &mut Option<Entry<S>>) -> Told {
        if let Some((_, mark)) = entry {
            self.items.check(mark);
        }
        if let Some(entry) = entry.take() {
            self.put_checked(entry);
        }
        Told { waker: self.invite(), others: Others::Nobody }
    }

    /// As `put`, for the first of many.
    pub(super) fn put_quietly(&mut self, entries: &mut VecDeque<Entry<S>>) {
        if let Some((_, mark)) = entries.front() {
            self.items.check(mark);
        }
        if let Some(entry) = entries.pop_front() {
            self.put_checked(entry);
        }
    }

    #[inline(always)]
    pub(super) fn put_checked(&mut self, (item, mark): Entry<S>) {
        self.stored = self.stored.saturating_add(mark.weight());
        self.items.push(item, mark);
    }

    pub(super) fn reserve(&mut self, weight: usize) {
        self.reserved = self.reserved.saturating_add(weight);
        self.held = self.held.saturating_add(weight);
    }

    pub(super) fn unreserve(&mut self, weight: usize) {
        self.reserved = self.reserved.saturating_sub(weight);
        self.held = self.held.saturating_sub(weight);
    }

    /// Takes the next item out, and says whom that concerns.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Option<Taken<S>> {
        let entry = self.items.pop()?;
        Some(self.taken(entry))
    }

    /// An item left the storage.
    #[inline(always)]
    pub(super) fn taken(&mut self, entry: Entry<S>) -> Taken<S> {
        self.stored = self.stored.saturating_sub(entry.1.weight());
        Taken { entry, told: self.after_taking() }
    }

    /// Takes one that nobody was granted.
    #[inline(always)]
    pub(super) fn take_available(&mut self) -> Option<Taken<S>> {
        if self.available() > 0 {
            self.take()
        } else if self.capacity == 0 && self.items.len() >= self.takers.len() {
            // Nobody is before it, waiting for what was promised.
            self.take_from_hand()
        } else {
            None
        }
    }

    /// Takes the item of the first who waits to give one, from hand to hand; or one that came before it, and was granted and not yet taken.
    #[cold]
    fn take_from_hand(&mut self) -> Option<Taken<S>> {
        let is_open = self.life == Life::Open;
        let mut item = None;
        let waker = self.senders.grant_first_if(|ask| {
            let can_go = is_open && matches!(ask, Ask::Item(_));
            if can_go {
                item = Some(core::mem::replace(ask, Ask::Granted));
            }
            can_go
        });
        if let Ask::Item(entry) = item? {
            self.put_checked(entry);
        }
        let entry = self.items.pop()?;
        self.stored = self.stored.saturating_sub(entry.1.weight());
        // The next may want no room.
        let others = if self.can_admit() { Others::Somebody } else { Others::Nobody };
        Some(Taken { entry, told: Told { waker, others } })
    }

    pub(super) fn count_dropped(&mut self) {
        self.dropped += 1;
    }

    /// Says what it was.
    pub(super) fn set_capacity(&mut self, capacity: usize) -> usize {
        if self.capacity == 0 { 0 } else { core::mem::replace(&mut self.capacity, capacity) }
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            len: self.len(),
            weight: self.used(),
            capacity: (self.capacity != UNBOUNDED).then_some(self.capacity),
            reserved: self.reserved,
            senders_waiting: self.senders.queued(),
            receivers_waiting: self.takers.queued(),
            granted: self.takers.granted(),
            dropped: self.dropped,
            closed: self.is_closed(),
        }
    }

    /// Takes up to so many more that nobody was granted, and says how many there were. Whom that concerns is to be found out.
    pub(super) fn take_more(&mut self, most: usize, into: &mut Vec<S::Item>) -> usize {
        let count = self.available().min(most);
        self.stored = self.stored.saturating_sub(self.items.pop_many(count, into));
        count
    }

    /// Takes nothing new.
    pub(super) fn close(&mut self) {
        if self.life == Life::Open {
            self.life = Life::Closed;
        }
    }
}

pub(super) fn weight_of<S: Storage>(entry: &Option<Entry<S>>) -> usize {
    entry.as_ref().map_or(0, |(_, mark)| mark.weight())
}
