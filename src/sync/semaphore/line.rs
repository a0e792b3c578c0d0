//! Who waits for permits, and who gets them: decisions alone, made by whoever holds the lock.
//!
//! Permits that come are first taken for the debt, then granted from the head of the line as long as the head can go. A large
//! request at the head keeps what is too little for it from all others: that is what makes the line fair.

use crate::sys::arena::Key;
use crate::sys::wait_list::{Turn, WaitList};
use crate::sys::wake::{Round, WakeBatch};
use core::task::Waker;

/// The slow half of a semaphore.
pub(super) struct Line {
    waiting: WaitList<Need>,
    /// Permits that are to vanish as they come back.
    debt: usize,
    /// All permits there are to be: free, held, and granted; without the debt.
    capacity: usize,
    max_waiters: usize,
    /// Nobody is granted anything any more.
    closed: bool,
}

/// What a waiter asks for, and what it was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) min: usize,
    pub(super) max: usize,
}

impl Line {
    pub(super) const fn new(capacity: usize, max_waiters: usize) -> Self {
        Self { waiting: WaitList::new(), debt: 0, capacity, max_waiters, closed: false }
    }

    pub(super) const fn waiting(&self) -> usize {
        self.waiting.queued()
    }

    pub(super) const fn granted(&self) -> usize {
        self.waiting.granted()
    }

    pub(super) const fn debt(&self) -> usize {
        self.debt
    }

    pub(super) const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether permits that come have to pass through here.
    pub(super) const fn is_needed(&self) -> bool {
        self.waiting.queued() > 0 || self.debt > 0
    }

    pub(super) const fn is_full(&self) -> bool {
        self.waiting.queued() >= self.max_waiters
    }

    /// Whether the first in line could be granted what it needs out of `free`.
    pub(super) fn head_can_go(&mut self, free: usize) -> bool {
        free > 0 && !self.closed && self.waiting.first_mut().is_some_and(|need| need.min <= free)
    }

    #[inline]
    pub(super) fn push(&mut self, need: Need, waker: Waker) -> Key {
        self.waiting.push(need, waker)
    }

    /// Deals out `free` permits: to the debt, then along the line until the head cannot go or the batch is full. Gives what is left.
    pub(super) fn deal(&mut self, mut free: usize, batch: &mut WakeBatch) -> (usize, Round) {
        let paid = free.min(self.debt);
        self.debt -= paid;
        free -= paid;
        // Nobody waits for nothing: the next need not be looked at to know that it cannot go.
        while free > 0 && !self.closed {
            if batch.is_full() {
                return (free, Round::More);
            }
            let granted = self.waiting.grant_first_if(|need| {
                let can_go = need.min <= free;
                if can_go {
                    // From now on the need says what was granted.
                    need.max = need.max.min(free);
                    free -= need.max;
                }
                can_go
            });
            match granted {
                Some(waker) => batch.push(waker),
                None => break,
            }
        }
        (free, Round::Last)
    }

    /// Takes everybody out who waits, as far as the batch goes. Those who were granted keep it.
    pub(super) fn dismiss(&mut self, batch: &mut WakeBatch) -> Round {
        self.closed = true;
        let newest = self.waiting.newest();
        self.waiting.take_up_to(newest, batch)
    }

    #[inline]
    pub(super) fn poll(&mut self, key: Key, waker: &Waker) -> Turn<Need> {
        self.waiting.poll(key, waker)
    }

    #[must_use = "a waker is dropped outside the lock"]
    pub(super) fn replace_waker(&mut self, key: Key, waker: Waker) -> Waker {
        self.waiting.replace_waker(key, waker)
    }

    /// Takes a waiter out that gave up. Gives the permits that it was granted, and its waker, to be dropped outside the lock.
    #[must_use = "permits are passed on, a waker is dropped outside the lock"]
    #[inline]
    pub(super) fn remove(&mut self, key: Key) -> (usize, Option<Waker>) {
        match self.waiting.remove(key) {
            Some(left) => (if left.granted { left.payload.max } else { 0 }, left.waker),
            None => (0, None),
        }
    }

    /// More permits there are to be. `false` if that is too many.
    pub(super) fn grow(&mut self, permits: usize, limit: usize) -> bool {
        match self.capacity.checked_add(permits) {
            Some(capacity) if capacity <= limit => self.capacity = capacity,
            _ => return false,
        }
        true
    }

    /// Permits that were held are gone for good: as good as come back, where that is owed.
    pub(super) fn forgotten(&mut self, permits: usize) {
        let paid = permits.min(self.debt);
        self.debt -= paid;
        self.capacity = self.capacity.saturating_sub(permits - paid);
    }

    /// Fewer permits there are to be: `gone` of them are gone already, `owed` are to vanish as they come back.
    pub(super) fn shrink(&mut self, gone: usize, owed: usize) {
        self.debt += owed;
        self.capacity = self.capacity.saturating_sub(gone + owed);
    }
}
