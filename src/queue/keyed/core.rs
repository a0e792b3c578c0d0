//! What a queue with keys decides: who may put something in, who gets something out, and who is to be told.
//!
//! All of it under the queue's lock, and none of it foreign but the `Eq` of keys, which is asked before anything is changed. What is not
//! needed any more is handed out, to be dropped outside.
//!
//! As in [`Queue`](crate::queue::Queue): a receiver in line is *granted* an item, not a certain one, for each lane that is ready, and a
//! sender in line leaves its item in the line, with the lane that it is for, so that whoever makes room moves it in and asks no key for that.
//! One who would rather merge its value is granted the room where there is something to merge with, since merging is up to itself.

use super::entering::Ask;
use super::lanes::{Lanes, Lifted};
use super::stats::Stats;
use crate::queue::told::{Others, Settle, Told};
use crate::sys::arena::Key;
use crate::sys::wait_list::WaitList;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake::{Round, WakeBatch};
use core::task::Waker;

pub(super) struct Core<K, V> {
    pub(super) lanes: Lanes<K, Entry<K, V>>,
    pub(super) senders: WaitList<Ask<K, V>>,
    pub(super) takers: WaitList<()>,
    /// Room of those whose turn came and who have not merged yet.
    pub(super) reserved: usize,
    pub(super) capacity: usize,
    life: Life,
    /// In flight when the queue was ended, and their lanes given up.
    strays: usize,
    pub(super) when_closed: WaitSet,
    pub(super) when_empty: WaitSet,
    pub(super) when_idle: WaitSet,
}

/// A value with the key that it was sent with.
pub(super) type Entry<K, V> = (K, V);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    /// Nothing new; what is there is given out.
    Closed,
    /// Nothing at all.
    Ended,
}

/// An item that was taken out, and the lane that is held for it.
pub(super) struct Taken<K, V> {
    pub(super) lane: Key,
    pub(super) entry: Entry<K, V>,
    pub(super) told: Told,
}

/// The bound of a queue that has none.
pub(super) const UNBOUNDED: usize = usize::MAX;

impl<K, V> Core<K, V> {
    pub(super) const fn new(capacity: usize) -> Self {
        Self {
            lanes: Lanes::new(),
            senders: WaitList::new(),
            takers: WaitList::new(),
            reserved: 0,
            capacity,
            life: Life::Open,
            strays: 0,
            when_closed: WaitSet::new(),
            when_empty: WaitSet::new(),
            when_idle: WaitSet::new(),
        }
    }

    #[inline]
    pub(super) fn is_closed(&self) -> bool {
        self.life != Life::Open
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.lanes.len() == 0
    }

    /// How many are in flight.
    pub(super) const fn in_flight(&self) -> usize {
        self.lanes.held() + self.strays
    }

    /// Nothing waits, and nothing is in flight.
    pub(super) const fn is_idle(&self) -> bool {
        self.is_empty() && self.in_flight() == 0
    }

    /// Nothing will come any more. What waits behind something in flight will.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        match self.life {
            Life::Open => false,
            Life::Closed => self.is_empty(),
            Life::Ended => true,
        }
    }

    /// How many may be taken by somebody who does not stand in line. Those who do come first, also while they are yet to be granted theirs.
    #[inline]
    fn available(&self) -> usize {
        self.lanes.ready().saturating_sub(self.takers.len())
    }

    /// How many may be granted.
    #[inline]
    fn ungranted(&self) -> usize {
        self.lanes.ready().saturating_sub(self.takers.granted())
    }

    /// Takes the next item out, and says whom that concerns.
    #[inline(always)] // so are all on the way of a value: what they give would go through memory
    pub(super) fn take(&mut self) -> Option<Taken<K, V>> {
        let (lane, entry) = self.lanes.next()?;
        Some(Taken { lane, entry, told: self.after_taking() })
    }

    /// Takes one that nobody was granted and nobody waits for.
    #[inline(always)]
    pub(super) fn take_available(&mut self) -> Option<Taken<K, V>> {
        if self.available() > 0 { self.take() } else { None }
    }

    #[inline]
    fn after_taking(&mut self) -> Told {
        if self.senders.queued() == 0 && self.life == Life::Open && self.when_empty.len() == 0 {
            return Told::NOBODY;
        }
        Told { waker: self.admit(), others: self.others() }
    }

    /// Somebody left a line, or something changed that happens seldom.
    pub(super) fn after_leaving(&mut self) -> Told {
        Told { waker: None, others: self.others() }
    }

    /// What was in flight is done. Gives the key of a lane that is not needed any more.
    #[inline]
    pub(super) fn let_go(&mut self, lane: Key) -> (Told, Option<K>) {
        let (was_held, key) = self.lanes.let_go(lane);
        if !was_held {
            self.strays = self.strays.saturating_sub(1);
        }
        if self.takers.queued() == 0 && self.when_idle.len() == 0 {
            return (Told::NOBODY, key);
        }
        (Told { waker: self.invite(), others: self.others() }, key)
    }

    /// As if it had never been received. It stays where it is if nothing is received any more.
    pub(super) fn put_back(&mut self, lane: Key, entry: Entry<K, V>) -> Result<(), Entry<K, V>> {
        self.lanes.put_back(lane, entry).inspect_err(|_| self.strays = self.strays.saturating_sub(1))
    }

    /// Puts back what was taken out to be merged. Room that was not needed for that is given on now and not before, or the next in line would
    /// find nothing to merge with.
    pub(super) fn lower(&mut self, lifted: &mut Lifted<Entry<K, V>>) -> Told {
        self.lanes.lower(lifted);
        Told { waker: self.invite(), others: self.others() }
    }

    /// Takes nothing new.
    pub(super) fn close(&mut self) {
        if self.life == Life::Open {
            self.life = Life::Closed;
        }
    }

    /// Takes nothing any more, and gives up what is there.
    pub(super) fn end(&mut self) -> Lanes<K, Entry<K, V>> {
        self.life = Life::Ended;
        self.strays += self.lanes.held();
        core::mem::replace(&mut self.lanes, Lanes::new())
    }

    /// Grants the next receiver in line an item that nobody was granted yet.
    #[inline]
    pub(super) fn invite(&mut self) -> Option<Waker> {
        if self.takers.queued() == 0 || self.ungranted() == 0 {
            return None;
        }
        self.takers.grant_first_if(|()| true)
    }

    /// Whether somebody could go on who does not know.
    fn others(&self) -> Others {
        let unsettled = (self.takers.queued() > 0 && (self.ungranted() > 0 || self.is_over()))
            || (self.when_empty.len() > 0 && self.is_empty())
            || (self.when_idle.len() > 0 && self.is_idle())
            || (self.when_closed.len() > 0 && self.is_closed())
            || self.can_admit();
        if unsettled { Others::Somebody } else { Others::Nobody }
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            len: self.lanes.len(),
            capacity: (self.capacity != UNBOUNDED).then_some(self.capacity),
            keys: self.lanes.keys(),
            ready: self.lanes.ready(),
            in_flight: self.in_flight(),
            reserved: self.reserved,
            senders_waiting: self.senders.queued(),
            receivers_waiting: self.takers.queued(),
            granted: self.takers.granted(),
            closed: self.is_closed(),
        }
    }
}

impl<K, V> Settle for Core<K, V> {
    fn settle(&mut self, batch: &mut WakeBatch<'_>) -> Round {
        loop {
            if batch.is_full() {
                return Round::More;
            }
            match self.admit().or_else(|| self.invite()) {
                Some(waker) => batch.push(waker),
                None => break,
            }
        }
        let newest = self.takers.newest();
        let rounds = [
            self.is_over().then(|| self.takers.take_up_to(newest, batch)),
            self.is_empty().then(|| self.when_empty.take_all(batch)),
            self.is_idle().then(|| self.when_idle.take_all(batch)),
            self.is_closed().then(|| self.when_closed.take_all(batch)),
        ];
        if rounds.contains(&Some(Round::More)) { Round::More } else { Round::Last }
    }
}
