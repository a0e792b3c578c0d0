//! Who waits, and who keeps the time for all of them: decisions alone, made by whoever holds the lock.
//!
//! Those who wait stand in line. The first is called out of it and leads: it keeps the one sleep, and takes its cells when they are
//! there. When it goes, served or dropped, the next is called. Nobody else is ever woken, so each of many is polled three times.

use crate::sys::arena::Key;
use crate::sys::wait_list::{Turn, WaitList};
use core::task::Waker;

pub(super) struct Line {
    /// One that was called and has not come yet stays here as granted.
    waiting: WaitList<()>,
    leader: Option<Leader>,
    /// What all of them wait for, together.
    cells: u64,
}

struct Leader {
    /// By which it stood in line. No longer in there, and never given again.
    key: Key,
    /// None once it was told to look again.
    waker: Option<Waker>,
}

/// Where one that asks stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// Nobody is before it: it keeps the time.
    First,
    Behind,
}

impl Line {
    pub(super) const fn new() -> Self {
        Self { waiting: WaitList::new(), leader: None, cells: 0 }
    }

    /// How many wait, those included that were called and have not looked yet.
    pub(super) const fn len(&self) -> usize {
        self.waiting.len() + self.leader.is_some() as usize
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many cells are waited for.
    pub(super) const fn cells(&self) -> u64 {
        self.cells
    }

    /// Joins the line, or stays in it, with the right waker. `None` if that has yet to be cloned.
    pub(super) fn stand(
        &mut self,
        place: &mut Option<Key>,
        cells: u32,
        waker: &Waker,
        own: &mut Option<Waker>,
    ) -> Option<Standing> {
        if let Some(key) = *place {
            if !self.is_led_by(key) {
                match self.waiting.ask(key, waker, own)? {
                    Turn::Granted(()) => self.leader = Some(Leader { key, waker: None }),
                    Turn::Waiting | Turn::Stale => return Some(Standing::Behind),
                    Turn::Unknown => *place = None,
                }
            }
        }
        match *place {
            Some(_) => self.lead(waker, own),
            None => self.join(place, cells, own),
        }
    }

    fn join(&mut self, place: &mut Option<Key>, cells: u32, own: &mut Option<Waker>) -> Option<Standing> {
        let is_first = self.is_empty();
        let key = self.waiting.push((), own.take()?);
        self.cells = self.cells.saturating_add(cells.into());
        *place = Some(key);
        if !is_first {
            return Some(Standing::Behind);
        }
        // It passes through the line for the key, which no other one ever has, not even in another limiter.
        let waker = self.waiting.grant_first_if(|()| true);
        let _granted = self.waiting.remove(key);
        self.leader = Some(Leader { key, waker });
        Some(Standing::First)
    }

    fn lead(&mut self, waker: &Waker, own: &mut Option<Waker>) -> Option<Standing> {
        let leader = self.leader.as_mut()?;
        if !leader.waker.as_ref().is_some_and(|current| current.will_wake(waker)) {
            let new = own.take()?;
            *own = leader.waker.replace(new);
        }
        Some(Standing::First)
    }

    /// There may be cells sooner than the one who keeps the time knows. Gives its waker, if it has to be told.
    #[must_use = "who is told has to be woken"]
    pub(super) fn tell(&mut self) -> Option<Waker> {
        self.leader.as_mut()?.waker.take()
    }

    /// Takes one out that is served or gives up. Gives the waker of the next, if that is to keep the time from now on, and its own, to be
    /// dropped outside of the lock.
    #[must_use = "who is called has to be woken"]
    pub(super) fn leave(&mut self, key: Key, cells: u32) -> Option<(Option<Waker>, Option<Waker>)> {
        let own =
            if self.is_led_by(key) { self.leader.take()?.waker } else { self.waiting.remove(key)?.waker };
        self.cells = self.cells.saturating_sub(cells.into());
        Some((self.call_next(), own))
    }

    fn call_next(&mut self) -> Option<Waker> {
        if self.leader.is_some() || self.waiting.granted() > 0 {
            return None;
        }
        self.waiting.grant_first_if(|()| true)
    }

    fn is_led_by(&self, key: Key) -> bool {
        self.leader.as_ref().is_some_and(|leader| leader.key == key)
    }
}
