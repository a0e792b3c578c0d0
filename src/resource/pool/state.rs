//! What a pool decides: who gets what, what is kept, and how many there are. No future, clock or manager is known here.
//!
//! An object is idle, in use, or being made; it is one of them at each moment, and whoever changes that does it in one step. Whoever
//! puts one into use or makes one has a permit of the pool's semaphore, so that there are never more than permits.

use super::stats::Stats;
use super::usage::Usage;
use crate::time::Instant;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::time::Duration;

/// An object and what is known of it.
pub(super) struct Entry<T> {
    pub(super) object: T,
    pub(super) usage: Usage,
    /// Its turn among those that came back: what lies idle is sorted by it.
    turn: u64,
}

impl<T> Entry<T> {
    pub(super) const fn new(object: T, now: Option<Instant>) -> Self {
        Self { object, usage: Usage::new(now), turn: 0 }
    }
}

/// How it decides, for good.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Gives out what has lain longest, and not what came back last.
    pub(super) oldest_first: bool,
    pub(super) max_lifetime: Duration,
    pub(super) idle_time: Duration,
}

impl Rules {
    /// Whether it matters what time it is.
    pub(super) fn ask_for_time(&self) -> bool {
        self.max_lifetime != Duration::MAX || self.idle_time != Duration::MAX
    }

    fn has_lived(&self, usage: &Usage, now: Option<Instant>) -> bool {
        passed(usage.created, self.max_lifetime, now)
    }

    fn is_stale(&self, usage: &Usage, now: Option<Instant>) -> bool {
        self.has_lived(usage, now) || passed(usage.returned, self.idle_time, now)
    }
}

fn passed(since: Option<Instant>, length: Duration, now: Option<Instant>) -> bool {
    match (since, now) {
        (Some(since), Some(now)) if length != Duration::MAX => since.saturating_add(length) <= now,
        _ => false,
    }
}

/// What a place in the pool is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Its permit was given up.
    Outside,
    Empty,
    /// An object is being made for somebody.
    Creating,
    /// An object is being made that will lie idle.
    Filling,
    /// There is an object.
    InUse,
}

/// What there is for somebody who has a permit.
pub(super) enum Took<T> {
    Closed,
    /// Nothing lies idle.
    Nothing,
    Idle(Entry<T>),
    /// To be let go; it counts as in use.
    Stale(Entry<T>),
}

pub(super) struct State<T> {
    idle: VecDeque<Entry<T>>,
    rules: Rules,
    pub(super) max_size: usize,
    in_use: usize,
    /// Of those in use: on their way out, with no place of their own. They take none from what comes back meanwhile.
    leaving: usize,
    creating: usize,
    /// Being made to lie idle.
    filling: usize,
    turns: u64,
    pub(super) closed: bool,
    /// What happened so far; what is there is counted above.
    pub(super) tally: Stats,
}

impl<T> State<T> {
    pub(super) fn new(max_size: usize, rules: Rules) -> Self {
        Self {
            idle: VecDeque::new(),
            rules,
            max_size,
            in_use: 0,
            leaving: 0,
            creating: 0,
            filling: 0,
            turns: 0,
            closed: false,
            tally: Stats::default(),
        }
    }

    pub(super) fn idle(&self) -> usize {
        self.idle.len()
    }

    pub(super) const fn in_use(&self) -> usize {
        self.in_use
    }

    pub(super) const fn creating(&self) -> usize {
        self.creating + self.filling
    }

    pub(super) fn size(&self) -> usize {
        self.idle() + self.in_use() + self.creating()
    }

    /// Whether it is closed and nothing is left.
    pub(super) fn is_drained(&self) -> bool {
        self.closed && self.size() == 0
    }

    /// For somebody with a permit who wants an object. Who finds none makes one, and is counted as such, or stays without: that says
    /// `otherwise`.
    #[inline]
    pub(super) fn take(&mut self, now: Option<Instant>, otherwise: Phase) -> Took<T> {
        if self.closed {
            return Took::Closed;
        }
        let entry = if self.rules.oldest_first { self.idle.pop_front() } else { self.idle.pop_back() };
        let Some(entry) = entry else {
            self.creating += usize::from(otherwise == Phase::Creating);
            return Took::Nothing;
        };
        self.in_use += 1;
        if self.rules.is_stale(&entry.usage, now) {
            return Took::Stale(entry);
        }
        self.tally.recycled += 1;
        Took::Idle(entry)
    }

    pub(super) fn has_room_for_one(&self) -> bool {
        !self.closed && self.size() < self.max_size
    }

    /// Whether there is room, and fewer than `enough` lie idle.
    pub(super) fn is_short_of(&self, enough: usize) -> bool {
        self.has_room_for_one() && self.idle.len().saturating_add(self.filling) < enough
    }

    /// Begins to make one that will lie idle, if there is room and fewer than `enough` lie there.
    pub(super) fn fill(&mut self, enough: usize) -> bool {
        let begins = self.is_short_of(enough);
        self.filling += usize::from(begins);
        begins
    }

    /// What was begun is there.
    pub(super) fn created(&mut self, phase: Phase) {
        match phase {
            Phase::Filling => self.filling -= 1,
            _ => self.creating -= 1,
        }
        self.in_use += 1;
        self.tally.created += 1;
    }

    /// One that came from outside is in use, if there is room.
    pub(super) fn add(&mut self) -> bool {
        let adds = self.has_room_for_one();
        self.in_use += usize::from(adds);
        self.tally.created += u64::from(adds);
        adds
    }

    /// What was in use lies idle from `now` on, the last in turn. It comes back if it is not to be kept.
    #[inline]
    pub(super) fn give_back(&mut self, mut entry: Entry<T>, now: Option<Instant>) -> Option<Entry<T>> {
        if !self.has_room() || self.rules.has_lived(&entry.usage, now) {
            return Some(entry);
        }
        entry.usage.returned = now;
        self.turns += 1;
        entry.turn = self.turns;
        self.in_use -= 1;
        self.idle.push_back(entry);
        None
    }

    /// What was taken out lies where it lay. It comes back if it is not to be kept.
    pub(super) fn put_back(&mut self, entry: Entry<T>) -> Option<Entry<T>> {
        if !self.has_room() {
            return Some(entry);
        }
        let place = self.idle.partition_point(|other| other.turn < entry.turn);
        self.in_use -= 1;
        self.idle.insert(place, entry);
        None
    }

    /// For one that is counted as in use already.
    fn has_room(&self) -> bool {
        !self.closed && self.size() - self.leaving <= self.max_size
    }

    /// A place is given up. An object that was in it was let go.
    pub(super) fn leave(&mut self, phase: Phase) {
        match phase {
            Phase::Outside | Phase::Empty => {}
            Phase::Creating => self.creating -= 1,
            Phase::Filling => self.filling -= 1,
            Phase::InUse => self.let_go(1),
        }
    }

    fn let_go(&mut self, n: usize) {
        self.in_use -= n;
        self.tally.detached += n as u64;
    }

    /// So many that a resize or a close gave are gone.
    pub(super) fn left(&mut self, n: usize) {
        self.leaving -= n;
        self.let_go(n);
    }

    /// One that was in use belongs to its holder.
    pub(super) fn taken(&mut self) {
        self.in_use -= 1;
        self.tally.taken += 1;
    }

    fn stale(&self, now: Option<Instant>) -> Option<usize> {
        self.idle.iter().position(|entry| self.rules.is_stale(&entry.usage, now))
    }

    pub(super) fn has_stale(&self, now: Option<Instant>) -> bool {
        self.stale(now).is_some()
    }

    /// One that is too old, or has lain too long, to be let go; it counts as in use.
    pub(super) fn take_stale(&mut self, now: Option<Instant>) -> Option<Entry<T>> {
        let stale = self.stale(now)?;
        self.in_use += 1;
        self.idle.remove(stale)
    }

    /// The turn of the one that came back last.
    pub(super) const fn last_turn(&self) -> u64 {
        self.turns
    }

    /// Where the first lies that came back after the turn `after` and not after `last`, and its turn.
    fn after(&self, after: u64, last: u64) -> Option<(usize, u64)> {
        let place = self.idle.partition_point(|entry| entry.turn <= after);
        let turn = self.idle.get(place)?.turn;
        (turn <= last).then_some((place, turn))
    }

    pub(super) fn has_after(&self, after: u64, last: u64) -> bool {
        self.after(after, last).is_some()
    }

    /// The first that came back after the turn `after` and not after `last`, to be looked at; it counts as in use.
    pub(super) fn take_after(&mut self, after: u64, last: u64) -> Option<(Entry<T>, u64)> {
        let (place, turn) = self.after(after, last)?;
        self.in_use += 1;
        self.idle.remove(place).map(|entry| (entry, turn))
    }

    /// Sets how many there may be, and gives what lies idle and is too many, to be let go; it counts as in use.
    pub(super) fn resize(&mut self, max_size: usize) -> Vec<Entry<T>> {
        self.max_size = max_size;
        let surplus = (self.size() - self.leaving).saturating_sub(max_size).min(self.idle.len());
        self.in_use += surplus;
        self.leaving += surplus;
        self.idle.drain(..surplus).collect()
    }

    /// Gives all that lies idle, to be let go; it counts as in use.
    pub(super) fn close(&mut self) -> Vec<Entry<T>> {
        self.closed = true;
        self.in_use += self.idle.len();
        self.leaving += self.idle.len();
        core::mem::take(&mut self.idle).into()
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            max_size: self.max_size,
            size: self.size(),
            idle: self.idle.len(),
            in_use: self.in_use,
            creating: self.creating + self.filling,
            closed: self.closed,
            ..self.tally
        }
    }
}
