//! Who can go on: senders whom there is room for, receivers for whom there is something.

use super::core::{Ask, Core, Life};
use super::storage::{Mark, Storage};
use super::told::{Others, Settle, Told};
use crate::sys::wake::{Round, WakeBatch};
use core::task::Waker;

impl<S: Storage> Core<S> {
    #[inline(always)]
    pub(super) fn after_taking(&mut self) -> Told {
        // Once closed, receivers in line go when the last item went.
        let is_awaited = self.life != Life::Open && self.takers.queued() > 0;
        if self.senders.queued() == 0 && self.when_empty.len() == 0 && !is_awaited {
            return Told::NOBODY;
        }
        if S::ORDERED {
            // Whose order might panic, while the item that was taken is in our hands.
            return Told::ANYBODY;
        }
        Told { waker: self.admit(), others: self.others() }
    }

    /// Grants the next receiver in line an item that nobody was granted yet.
    #[inline]
    pub(super) fn invite(&mut self) -> Option<Waker> {
        if self.takers.queued() == 0 || self.ungranted() == 0 {
            return None;
        }
        self.takers.grant_first_if(|()| true)
    }

    /// Whether the first sender in line can go: in, or away.
    pub(super) fn can_admit(&mut self) -> bool {
        let weight = match self.senders.first_mut() {
            Some(Ask::Item((_, mark))) => mark.weight(),
            Some(Ask::Room(weight)) => *weight,
            _ => return false,
        };
        // What is heavier than all the bound became, after it had joined the line, goes in alone.
        self.life != Life::Open || self.fits(weight) || (self.used() == 0 && self.capacity > 0)
    }

    /// Lets the first sender in line in, if there is room for it; once closed, sends it away.
    fn admit(&mut self) -> Option<Waker> {
        if !self.can_admit() {
            return None;
        }
        let is_open = self.life == Life::Open;
        if let Some(Ask::Item((_, mark))) = self.senders.first_mut().filter(|_| is_open) {
            self.items.check(mark);
        }
        let mut admitted = None;
        let waker = self.senders.grant_first_if(|ask| {
            match ask {
                _ if is_open => admitted = Some(core::mem::replace(ask, Ask::Granted)),
                // An item stays with its sender.
                Ask::Room(_) => *ask = Ask::Refused,
                _ => {}
            }
            true
        });
        match admitted {
            Some(Ask::Item(entry)) => self.put_checked(entry),
            Some(Ask::Room(weight)) => self.reserve(weight),
            _ => {}
        }
        waker
    }

    /// Somebody left the line.
    pub(super) fn after_leaving(&mut self) -> Told {
        Told { waker: None, others: self.others() }
    }

    /// Whether somebody could go on who does not know.
    pub(super) fn others(&mut self) -> Others {
        let unsettled = (self.takers.queued() > 0 && (self.ungranted() > 0 || self.is_over()))
            || (self.when_empty.len() > 0 && self.len() == 0)
            || (self.when_closed.len() > 0 && self.is_closed())
            || self.can_admit();
        if unsettled { Others::Somebody } else { Others::Nobody }
    }
}

impl<S: Storage> Settle for Core<S> {
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
            (self.len() == 0).then(|| self.when_empty.take_all(batch)),
            self.is_closed().then(|| self.when_closed.take_all(batch)),
        ];
        if rounds.contains(&Some(Round::More)) { Round::More } else { Round::Last }
    }
}
