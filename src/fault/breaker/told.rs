//! Who follows the changes, and the last ones for them.

use super::transition::Transition;
use crate::sys::arena::Key;
use crate::sys::room;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::{Mark, WaitSet};
use crate::sys::wake::{Round, WakeBatch};
use alloc::collections::VecDeque;
use core::task::Waker;

/// So many changes are kept for those who follow. Two in a loom model, so that the end of the room is explored as well.
pub(super) const ROOM: usize = room::of(16);

pub(super) struct Told {
    followers: usize,
    /// Has room where somebody follows.
    last: VecDeque<Transition>,
    waiting: WaitSet,
}

impl Told {
    pub(super) const fn new() -> Self {
        Self { followers: 0, last: VecDeque::new(), waiting: WaitSet::new() }
    }

    /// Somebody follows from now on, for which there has to be room. Gives back the room that is not needed.
    pub(super) fn follow(&mut self, room: VecDeque<Transition>) -> VecDeque<Transition> {
        self.followers += 1;
        if self.followers > 1 { room } else { core::mem::replace(&mut self.last, room) }
    }

    /// Gives back what is to be dropped outside: the room nobody needs any more, and a waker.
    pub(super) fn leave(&mut self, place: Option<Key>) -> (VecDeque<Transition>, Option<Waker>) {
        self.followers -= 1;
        let room = if self.followers == 0 { core::mem::take(&mut self.last) } else { VecDeque::new() };
        (room, place.and_then(|place| self.waiting.remove(place)))
    }

    /// Who is to be woken for it.
    pub(super) fn tell(&mut self, transition: Transition) -> Option<Mark> {
        if self.followers == 0 {
            return None;
        }
        if self.last.len() == ROOM {
            self.last.pop_front();
        }
        self.last.push_back(transition);
        (self.waiting.len() > 0).then(|| self.waiting.mark())
    }

    pub(super) fn take(&mut self, mark: Mark, batch: &mut WakeBatch<'_>) -> Round {
        self.waiting.take_before(mark, batch)
    }

    /// The first change that is kept from that generation on.
    pub(super) fn next_from(&self, generation: u64) -> Option<Transition> {
        let newest = self.last.back()?.generation;
        let behind = usize::try_from(newest.checked_sub(generation)?).unwrap_or(usize::MAX);
        self.last.get((self.last.len() - 1).saturating_sub(behind)).copied()
    }

    /// Stays in `place`, or comes back to it if it was woken. `None` if a waker has yet to be cloned.
    pub(super) fn wait(
        &mut self,
        place: &mut Option<Key>,
        waker: &Waker,
        own: &mut Option<Waker>,
    ) -> Option<()> {
        if let Some(key) = *place {
            if self.waiting.ask(key, waker, own)? != Turn::Unknown {
                return Some(());
            }
        }
        *place = Some(self.waiting.register(own.take()?));
        Some(())
    }

    /// Waits no more.
    pub(super) fn forget(&mut self, place: &mut Option<Key>) -> Option<Waker> {
        place.take().and_then(|key| self.waiting.remove(key))
    }
}
