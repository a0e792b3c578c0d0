//! Who is in a group: how many, whether one more may come, and those that wait for something, who are to be woken when the group is cancelled.
//!
//! A task is counted before it is given to its executor. It comes into the roster at its first pending poll and asks then once more whether it is to
//! go on, so who went through the roster before that has not missed it. One that ends in its first poll is never in there. Nothing here knows what
//! the tasks give: so it can be reached from any thread, also in a group whose tasks stay on one.

use super::seat::Seat;
use crate::sync::Semaphore;
use crate::sys::arena::Arena;
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::unwind;
use crate::sys::wake::{self, Round};
use crate::task::InFlight;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;
use core::task::Waker;

pub(super) struct Roster {
    pub(super) inside: InFlight,
    /// One for each task that runs, where there is a limit.
    pub(super) slots: Option<Semaphore>,
    seats: Lock<Arena<Arc<Seat>>>,
    /// All are to go.
    abort: AtomicBool,
}

impl Roster {
    pub(super) const fn new(slots: Option<Semaphore>) -> Self {
        let inside = InFlight::new();
        Self { inside, slots, seats: Lock::new(Arena::new()), abort: AtomicBool::new(false) }
    }

    /// Refuses new tasks, also those that wait for a slot.
    pub(super) fn close(&self) {
        self.inside.close();
        if let Some(slots) = &self.slots {
            slots.close();
        }
    }

    /// The token was cancelled, by whomever: closes, and drops those who were not given it.
    pub(super) fn cancelled(&self) {
        both(|| self.close(), || self.wake_where(|seat| !seat.asked));
    }

    pub(super) fn enter(&self, seat: &Arc<Seat>) {
        let entry = seat.clone();
        let place = self.seats.with(|seats| seats.insert(entry));
        seat.sit(place);
    }

    /// The task has ended. Gives its waker, to be dropped.
    pub(super) fn see_off(&self, seat: &Seat) -> Option<Waker> {
        let (waker, place) = seat.rise();
        if let Some(place) = place {
            let gone = self.seats.with(|seats| seats.remove(place));
            drop(gone);
        }
        waker
    }

    /// Whether all are to go.
    pub(super) fn is_aborted(&self) -> bool {
        self.abort.load(Ordering::Acquire)
    }

    /// Closes, and drops all.
    pub(super) fn abort_all(&self) {
        // ORDERING: Release, pairs with the Acquire of `is_aborted`; the lock orders it before or after `enter`.
        self.abort.store(true, Ordering::Release);
        both(|| self.close(), || self.wake_where(|_| true));
    }

    /// Wakes all of whom that is true, so that they ask whether they are to go on.
    pub(super) fn wake_where(&self, is_meant: impl Fn(&Seat) -> bool) {
        let seats: Vec<_> =
            self.seats.with(|seats| seats.iter().filter(|seat| is_meant(seat)).cloned().collect());
        let mut left = seats.iter();
        wake::drain(|batch| {
            while !batch.is_full() {
                match left.next() {
                    Some(seat) => seat.take_waker().into_iter().for_each(|waker| batch.push(waker)),
                    None => return Round::Last,
                }
            }
            Round::More
        });
    }
}

/// Does both, whatever wakers and callbacks do in the first: of two panics that goes on.
pub(super) fn both(first: impl FnOnce(), second: impl FnOnce()) {
    unwind::resume_first([unwind::catch(first), unwind::catch(second)]);
}
