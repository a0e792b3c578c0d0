//! A list of what lies in an arena, through links in its entries: anything is taken out of it at once.

use crate::sys::arena::Arena;

pub(super) const NIL: u32 = u32::MAX;

/// What an entry knows of its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Links {
    before: u32,
    after: u32,
}

pub(super) trait Linked {
    fn links(&mut self) -> &mut Links;
}

pub(super) struct List {
    first: u32,
    last: u32,
    len: usize,
}

impl Links {
    pub(super) const fn new() -> Self {
        Self { before: NIL, after: NIL }
    }
}

impl List {
    pub(super) const fn new() -> Self {
        Self { first: NIL, last: NIL, len: 0 }
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Puts an entry at the end.
    #[inline]
    pub(super) fn push<E: Linked>(&mut self, entries: &mut Arena<E>, index: u32) {
        *entries.at_mut(index).links() = self.at_end();
        self.pushed(entries, index);
    }

    /// What one at the end knows of its neighbours.
    #[inline]
    pub(super) const fn at_end(&self) -> Links {
        Links { before: self.last, after: NIL }
    }

    /// An entry that knows that it is at the end has come.
    #[inline]
    pub(super) fn pushed<E: Linked>(&mut self, entries: &mut Arena<E>, index: u32) {
        match core::mem::replace(&mut self.last, index) {
            NIL => self.first = index,
            last => entries.at_mut(last).links().after = index,
        }
        self.len += 1;
    }

    /// Takes the first one out.
    #[inline]
    pub(super) fn pop<E: Linked>(&mut self, entries: &mut Arena<E>) -> Option<u32> {
        let first = self.first;
        self.pop_with(entries, |_| first)
    }

    /// The same, and something from it.
    #[inline(always)] // what it gives would go through memory
    pub(super) fn pop_with<E: Linked, R>(
        &mut self,
        entries: &mut Arena<E>,
        take: impl FnOnce(&mut E) -> R,
    ) -> Option<R> {
        if self.first == NIL {
            return None;
        }
        let entry = entries.at_mut(self.first);
        self.first = core::mem::replace(entry.links(), Links::new()).after;
        let taken = take(entry);
        match self.first {
            NIL => self.last = NIL,
            first => entries.at_mut(first).links().before = NIL,
        }
        self.len -= 1;
        Some(taken)
    }

    /// Takes out one that is in it.
    #[inline]
    pub(super) fn unlink<E: Linked>(&mut self, entries: &mut Arena<E>, index: u32) {
        let Links { before, after } = core::mem::replace(entries.at_mut(index).links(), Links::new());
        match before {
            NIL => self.first = after,
            before => entries.at_mut(before).links().after = after,
        }
        match after {
            NIL => self.last = before,
            after => entries.at_mut(after).links().before = before,
        }
        self.len -= 1;
    }
}
