//! What is taken out of its turn: to make room, to be looked at, or all of it.

use super::core::{Core, Life, Refusal, weight_of};
use super::displaced::Displaced;
use super::storage::{Entry, Mark, Storage};
use super::told::Told;
use alloc::vec::Vec;

impl<S: Storage> Core<S> {
    /// Puts an item in, if need be in the place of others.
    pub(super) fn force(
        &mut self,
        entry: &mut Option<Entry<S>>,
    ) -> Result<(Told, Displaced<S::Item>), Refusal> {
        let weight = weight_of::<S>(entry);
        let displaced = match self.refusal(weight) {
            None => return Ok((self.put(entry), Displaced::default())),
            Some(Refusal::Full) => self.make_room(weight).ok_or(Refusal::Full)?,
            Some(refusal) => return Err(refusal),
        };
        let told = self.put(entry);
        // What had to go may have weighed more, so that there is room for who waits.
        Ok((Told { others: self.others(), ..told }, displaced))
    }

    /// Gives items up until there is room for something of this weight. `None`, and nothing was given up, where that cannot be.
    ///
    /// A receiver that was granted one gets one that is newer, or waits on.
    pub(super) fn make_room(&mut self, weight: usize) -> Option<Displaced<S::Item>> {
        let mut displaced = Displaced::default();
        if self.held.checked_add(weight).is_none_or(|least| least > self.capacity) {
            return None;
        }
        while !self.fits(weight) {
            let (item, mark) = self.items.evict()?;
            self.stored = self.stored.saturating_sub(mark.weight());
            self.dropped += 1;
            displaced.push(item);
        }
        Some(displaced)
    }

    /// Takes an item out that nobody was granted, to be looked at: it still weighs.
    pub(super) fn lift(&mut self) -> Option<Entry<S>> {
        let entry = if self.available() > 0 { self.items.pop()? } else { return None };
        let weight = entry.1.weight();
        self.stored = self.stored.saturating_sub(weight);
        self.held = self.held.saturating_add(weight);
        self.lifted += 1;
        Some(entry)
    }

    /// Takes everything out to be looked at, what was granted included: a receiver that comes for its own waits on.
    pub(super) fn lift_all(&mut self) -> S {
        self.lifted += self.items.len();
        self.held = self.held.saturating_add(core::mem::take(&mut self.stored));
        self.items.take_all()
    }

    /// So many that were being looked at do not come back.
    pub(super) fn lose(&mut self, count: usize, weight: usize) {
        self.lifted = self.lifted.saturating_sub(count);
        self.held = self.held.saturating_sub(weight);
    }

    /// Puts back one that was being looked at, of several the next one last. It stays where it is if nothing is received any more.
    pub(super) fn lower(&mut self, entry: &mut Option<Entry<S>>) {
        self.lose(usize::from(entry.is_some()), weight_of::<S>(entry));
        if self.life != Life::Ended {
            self.put_back(entry);
        }
    }

    /// Puts back what was taken out, of several the next one last. It stays where it is if its order panics.
    pub(super) fn put_back(&mut self, entry: &mut Option<Entry<S>>) {
        if let Some((_, mark)) = entry {
            self.items.check(mark);
            self.stored = self.stored.saturating_add(mark.weight());
        }
        if let Some((item, mark)) = entry.take() {
            self.items.put_back(item, mark);
        }
    }

    /// Takes out everything that nobody was granted.
    pub(super) fn drain(&mut self) -> S {
        let mut keep = Vec::new();
        let awaited = self.takers.len();
        keep.extend(core::iter::from_fn(|| self.items.pop()).take(awaited));
        self.stored = 0;
        let drained = self.items.take_all();
        keep.into_iter().rev().for_each(|entry| self.put_back(&mut Some(entry)));
        drained
    }

    /// Takes nothing any more, and gives up what is there.
    pub(super) fn end(&mut self) -> S {
        self.life = Life::Ended;
        self.stored = 0;
        self.items.take_all()
    }
}
