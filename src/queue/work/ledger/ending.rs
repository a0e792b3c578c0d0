//! How a lease ends, and how a job does.

use super::{Ended, Entry, Ledger, Place};
use crate::queue::work::list::NIL;
use crate::sys::arena::Key;
use crate::time::Instant;

impl<T, K> Ledger<T, K> {
    /// A job is no longer there: the next of its key is ready. Gives the key, if it was the last.
    #[inline(always)] // as `push`
    pub(super) fn end_job(&mut self, key: Key) -> Option<K> {
        let lane = self.jobs.remove_at(key.index()).lane;
        self.freed = self.freed.wrapping_add(1);
        if lane == NIL {
            return None;
        }
        self.leave_front(lane)
    }

    #[cold]
    fn leave_front(&mut self, lane: u32) -> Option<K> {
        self.pass_on_front(lane);
        self.keys.leave(lane)
    }

    pub(super) fn pass_on_front(&mut self, lane: u32) {
        match self.keys.blocked(lane).pop(&mut self.jobs) {
            Some(next) => {
                self.counts.blocked -= 1;
                self.make_ready(next);
            }
            None => self.keys.give_up_front(lane),
        }
    }

    /// Ends a lease. `false` if it was lost.
    #[inline(always)] // as `push`
    fn end_lease(&mut self, key: Key, attempt: u32) -> bool {
        let Some(entry) = self.jobs.get_mut(key).filter(|entry| entry.attempt == attempt) else {
            return false;
        };
        let Place::Leased(due) = entry.place else { return false };
        if let Some(due) = due {
            self.timeline.remove(due);
        }
        self.counts.leased -= 1;
        true
    }

    /// The job of a lease is done. `None` if the lease was lost.
    #[inline(always)] // as `push`
    pub(in crate::queue::work) fn done(&mut self, key: Key, attempt: u32) -> Option<Ended<T, K>> {
        let is_plain = |entry: &Entry<T>| {
            entry.attempt == attempt && entry.lane == NIL && entry.place == Place::Leased(None)
        };
        if let Some(Entry { item, .. }) = self.jobs.remove_if(key, is_plain) {
            self.counts.leased -= 1;
            self.counts.done += 1;
            self.freed = self.freed.wrapping_add(1);
            return Some(Ended { item, key: None });
        }
        self.done_at_last(key, attempt)
    }

    /// The same for a job of a key, or one whose lease can run out.
    fn done_at_last(&mut self, key: Key, attempt: u32) -> Option<Ended<T, K>> {
        if !self.end_lease(key, attempt) {
            return None;
        }
        self.counts.done += 1;
        Some(self.end_leased(key))
    }

    /// The job of a lease is not to be tried again, and is open until it is buried. `None` if the lease was lost.
    pub(in crate::queue::work) fn reject(&mut self, key: Key, attempt: u32) -> Option<Ended<T, K>> {
        if !self.end_lease(key, attempt) {
            return None;
        }
        let ended = self.end_leased(key);
        self.dies();
        Some(ended)
    }

    #[inline(always)] // as `push`
    fn end_leased(&mut self, key: Key) -> Ended<T, K> {
        let item = self.jobs.at_mut(key.index()).item.take();
        Ended { item, key: self.end_job(key) }
    }

    /// The job of a lease has failed, and is to be tried again then, or now. What was spare of it is handed out; the item, if the lease was
    /// lost.
    pub(in crate::queue::work) fn failed(
        &mut self,
        key: Key,
        attempt: u32,
        item: T,
        again: Option<Instant>,
    ) -> Option<T> {
        if !self.end_lease(key, attempt) {
            return Some(item);
        }
        self.counts.failed += 1;
        let spare = self.jobs.at_mut(key.index()).item.take();
        self.try_again(key, item, again);
        spare
    }

    /// The job that has just ended is open until it is buried.
    pub(super) const fn dies(&mut self) {
        self.counts.dead += 1;
        self.dying += 1;
        self.freed = self.freed.wrapping_sub(1);
    }

    /// So many of the dead are buried.
    pub(in crate::queue::work) const fn buried(&mut self, count: usize) {
        self.dying -= count;
        self.freed = self.freed.wrapping_add(count);
    }
}
