//! Who is in the group, and how to be rid of them. Knows nothing of what they give: so it can be reached from any thread, also in a group whose
//! tasks stay on one.

use super::ended::TaskId;
use crate::spawn::Label;
use crate::sys::arena::{Arena, Key};
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::wake::{self, Round};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;
use core::task::Waker;

/// What a task of a group shares with the group: the one allocation of ours for it.
pub(super) struct Seat {
    abort: AtomicBool,
    /// Of the task on its executor, so that an abort is noticed.
    task: Lock<Option<Waker>>,
    pub(super) label: Label,
    pub(super) id: TaskId,
    /// It has the token: it is asked to stop and not dropped.
    pub(super) asked: bool,
}

impl Seat {
    pub(super) fn abort_requested(&self) -> bool {
        self.abort.load(Ordering::Acquire)
    }

    pub(super) fn register(&self, waker: &Waker) {
        if self.task.with(|task| task.as_ref().is_some_and(|kept| kept.will_wake(waker))) {
            return;
        }
        let waker = waker.clone();
        let replaced = self.task.with(|task| task.replace(waker));
        drop(replaced);
    }

    /// Gives the waker that is to be called after it.
    fn abort(&self) -> Option<Waker> {
        // ORDERING: Release, pairs with the Acquire of `abort_requested`; the lock orders it before or after `register`.
        self.abort.store(true, Ordering::Release);
        self.task.with(Option::take)
    }
}

pub(super) struct Roster(Lock<Seats>);

struct Seats {
    taken: Arena<Arc<Seat>>,
    /// How many there were, ever.
    begun: u64,
}

impl Roster {
    pub(super) const fn new() -> Self {
        Self(Lock::new(Seats { taken: Arena::new(), begun: 0 }))
    }

    pub(super) fn enter(&self, label: Label, asked: bool) -> Arc<Seat> {
        self.0.with(|seats| {
            let index = seats.begun;
            seats.begun += 1;
            let mut entered = None;
            seats.taken.insert_with(|key| {
                let (abort, task) = (AtomicBool::new(false), Lock::new(None));
                let seat = Arc::new(Seat { abort, task, label, id: TaskId { index, key }, asked });
                entered = Some(seat.clone());
                seat
            });
            entered.expect("made in the lines above")
        })
    }

    /// The task has ended.
    pub(super) fn leave(&self, key: Key) {
        let seat = self.0.with(|seats| seats.taken.remove(key));
        drop(seat);
    }

    /// Aborts one. `false` if it has ended.
    pub(super) fn abort(&self, key: Key) -> bool {
        let Some(seat) = self.0.with(|seats| seats.taken.get(key).cloned()) else { return false };
        seat.abort().into_iter().for_each(Waker::wake);
        true
    }

    /// Aborts all of whom that is true. Who enters meanwhile may be missed.
    pub(super) fn abort_where(&self, is_meant: impl Fn(&Seat) -> bool) {
        let seats: Vec<_> =
            self.0.with(|seats| seats.taken.iter().filter(|seat| is_meant(seat)).cloned().collect());
        // All are to know before the first is woken, whatever its waker does.
        let mut wakers: Vec<_> = seats.iter().filter_map(|seat| seat.abort()).collect();
        wake::drain(|batch| {
            while !batch.is_full() {
                match wakers.pop() {
                    Some(waker) => batch.push(waker),
                    None => return Round::Last,
                }
            }
            Round::More
        });
    }
}
