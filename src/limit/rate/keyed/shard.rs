//! One part of the table of keys: decisions alone, made under its lock. What each key owes is one number.
//!
//! Keys are compared in here and neither hashed, cloned nor dropped: what leaves is handed out.

use crate::limit::rate::quota::Quota;
use hashbrown::HashTable;

pub(super) struct Shard<K> {
    table: HashTable<Entry<K>>,
    /// Where the search for room goes on.
    hand: usize,
    pub(super) forgotten: u64,
}

pub(super) struct Entry<K> {
    /// In full: the table knows seven bits of it, and must not ask for it while it grows.
    hash: u64,
    owed_until: u64,
    pub(super) key: K,
}

/// What the look at a key has come to.
pub(super) enum Found {
    Taken,
    /// Not before this moment.
    Until(u64),
    /// The key owes more than it can by this clock, and did so before: this much. It has yet to be asked again.
    TooFarAhead(u64),
    /// There is no such key.
    Unknown,
}

/// So many are looked at when room is needed. Of eight the one that owes least is mostly one that owes little.
const LOOKED_AT: usize = 8;

impl<K> Shard<K> {
    pub(super) const fn new() -> Self {
        Self { table: HashTable::new(), hand: 0, forgotten: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// Takes `n` cells of the key of this hash that `is_it`. `suspect` is what it owed when the clock was asked, if that was too much.
    #[inline]
    pub(super) fn take(
        &mut self,
        hash: u64,
        is_it: impl Fn(&K) -> bool,
        quota: &Quota,
        (now, n): (u64, u32),
        suspect: Option<u64>,
    ) -> Found {
        let Some(entry) = self.table.find_mut(hash, |entry| entry.hash == hash && is_it(&entry.key)) else {
            return Found::Unknown;
        };
        match quota.decide(entry.owed_until, now, n.into()) {
            Ok(after) => {
                entry.owed_until = after;
                Found::Taken
            }
            Err(ready_at) => {
                let most = quota.at_most(entry.owed_until, now, 0);
                if most == entry.owed_until {
                    return Found::Until(ready_at);
                }
                if suspect != Some(entry.owed_until) {
                    return Found::TooFarAhead(entry.owed_until);
                }
                // The clock was asked after this was seen: it stepped back, or this key had a slower quota.
                entry.owed_until = most;
                match quota.decide(most, now, n.into()) {
                    Ok(_) => Found::Taken,
                    Err(ready_at) => Found::Until(ready_at),
                }
            }
        }
    }

    /// What a key owes.
    pub(super) fn owed_until(&self, hash: u64, is_it: impl Fn(&K) -> bool) -> Option<u64> {
        self.table.find(hash, |entry| entry.hash == hash && is_it(&entry.key)).map(|entry| entry.owed_until)
    }

    /// Puts in a key that is not there, of which cells were taken. One that has to go for it is to be dropped outside of the lock.
    #[must_use = "a key is dropped outside the lock"]
    pub(super) fn insert(
        &mut self,
        (hash, key): (u64, K),
        owed_until: u64,
        now: u64,
        most: usize,
    ) -> Option<Entry<K>> {
        let gone = if self.table.len() >= most { self.make_room(now) } else { None };
        self.table.insert_unique(hash, Entry { hash, owed_until, key }, |entry| entry.hash);
        gone
    }

    /// Takes a key out.
    #[must_use = "a key is dropped outside the lock"]
    pub(super) fn remove(&mut self, hash: u64, is_it: impl Fn(&K) -> bool) -> Option<Entry<K>> {
        let found = self.table.find_entry(hash, |entry| entry.hash == hash && is_it(&entry.key)).ok()?;
        Some(found.remove().0)
    }

    /// Takes out a key that owes nothing, so that nothing is changed by it; if there is none among a few, the one of them that owes least.
    fn make_room(&mut self, now: u64) -> Option<Entry<K>> {
        let buckets = self.table.num_buckets();
        let mut least: Option<(usize, u64)> = None;
        let mut looked_at = 0;
        for _ in 0..buckets {
            let index = self.hand % buckets;
            self.hand = index + 1;
            let Some(entry) = self.table.get_bucket(index) else { continue };
            if least.is_none_or(|(_, owed_until)| entry.owed_until < owed_until) {
                least = Some((index, entry.owed_until));
            }
            looked_at += 1;
            if entry.owed_until <= now || looked_at == LOOKED_AT {
                break;
            }
        }
        let (index, owed_until) = least?;
        self.forgotten += u64::from(owed_until > now);
        self.table.get_bucket_entry(index).ok().map(|entry| entry.remove().0)
    }

    /// Takes out all keys that owe nothing. They are to be dropped outside of the lock.
    #[must_use = "keys are dropped outside the lock"]
    pub(super) fn shrink(&mut self, now: u64) -> alloc::vec::Vec<Entry<K>> {
        let gone = self.table.extract_if(|entry| entry.owed_until <= now).collect();
        self.table.shrink_to_fit(|entry| entry.hash);
        gone
    }

    #[must_use = "keys are dropped outside the lock"]
    pub(super) fn clear(&mut self) -> HashTable<Entry<K>> {
        core::mem::take(&mut self.table)
    }
}
