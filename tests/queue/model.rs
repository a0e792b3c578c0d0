//! A naive queue: lists, and a loop that looks at all of them after each step.

use super::*;
use std::collections::{BTreeMap, VecDeque};

pub(super) struct Item {
    pub(super) number: usize,
    pub(super) weight: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Life {
    Open,
    Closed,
    Ended,
}

/// What one in the senders' line wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wants {
    /// An item is to go in: its number and weight.
    Put(usize, usize),
    Room(usize),
}

/// Why not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Not {
    Full,
    Closed,
    TooHeavy,
}

/// What a receiver gets: an item, or the end. `None` in its place: it waits.
pub(super) type Got = Option<Option<usize>>;

#[derive(Clone, Debug)]
pub(super) struct Twin {
    pub(super) freshest_first: bool,
    pub(super) capacity: usize,
    pub(super) overflow: Overflow,
    pub(super) life: Life,
    /// Numbers and weights.
    pub(super) items: VecDeque<(usize, usize)>,
    /// Those that are looked at, by the number of the guard.
    pub(super) lifted: BTreeMap<usize, (usize, usize)>,
    pub(super) line: VecDeque<(usize, Wants)>,
    /// Who was in the line, has not been polled since, and was let in or not.
    pub(super) answered: BTreeMap<usize, (Wants, bool)>,
    /// The room of permits.
    pub(super) permits: BTreeMap<usize, usize>,
    pub(super) takers: VecDeque<usize>,
    pub(super) granted: Vec<usize>,
    /// Who was in line when there was nothing more to come.
    pub(super) over: Vec<usize>,
    pub(super) dropped: u64,
    /// Who waits for nothing to be there, and who was told.
    pub(super) empty: BTreeMap<usize, bool>,
}

impl Twin {
    pub(super) fn new(freshest_first: bool, overflow: Overflow) -> Self {
        Self {
            freshest_first,
            capacity: 0,
            overflow,
            life: Life::Open,
            items: VecDeque::new(),
            lifted: BTreeMap::new(),
            line: VecDeque::new(),
            answered: BTreeMap::new(),
            permits: BTreeMap::new(),
            takers: VecDeque::new(),
            granted: Vec::new(),
            over: Vec::new(),
            dropped: 0,
            empty: BTreeMap::new(),
        }
    }

    pub(super) fn reserved(&self) -> usize {
        let granted = self.answered.values().filter_map(|answer| match answer {
            (Wants::Room(room), true) => Some(*room),
            _ => None,
        });
        self.permits.values().copied().chain(granted).sum()
    }

    fn held(&self) -> usize {
        self.reserved() + self.lifted.values().map(|(_, weight)| weight).sum::<usize>()
    }

    pub(super) fn used(&self) -> usize {
        self.held() + self.items.iter().map(|(_, weight)| weight).sum::<usize>()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len() + self.lifted.len()
    }

    fn fits(&self, weight: usize) -> bool {
        let in_line = self.takers.len() + self.granted.len();
        self.used() + weight <= if self.capacity == 0 { in_line } else { self.capacity }
    }

    fn is_over(&self) -> bool {
        match self.life {
            Life::Open => false,
            Life::Closed => self.len() == 0 && self.reserved() == 0,
            Life::Ended => true,
        }
    }

    /// The first in line goes in, or away, if it can.
    fn admit(&mut self) -> bool {
        let Some((id, wants)) = self.line.front().copied() else { return false };
        let (Wants::Put(_, weight) | Wants::Room(weight)) = wants;
        let alone = self.used() == 0 && self.capacity > 0;
        let is_open = self.life == Life::Open;
        let goes = !is_open || self.fits(weight) || alone;
        if goes {
            self.line.pop_front();
            self.answered.insert(id, (wants, is_open));
            if let (Wants::Put(number, weight), true) = (wants, is_open) {
                self.items.push_back((number, weight));
            }
        }
        goes
    }

    /// Everybody goes on who can, until nobody can.
    pub(super) fn settle(&mut self) {
        while self.admit() {}
        while self.items.len() > self.granted.len() && !self.takers.is_empty() {
            self.granted.extend(self.takers.pop_front());
        }
        if self.is_over() {
            self.over.extend(self.takers.drain(..));
        }
        if self.len() == 0 {
            self.empty.values_mut().for_each(|told| *told = true);
        }
    }

    /// Why something cannot go in now.
    pub(super) fn refusal(&self, weight: usize) -> Option<Not> {
        if self.life != Life::Open {
            Some(Not::Closed)
        } else if self.line.is_empty() && self.fits(weight) {
            None
        } else if self.capacity > 0 && weight > self.capacity {
            Some(Not::TooHeavy)
        } else {
            Some(Not::Full)
        }
    }

    pub(super) fn try_send(&mut self, number: usize, weight: usize) -> Result<(), Not> {
        if let Some(not) = self.refusal(weight) {
            return Err(not);
        }
        self.items.push_back((number, weight));
        self.settle();
        Ok(())
    }

    /// `None`: it waits.
    pub(super) fn send(&mut self, id: usize, number: usize, weight: usize) -> Option<Result<(), Not>> {
        match (self.try_send(number, weight), self.overflow) {
            (Err(Not::Full), Overflow::Wait) => {
                self.line.push_back((id, Wants::Put(number, weight)));
                None
            }
            (Err(Not::Full), Overflow::DropOldest) => Some(self.force(number, weight).map(|_| ())),
            (Err(Not::Full), Overflow::DropNewest) => {
                self.dropped += 1;
                Some(Ok(()))
            }
            (tried, _) => Some(tried),
        }
    }

    /// What had to go.
    pub(super) fn force(&mut self, number: usize, weight: usize) -> Result<Vec<usize>, Not> {
        let mut gone = Vec::new();
        match self.refusal(weight) {
            Some(Not::Full) if self.held() + weight <= self.capacity => {}
            Some(not) => return Err(not),
            None => {}
        }
        while !self.fits(weight) {
            gone.extend(self.items.pop_front().map(|(number, _)| number));
            self.dropped += 1;
        }
        self.items.push_back((number, weight));
        self.settle();
        Ok(gone)
    }

    pub(super) fn next(&mut self) -> Option<(usize, usize)> {
        if self.freshest_first { self.items.pop_back() } else { self.items.pop_front() }
    }

    pub(super) fn put_back(&mut self, item: (usize, usize)) {
        if self.freshest_first { self.items.push_back(item) } else { self.items.push_front(item) }
    }

    pub(super) fn available(&self) -> usize {
        self.items.len().saturating_sub(self.takers.len() + self.granted.len())
    }

    /// What one gets who does not wait.
    pub(super) fn try_recv(&mut self) -> Got {
        if self.available() > 0 {
            let (number, _) = self.next()?;
            self.settle();
            return Some(Some(number));
        }
        let nobody_is_before = self.items.len() >= self.takers.len() + self.granted.len();
        if let (Some((id, wants @ Wants::Put(number, weight))), true) =
            (self.line.front().copied(), nobody_is_before)
        {
            if self.capacity == 0 {
                self.line.pop_front();
                self.answered.insert(id, (wants, true));
                self.items.push_back((number, weight));
                let next = self.next();
                self.settle();
                return Some(next.map(|(number, _)| number));
            }
        }
        self.is_over().then_some(None)
    }

    pub(super) fn recv(&mut self, id: usize) -> Got {
        let got = self.try_recv();
        if got.is_none() {
            self.takers.push_back(id);
            if self.capacity == 0 {
                self.settle();
            }
        }
        got
    }

    /// What one gets who takes many and does not wait. Whoever was let in for the first of them is among them.
    pub(super) fn recv_many(&mut self, id: usize, most: usize) -> Vec<usize> {
        let mut got = Vec::new();
        if self.available() > 0 {
            got.extend(self.next());
            self.admit();
            while got.len() < most && self.available() > 0 {
                got.extend(self.next());
            }
            self.settle();
            return got.into_iter().map(|(number, _)| number).collect();
        }
        let first = self.recv(id);
        self.leave(id);
        first.flatten().into_iter().collect()
    }

    /// What was judged away.
    pub(super) fn retain(&mut self, keep: impl Fn(usize) -> bool) -> usize {
        let before = self.items.len();
        self.items.retain(|(number, _)| keep(*number));
        let gone = before - self.items.len();
        self.settle();
        gone
    }

    pub(super) fn drain(&mut self) -> Vec<usize> {
        let awaited = self.takers.len() + self.granted.len();
        let mut kept: Vec<_> = (0..awaited).map_while(|_| self.next()).collect();
        let drained = std::iter::from_fn(|| self.next()).map(|(number, _)| number).collect();
        while let Some(item) = kept.pop() {
            self.put_back(item);
        }
        self.settle();
        drained
    }

    /// An item is put into room that was reserved.
    pub(super) fn send_into(&mut self, permit: usize, number: usize, weight: usize) -> Result<(), Not> {
        let room = self.permits[&permit];
        if weight > room {
            return Err(Not::TooHeavy);
        }
        if self.life == Life::Ended || (self.life == Life::Closed && room == 0) {
            return Err(Not::Closed);
        }
        self.permits.insert(permit, room - weight);
        self.items.push_back((number, weight));
        self.settle();
        Ok(())
    }

    pub(super) fn poll_recv(&mut self, id: usize) -> Got {
        if let Some(at) = self.over.iter().position(|other| *other == id) {
            self.over.remove(at);
            return Some(None);
        }
        let at = self.granted.iter().position(|other| *other == id)?;
        self.granted.remove(at);
        match self.next() {
            Some((number, _)) => {
                self.settle();
                Some(Some(number))
            }
            None if self.is_over() => Some(None),
            None => {
                self.takers.push_front(id);
                None
            }
        }
    }

    pub(super) fn leave(&mut self, id: usize) {
        self.takers.retain(|other| *other != id);
        self.granted.retain(|other| *other != id);
        self.over.retain(|other| *other != id);
        self.line.retain(|(other, _)| *other != id);
        self.answered.remove(&id);
        self.settle();
    }

    pub(super) fn end(&mut self, life: Life) -> VecDeque<(usize, usize)> {
        if self.life != Life::Ended {
            self.life = life;
        }
        let left = if life == Life::Ended { std::mem::take(&mut self.items) } else { VecDeque::new() };
        self.settle();
        left
    }

    /// Whether one who waits has been told something since it was polled.
    pub(super) fn is_told(&self, id: usize) -> bool {
        let is = |list: &Vec<usize>| list.contains(&id);
        is(&self.granted)
            || is(&self.over)
            || self.answered.contains_key(&id)
            || self.empty.get(&id) == Some(&true)
    }
}
