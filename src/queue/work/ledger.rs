//! Which job is where: the decisions, without a lock, a clock or a waker.
//!
//! A job is *ready*, *delayed*, *leased*, or *blocked* behind another one of its key. It is in one place at any time, counts as *open* from
//! its push to its end, and ends by being done, cancelled, or dead. An attempt is counted when a job is leased, so whatever becomes of the
//! lease, no job is leased more often than it may be.
//!
//! Of each key one job is *in front*: it is ready or leased, or was leased and is delayed until its next attempt. The others are blocked
//! until it has ended. A job that was put in with a delay joins those of its key when that is over.
//!
//! The attempt is the name of a lease: who comes with an old one finds that it is lost.

use super::keys::Keys;
use super::list::{Linked, Links, List, NIL};
use crate::queue::delay::agenda::Agenda;
use crate::queue::delay::state::Book;
use crate::sys::arena::{Arena, Key};
use crate::time::Instant;
use alloc::vec::Vec;
use core::num::NonZeroU32;

mod ending;

pub(super) struct Ledger<T, K> {
    pub(super) jobs: Arena<Entry<T>>,
    ready: List,
    /// Delays and leases that end.
    timeline: Agenda<Key>,
    pub(super) keys: Keys<K>,
    most_attempts: NonZeroU32,
    /// Died of a lease that ran out, and are yet to be fetched. They are open until they are buried.
    pub(super) dead: Vec<Dead<T, K>>,
    dying: usize,
    /// So many have ended since somebody asked.
    freed: usize,
    pub(super) counts: Counts,
    /// Nothing is given out any more.
    ended: bool,
}

pub(super) struct Entry<T> {
    name: Key,
    /// With the lease while it is leased, unless a lease can run out.
    item: Option<T>,
    attempt: u32,
    place: Place,
    links: Links,
    /// The lane of its key, or `NIL`.
    lane: u32,
    /// What is to pass before the next attempt, should the lease run out.
    pause: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Ready,
    Blocked,
    /// With what is due on the timeline; in front of its key or not.
    Delayed(Key, Front),
    Leased(Option<Key>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Front {
    Yes,
    No,
}

/// How many are where, and how many ended how.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    pub(super) blocked: usize,
    pub(super) delayed: usize,
    pub(super) leased: usize,
    pub(super) done: u64,
    pub(super) failed: u64,
    pub(super) run_out: u64,
    pub(super) dead: u64,
}

/// A job that was leased.
pub(super) struct Leased<T> {
    pub(super) key: Key,
    pub(super) attempt: u32,
    pub(super) item: T,
}

/// A job that will not be tried again.
pub(super) struct Dead<T, K> {
    pub(super) item: T,
    pub(super) attempts: u32,
    /// As of [`Ended`].
    pub(super) key: Option<K>,
}

/// What is left of a job that was in the ledger, to be dropped outside of the lock.
pub(super) struct Ended<T, K> {
    /// What would have been tried again, had the lease run out; or the job, if it was not leased.
    pub(super) item: Option<T>,
    /// That of a lane that is not needed any more.
    pub(super) key: Option<K>,
}

impl<T, K> Ledger<T, K> {
    pub(super) const fn new(most_attempts: NonZeroU32) -> Self {
        Self {
            jobs: Arena::new(),
            ready: List::new(),
            timeline: Agenda::new(),
            keys: Keys::new(),
            most_attempts,
            dead: Vec::new(),
            dying: 0,
            freed: 0,
            counts: Counts { blocked: 0, delayed: 0, leased: 0, done: 0, failed: 0, run_out: 0, dead: 0 },
            ended: false,
        }
    }

    /// How many have not ended.
    #[inline]
    pub(super) const fn open(&self) -> usize {
        self.jobs.len() + self.dying
    }

    /// Puts a job in, of the key of that lane.
    #[inline(always)] // a call would pass it through memory
    pub(super) fn push(&mut self, item: T, lane: u32) -> Key {
        let links = self.ready.at_end();
        let key = self.jobs.insert_with(|name| Entry::new(name, item, lane, links));
        if lane == NIL {
            self.ready.pushed(&mut self.jobs, key.index());
        } else {
            self.keys.join(lane);
            self.line_up(key.index());
        }
        key
    }

    /// The same, when that moment has come.
    pub(super) fn push_at(&mut self, item: T, lane: u32, deadline: Instant) -> Key {
        let key = self.jobs.insert_with(|name| Entry::new(name, item, lane, Links::new()));
        if lane != NIL {
            self.keys.join(lane);
        }
        self.delay(key, deadline, Front::No);
        key
    }

    /// Lets a job be the next of its key: ready, or blocked.
    fn line_up(&mut self, index: u32) {
        let lane = self.jobs.at_mut(index).lane;
        if lane == NIL || self.keys.take_front(lane) {
            self.make_ready(index);
        } else {
            self.jobs.at_mut(index).place = Place::Blocked;
            self.counts.blocked += 1;
            self.keys.blocked(lane).push(&mut self.jobs, index);
        }
    }

    #[inline]
    fn make_ready(&mut self, index: u32) {
        self.jobs.at_mut(index).place = Place::Ready;
        self.ready.push(&mut self.jobs, index);
    }

    fn delay(&mut self, key: Key, deadline: Instant, front: Front) {
        let due = self.timeline.insert(key, deadline);
        self.jobs.at_mut(key.index()).place = Place::Delayed(due, front);
        self.counts.delayed += 1;
    }

    /// How many can be leased, by what the clock has shown.
    pub(super) fn ready_now(&mut self) -> usize {
        self.let_time_pass();
        self.ready.len()
    }

    /// Leases the next job.
    #[inline(always)] // as `push`
    pub(super) fn lease(&mut self) -> Option<Leased<T>> {
        if !self.timeline.is_empty() {
            self.let_time_pass();
        }
        let leased = self.ready.pop_with(&mut self.jobs, |entry| {
            entry.attempt += 1;
            entry.place = Place::Leased(None);
            entry.item.take().map(|item| Leased { key: entry.name, attempt: entry.attempt, item })
        });
        self.counts.leased += usize::from(leased.is_some());
        leased?
    }

    /// Lets a lease run out then, and the job be tried again so many nanoseconds later. `spare` is what is tried; it comes back if there is no
    /// such lease.
    pub(super) fn lend(&mut self, key: Key, spare: T, deadline: Instant, pause: u64) -> Option<T> {
        let entry = self.jobs.get_mut(key).filter(|entry| entry.place == Place::Leased(None));
        let Some(entry) = entry else { return Some(spare) };
        let due = self.timeline.insert(key, deadline);
        (entry.item, entry.place, entry.pause) = (Some(spare), Place::Leased(Some(due)), pause);
        None
    }

    /// The clock shows `now`: moves what is due.
    pub(super) fn let_time_pass_until(&mut self, now: Instant) {
        self.timeline.note(now);
        self.let_time_pass();
    }

    /// Moves what is due, by what the clock has shown.
    #[cold]
    fn let_time_pass(&mut self) {
        while let Some(due) = self.timeline.take_due() {
            let index = due.item.index();
            match self.jobs.at_mut(index).place {
                Place::Delayed(_, Front::Yes) => {
                    self.counts.delayed -= 1;
                    self.make_ready(index);
                }
                Place::Delayed(_, Front::No) => {
                    self.counts.delayed -= 1;
                    self.line_up(index);
                }
                Place::Leased(_) => self.run_out(due.item, due.deadline),
                Place::Ready | Place::Blocked => {}
            }
        }
    }

    fn run_out(&mut self, key: Key, deadline: Instant) {
        let entry = self.jobs.at_mut(key.index());
        let (item, pause) = (entry.item.take(), entry.pause);
        self.counts.leased -= 1;
        self.counts.run_out += 1;
        if let Some(item) = item {
            // It is noticed some time later: the pause may be over as well.
            let again = Instant::from_nanos(deadline.as_nanos().saturating_add(pause));
            let is_over = pause == 0 || self.timeline.has_come(again);
            self.try_again(key, item, (!is_over).then_some(again));
        }
    }

    /// A lease has ended without success.
    fn try_again(&mut self, key: Key, item: T, deadline: Option<Instant>) {
        let entry = self.jobs.at_mut(key.index());
        let attempts = entry.attempt;
        if attempts >= self.most_attempts.get() || self.ended {
            let gone = self.end_job(key);
            self.dead.push(Dead { item, attempts, key: gone });
            self.dies();
            return;
        }
        entry.item = Some(item);
        match deadline {
            Some(deadline) => self.delay(key, deadline, Front::Yes),
            None => self.make_ready(key.index()),
        }
    }

    /// How many have ended since this was asked, and who died of a lease that ran out.
    #[inline]
    pub(super) fn take_news(&mut self) -> (usize, Vec<Dead<T, K>>) {
        (core::mem::take(&mut self.freed), core::mem::take(&mut self.dead))
    }

    /// Whether there is something that only time decides.
    #[inline]
    pub(super) fn is_timed(&self) -> bool {
        !self.timeline.is_empty()
    }

    /// Whether somebody died of a lease that ran out.
    #[inline]
    pub(super) fn has_dead(&self) -> bool {
        !self.dead.is_empty()
    }

    /// Whether some have ended.
    #[inline]
    pub(super) const fn has_freed(&self) -> bool {
        self.freed > 0
    }

    /// Lets a lease run out at that moment, if it would before. `false` if it was lost.
    pub(super) fn extend(&mut self, key: Key, attempt: u32, deadline: Instant) -> bool {
        let Some(entry) = self.jobs.get(key).filter(|entry| entry.attempt == attempt) else { return false };
        let Place::Leased(due) = entry.place else { return false };
        if let Some(due) = due.filter(|due| self.timeline.deadline(*due).is_some_and(|old| old < deadline)) {
            self.timeline.reset(due, deadline);
        }
        true
    }

    /// Takes a job out that is not leased.
    pub(super) fn cancel(&mut self, key: Key) -> Option<Ended<T, K>> {
        let entry = self.jobs.get(key)?;
        let lane = entry.lane;
        let was_in_front = match entry.place {
            Place::Leased(_) => return None,
            Place::Ready => {
                self.ready.unlink(&mut self.jobs, key.index());
                true
            }
            Place::Blocked => {
                self.counts.blocked -= 1;
                self.keys.blocked(lane).unlink(&mut self.jobs, key.index());
                false
            }
            Place::Delayed(due, front) => {
                self.counts.delayed -= 1;
                self.timeline.remove(due);
                front == Front::Yes
            }
        };
        let item = self.jobs.remove_at(key.index()).item;
        self.freed = self.freed.wrapping_add(1);
        if lane == NIL {
            return Some(Ended { item, key: None });
        }
        if was_in_front {
            self.pass_on_front(lane);
        }
        Some(Ended { item, key: self.keys.leave(lane) })
    }

    /// Gives nothing out any more, and takes out what is not leased, as it was put in. What is leased stays open until it ends.
    pub(super) fn end(&mut self) -> Vec<Ended<T, K>> {
        self.ended = true;
        let is_leased = |key: &Key| self.jobs.get(*key).is_some_and(Entry::is_leased);
        let mut keys: Vec<Key> = self.jobs.keys().filter(|key| !is_leased(key)).collect();
        keys.sort_unstable_by_key(|key| key.generation());
        keys.into_iter().filter_map(|key| self.cancel(key)).collect()
    }
}

impl<T> Entry<T> {
    #[inline(always)] // as `push`
    const fn new(name: Key, item: T, lane: u32, links: Links) -> Self {
        Self { name, item: Some(item), attempt: 0, place: Place::Ready, links, lane, pause: 0 }
    }

    const fn is_leased(&self) -> bool {
        matches!(self.place, Place::Leased(_))
    }
}

impl<T> Linked for Entry<T> {
    #[inline]
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

impl<T, K> Book for Ledger<T, K> {
    #[inline]
    fn is_empty(&self) -> bool {
        self.open() == 0 || self.ended
    }

    #[inline]
    fn ready(&self) -> usize {
        self.ready.len()
    }

    #[inline]
    fn earliest(&mut self) -> Option<Instant> {
        // What is ready is due since ever.
        if self.ready.len() > 0 { Some(Instant::from_nanos(0)) } else { self.timeline.earliest() }
    }

    #[inline]
    fn note(&mut self, now: Instant) {
        self.timeline.note(now);
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests;
