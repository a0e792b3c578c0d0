//! Who waits, and who keeps the time for all of them: decisions alone, made by whoever holds the lock.
//!
//! Those who wait stand in line. The first is called out of it when there is something to wait for, and leads: it keeps the one
//! sleep, and takes what is due. When it goes, served or dropped, the next is called. A leader that was *told* (called, or woken
//! because something is due sooner) will look before it waits again, so until it does nobody has to be told anything; but where more can be
//! taken than were told, one more is called for each, who takes one and does not lead.

use crate::sys::arena::Key;
use crate::sys::wait_list::{Turn, WaitList};
use crate::sys::wake::{Round, WakeBatch};
use crate::time::Instant;
use core::task::Waker;

pub(in crate::queue) struct Line {
    /// One that was called and has not come yet stays here as granted.
    waiting: WaitList<()>,
    leader: Option<Leader>,
}

struct Leader {
    /// By which it stood in line. No longer in there, and never given again.
    key: Key,
    /// None once it was told.
    waker: Option<Waker>,
    /// Looks again by then.
    until: Instant,
}

/// Where one that asks stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::queue) enum Standing {
    /// Nobody is before it: it may take what is due.
    First,
    Behind,
}

impl Line {
    pub(in crate::queue) const fn new() -> Self {
        Self { waiting: WaitList::new(), leader: None }
    }

    /// How many wait, those included that were told and have not looked yet.
    pub(in crate::queue) const fn len(&self) -> usize {
        self.waiting.queued() + self.waiting.granted() + self.leader.is_some() as usize
    }

    #[inline]
    pub(in crate::queue) const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the one of `place` stands. One that was called leads from now on; a place that is gone is emptied.
    #[inline]
    pub(in crate::queue) fn standing(&mut self, place: &mut Option<Key>, waker: &Waker) -> Standing {
        if let Some(key) = *place {
            if self.is_led_by(key) || self.is_called(key) {
                return Standing::First;
            }
            match self.waiting.poll(key, waker) {
                Turn::Granted(()) => {
                    self.leader = Some(Leader { key, waker: None, until: Instant::FAR_FUTURE });
                    return Standing::First;
                }
                Turn::Waiting | Turn::Stale => return Standing::Behind,
                Turn::Unknown => *place = None,
            }
        }
        if self.is_empty() { Standing::First } else { Standing::Behind }
    }

    /// Joins the line, or stays in it with the right waker. `None` if that has yet to be cloned.
    #[inline]
    pub(in crate::queue) fn stay_behind(
        &mut self,
        place: &mut Option<Key>,
        waker: &Waker,
        own: &mut Option<Waker>,
    ) -> Option<()> {
        match *place {
            Some(key) => self.waiting.ask(key, waker, own).map(|_| ()),
            None => {
                *place = Some(self.waiting.push((), own.take()?));
                Some(())
            }
        }
    }

    /// Lets the first one lead and look again by `until`, with the right waker. `None` if that has yet to be cloned.
    #[inline]
    pub(in crate::queue) fn lead(
        &mut self,
        place: &mut Option<Key>,
        until: Instant,
        waker: &Waker,
        own: &mut Option<Waker>,
    ) -> Option<()> {
        let key = match *place {
            Some(key) => key,
            None => {
                // It passes through the line for the key, which no other one ever has, not even in another queue.
                let key = self.waiting.push((), own.take()?);
                *own = self.waiting.grant_first_if(|()| true);
                let _granted = self.waiting.poll(key, waker);
                self.leader = Some(Leader { key, waker: None, until });
                *place.insert(key)
            }
        };
        let leader = self.leader.as_mut().filter(|leader| leader.key == key).expect("the first one leads");
        if !leader.waker.as_ref().is_some_and(|current| current.will_wake(waker)) {
            let new = own.take()?;
            *own = leader.waker.replace(new);
        }
        leader.until = until;
        Some(())
    }

    /// Something is due at `earliest` that was not before. Gives the waker of the one that has to be told, if anybody has to.
    #[must_use = "who is told has to be woken"]
    #[inline]
    pub(in crate::queue) fn tell(&mut self, earliest: Instant) -> Option<Waker> {
        match &mut self.leader {
            Some(leader) if earliest < leader.until => leader.waker.take(),
            Some(_) => None,
            None => self.call_next(),
        }
    }

    /// So many can be taken now: tells one more, if fewer were told. The one that leads first.
    #[must_use = "who is told has to be woken"]
    #[inline]
    pub(in crate::queue) fn tell_one_of(&mut self, ready: usize) -> Option<Waker> {
        let led = match &mut self.leader {
            Some(leader) if leader.waker.is_some() => return leader.waker.take(),
            leader => usize::from(leader.is_some()),
        };
        if self.waiting.granted() + led < ready { self.waiting.grant_first_if(|()| true) } else { None }
    }

    /// Whether it was called while another leads, to take something and not to keep the time.
    #[inline]
    pub(in crate::queue) fn is_called(&self, key: Key) -> bool {
        self.leader.is_some() && self.waiting.is_granted(key)
    }

    /// How many were called beside the first one or one that was called itself, or stand before one that does not wait: one each is theirs.
    #[inline]
    pub(in crate::queue) const fn others(&self, place: Option<Key>) -> usize {
        match place {
            None => self.len(),
            // The one that leads is not among them; where that is another one, it stands for the one that asks.
            Some(_) => self.waiting.granted(),
        }
    }

    /// One that was called has come too late, and is the first in line again.
    pub(in crate::queue) fn step_back(&mut self, key: Key, waker: Waker) {
        self.waiting.take_back(key, waker);
    }

    /// Whether somebody leads or was called to, or nobody is there who could.
    pub(in crate::queue) const fn is_led(&self) -> bool {
        self.leader.is_some() || self.waiting.granted() > 0 || self.waiting.queued() == 0
    }

    /// Calls the next in line to lead, if nobody does.
    #[must_use = "who is called has to be woken"]
    pub(in crate::queue) fn call_next(&mut self) -> Option<Waker> {
        if self.is_led() {
            return None;
        }
        self.waiting.grant_first_if(|()| true)
    }

    /// Takes one out that is served or gives up. Its waker is to be dropped outside the lock.
    #[must_use = "a waker is dropped outside the lock"]
    #[inline]
    pub(in crate::queue) fn leave(&mut self, key: Key) -> Option<Waker> {
        if self.is_led_by(key) {
            return self.leader.take()?.waker;
        }
        self.waiting.remove(key)?.waker
    }

    /// Takes out all who wait, as far as the batch goes: nothing will come any more. Those who were told find that out by themselves.
    pub(in crate::queue) fn dismiss(&mut self, batch: &mut WakeBatch<'_>) -> Round {
        if let Some(waker) = self.leader.as_mut().and_then(|leader| leader.waker.take()) {
            batch.push(waker);
        }
        let newest = self.waiting.newest();
        self.waiting.take_up_to(newest, batch)
    }

    fn is_led_by(&self, key: Key) -> bool {
        self.leader.as_ref().is_some_and(|leader| leader.key == key)
    }
}
