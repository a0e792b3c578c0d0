//! What is due when: decisions alone, without a clock, a waker or a lock.
//!
//! Entries are ranked by deadline, then by the order in which they were given it. A reading of the clock is kept and serves
//! all that it covers, so a burst that is due costs one; it covers nothing that came after it, because the clock may have stepped
//! back meanwhile.

use super::expired::{DelayKey, Expired};
use super::state::Book;
use crate::sys::arena::Key;
use crate::sys::heap::Heap;
use crate::sys::ranks::Rank;
use crate::time::Instant;
use alloc::vec::Vec;

pub(in crate::queue) struct Agenda<T> {
    entries: Heap<T>,
    /// How many deadlines were given.
    given: u64,
    /// The last reading of the clock, and how many deadlines had been given by then.
    seen: (Instant, u64),
}

impl<T> Agenda<T> {
    pub(in crate::queue) const fn new() -> Self {
        Self { entries: Heap::new(), given: 0, seen: (Instant::from_nanos(0), 0) }
    }

    pub(in crate::queue) const fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub(in crate::queue) fn insert(&mut self, item: T, deadline: Instant) -> Key {
        let rank = self.rank(deadline);
        self.entries.push(rank, item)
    }

    #[inline]
    pub(in crate::queue) fn remove(&mut self, key: Key) -> Option<T> {
        self.entries.remove(key)
    }

    /// Gives an entry another deadline; one that is the same changes nothing, not even its place among its equals. `false` if there
    /// is no such entry.
    pub(in crate::queue) fn reset(&mut self, key: Key, deadline: Instant) -> bool {
        match self.deadline(key) {
            None => false,
            Some(same) if same == deadline => true,
            Some(_) => {
                let rank = self.rank(deadline);
                self.entries.rerank(key, rank)
            }
        }
    }

    pub(in crate::queue) fn deadline(&self, key: Key) -> Option<Instant> {
        self.entries.rank(key).map(deadline_of)
    }

    /// Whether that moment has come, by what was noted.
    pub(in crate::queue) fn has_come(&self, moment: Instant) -> bool {
        moment <= self.seen.0 && !moment.is_far_future()
    }

    /// The first entry, also if it is never due.
    pub(in crate::queue) fn first(&mut self) -> Option<(Key, Instant)> {
        self.entries.first_entry().map(|(rank, key)| (key, deadline_of(rank)))
    }

    /// Takes the first entry, if it is due by what was noted.
    #[inline(always)] // what it gives would go through memory
    pub(in crate::queue) fn take_due(&mut self) -> Option<Expired<T>> {
        let (rank, key) = self.entries.first_entry()?;
        let (deadline, given) = (deadline_of(rank), rank.1);
        let (now, noted) = self.seen;
        if deadline > now || given > noted || deadline.is_far_future() {
            return None;
        }
        let item = self.entries.pop_first()?;
        Some(Expired { item, key: DelayKey(key), deadline })
    }

    /// Moves the entries that are due, but no more than `max`, and says how many.
    pub(in crate::queue) fn take_all_due(&mut self, into: &mut Vec<Expired<T>>, max: usize) -> usize {
        let mut taken = 0;
        while taken < max {
            let Some(due) = self.take_due() else { break };
            into.push(due);
            taken += 1;
        }
        taken
    }

    /// Takes the first entry, due or not.
    pub(in crate::queue) fn take_first(&mut self) -> Option<Expired<T>> {
        let (rank, key) = self.entries.first_entry()?;
        let deadline = deadline_of(rank);
        let item = self.entries.pop_first()?;
        Some(Expired { item, key: DelayKey(key), deadline })
    }

    const fn rank(&mut self, deadline: Instant) -> Rank {
        self.given += 1;
        Rank(deadline.as_nanos(), self.given)
    }
}

impl<T> Book for Agenda<T> {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn ready(&self) -> usize {
        0
    }

    #[inline]
    fn earliest(&mut self) -> Option<Instant> {
        let deadline = deadline_of(self.entries.first()?);
        (!deadline.is_far_future()).then_some(deadline)
    }

    #[inline]
    fn note(&mut self, now: Instant) {
        self.seen = (now, self.given);
    }
}

const fn deadline_of(rank: Rank) -> Instant {
    Instant::from_nanos(rank.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Insert(u64),
        Remove(usize),
        Reset(usize, u64),
        /// The clock is asked, and as many are taken as there are.
        Drain(u64),
        /// One is taken by what the clock showed before.
        Take,
        TakeFirst,
        Clear,
    }

    fn step() -> impl Strategy<Value = Step> {
        // Few moments, so that many are equal; and never.
        let moment = || prop_oneof![9 => 0..20_u64, 1 => Just(u64::MAX)];
        prop_oneof![
            40 => moment().prop_map(Step::Insert),
            10 => any::<usize>().prop_map(Step::Remove),
            15 => (any::<usize>(), moment()).prop_map(|(which, at)| Step::Reset(which, at)),
            10 => moment().prop_map(Step::Drain),
            10 => Just(Step::Take),
            5 => Just(Step::TakeFirst),
            1 => Just(Step::Clear),
        ]
    }

    /// An entry of the naive one: a list that is sorted by deadline and, as sorting is stable, by when each came to its deadline.
    struct Entry {
        deadline: u64,
        name: usize,
        key: Key,
        /// The latest that the clock showed while it had this deadline, as long as that was the last time it was asked.
        seen: Option<u64>,
    }

    impl Entry {
        fn is_due(&self) -> bool {
            self.deadline != u64::MAX && self.seen.is_some_and(|seen| self.deadline <= seen)
        }

        fn is(&self, expired: &Expired<usize>) -> bool {
            (self.name, self.deadline) == (expired.item, expired.deadline.as_nanos())
                && self.key == expired.key.0
        }
    }

    fn put(twin: &mut Vec<Entry>, entry: Entry) {
        twin.push(entry);
        twin.sort_by_key(|entry| entry.deadline);
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_sorted_list(steps in prop::collection::vec(step(), 0..200)) {
            let mut agenda = Agenda::new();
            let mut twin: Vec<Entry> = Vec::new();
            let mut keys = Vec::new();
            for (name, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Insert(deadline) => {
                        let key = agenda.insert(name, Instant::from_nanos(deadline));
                        keys.push(key);
                        put(&mut twin, Entry { deadline, name, key, seen: None });
                    }
                    Step::Remove(which) if !keys.is_empty() => {
                        let key = keys[which % keys.len()];
                        let place = twin.iter().position(|entry| entry.key == key);
                        prop_assert_eq!(agenda.remove(key), place.map(|place| twin.remove(place).name));
                    }
                    Step::Reset(which, deadline) if !keys.is_empty() => {
                        let key = keys[which % keys.len()];
                        let place = twin.iter().position(|entry| entry.key == key);
                        prop_assert_eq!(agenda.reset(key, Instant::from_nanos(deadline)), place.is_some());
                        if let Some(place) = place.filter(|place| twin[*place].deadline != deadline) {
                            let Entry { name, .. } = twin.remove(place);
                            put(&mut twin, Entry { deadline, name, key, seen: None });
                        }
                        prop_assert_eq!(agenda.deadline(key).is_some(), place.is_some());
                    }
                    Step::Drain(now) => {
                        agenda.note(Instant::from_nanos(now));
                        twin.iter_mut().for_each(|entry| entry.seen = Some(now));
                        let mut due = Vec::new();
                        let taken = agenda.take_all_due(&mut due, 3);
                        prop_assert_eq!(taken, due.len());
                        due.extend(core::iter::from_fn(|| agenda.take_due()));
                        for expired in due {
                            prop_assert!(twin[0].is_due() && twin.remove(0).is(&expired));
                        }
                        prop_assert!(twin.first().is_none_or(|first| !first.is_due()));
                    }
                    Step::Take => match agenda.take_due() {
                        Some(expired) => prop_assert!(twin[0].is_due() && twin.remove(0).is(&expired)),
                        None => prop_assert!(twin.first().is_none_or(|first| !first.is_due())),
                    },
                    Step::TakeFirst => match agenda.take_first() {
                        Some(expired) => prop_assert!(twin.remove(0).is(&expired)),
                        None => prop_assert!(twin.is_empty()),
                    },
                    Step::Clear => {
                        agenda = Agenda::new();
                        twin.clear();
                    }
                    Step::Remove(_) | Step::Reset(..) => {}
                }
                prop_assert_eq!(agenda.len(), twin.len());
                let first = twin.first().map(|first| (first.key, Instant::from_nanos(first.deadline)));
                prop_assert_eq!(agenda.first(), first);
                let earliest = twin.first().map(|first| first.deadline).filter(|deadline| *deadline != u64::MAX);
                prop_assert_eq!(agenda.earliest(), earliest.map(Instant::from_nanos));
            }
        }
    }

    #[test]
    fn what_came_after_the_clock_was_asked_is_not_due_by_what_it_showed() {
        let mut agenda = Agenda::new();
        let (early, late) = (Instant::from_nanos(1), Instant::from_nanos(10));
        let old = agenda.insert("old", early);
        agenda.note(late);
        agenda.insert("new", early);
        let moved = agenda.insert("moved", late);
        assert!(agenda.reset(moved, early) && agenda.reset(old, early));
        assert_eq!(
            agenda.take_due().map(Expired::into_inner),
            Some("old"),
            "the same deadline changes nothing"
        );
        assert_eq!(agenda.take_due(), None, "the clock may have stepped back meanwhile");
        agenda.note(early);
        assert_eq!(agenda.take_due().map(Expired::into_inner), Some("new"));
        assert_eq!(agenda.take_due().map(Expired::into_inner), Some("moved"));
    }
}
