//! What a pool decides: what each worker is to do, and how many there are.

use crate::sys::arena::Key;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use alloc::vec::Vec;
use core::task::Waker;

/// All of it under the lock of the pool.
pub(super) struct State<I> {
    pub(super) phase: Phase,
    pub(super) paused: bool,
    /// How many workers there are to be.
    pub(super) target: usize,
    /// How many there are.
    pub(super) alive: usize,
    /// How many of those work, or look for work.
    pub(super) busy: usize,
    /// Which numbers they have.
    pub(super) numbers: Vec<bool>,
    /// Workers, who are told when they are to do something else.
    pub(super) workers: WaitSet,
    pub(super) when_idle: WaitSet,
    pub(super) when_stopped: WaitSet,
    /// How many are about to take back what waits.
    pub(super) taking_back: usize,
    /// What was taken back and waits for somebody to ask for it.
    pub(super) unstarted: Vec<I>,
}

/// How far the end has come. It only goes on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Phase {
    Open,
    /// Nothing new; what was accepted is done.
    Draining,
    /// Nothing is begun; what runs is done.
    Finishing,
    /// What runs is dropped.
    Aborting,
}

/// What a worker is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Go on with what it has, or take the next.
    Go,
    /// Take nothing.
    Hold,
    /// It is not needed any more, and has been crossed out.
    Leave,
    /// Drop what it runs.
    Abort,
}

/// A worker, as the pool knows it.
#[derive(Clone, Copy)]
pub(super) struct Berth {
    /// From 1 on; used again.
    pub(super) number: usize,
    /// Whether another takes its place should it be lost before its first poll. One that takes the place of such a one has none: an executor
    /// that is about to go drops all that it is given.
    pub(super) spare: bool,
}

/// What a worker has in the state.
pub(super) struct Seat {
    pub(super) berth: Berth,
    pub(super) place: Option<Key>,
    busy: bool,
    pub(super) gone: bool,
}

impl Seat {
    pub(super) const fn new(berth: Berth) -> Self {
        Self { berth, place: None, busy: false, gone: false }
    }
}

impl<I> State<I> {
    pub(super) const fn new(workers: usize) -> Self {
        Self {
            phase: Phase::Open,
            paused: false,
            target: workers,
            alive: 0,
            busy: 0,
            numbers: Vec::new(),
            workers: WaitSet::new(),
            when_idle: WaitSet::new(),
            when_stopped: WaitSet::new(),
            taking_back: 0,
            unstarted: Vec::new(),
        }
    }

    pub(super) fn order(&self, has_work: bool) -> Order {
        if has_work {
            return if self.phase == Phase::Aborting { Order::Abort } else { Order::Go };
        }
        if self.phase >= Phase::Finishing || self.alive > self.target {
            Order::Leave
        } else if self.paused {
            Order::Hold
        } else {
            Order::Go
        }
    }

    /// Whether nobody works and nothing waits.
    pub(super) fn is_idle(&self, is_empty: bool) -> bool {
        self.busy == 0 && self.taking_back == 0 && (is_empty || (self.alive == 0 && self.phase > Phase::Open))
    }

    /// Whether all workers have gone, and what was not begun has come back.
    pub(super) const fn has_stopped(&self) -> bool {
        self.alive == 0 && self.taking_back == 0
    }

    pub(super) fn begin_taking_back(&mut self, phase: Phase) {
        self.phase = self.phase.max(phase);
        self.paused = false;
        self.taking_back += 1;
    }

    pub(super) fn note(&mut self, seat: &mut Seat, waker: &Waker, own: &mut Option<Waker>) -> Option<()> {
        join(&mut self.workers, &mut seat.place, waker, own)
    }

    pub(super) fn set_busy(&mut self, seat: &mut Seat, busy: bool) {
        if seat.busy != busy {
            seat.busy = busy;
            self.busy = if busy { self.busy + 1 } else { self.busy - 1 };
        }
    }

    /// One more, under the lowest number that is free.
    pub(super) fn sign_on(&mut self, spare: bool) -> Berth {
        self.alive += 1;
        let free = self.numbers.iter().position(|taken| !taken);
        let index = free.unwrap_or_else(|| {
            self.numbers.push(false);
            self.numbers.len() - 1
        });
        self.numbers[index] = true;
        Berth { number: index + 1, spare }
    }

    /// One less. Its waker is to be dropped outside of the lock.
    pub(super) fn cross_out(&mut self, seat: &mut Seat) -> Option<Waker> {
        self.set_busy(seat, false);
        seat.gone = true;
        self.alive -= 1;
        self.numbers[seat.berth.number - 1] = false;
        seat.place.take().and_then(|place| self.workers.remove(place))
    }
}

/// Puts a waker into a set, or sees to it that the right one is there. `None` if it has yet to be cloned.
pub(super) fn join(
    set: &mut WaitSet,
    place: &mut Option<Key>,
    waker: &Waker,
    own: &mut Option<Waker>,
) -> Option<()> {
    if let Some(key) = *place {
        if set.ask(key, waker, own)? == Turn::Waiting {
            return Some(());
        }
    }
    *place = Some(set.register(own.take()?));
    Some(())
}
