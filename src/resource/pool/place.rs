//! A place in the pool: its permit, and what is counted for it.
//!
//! Whatever happens to its holder, dropping it settles the counts first and gives the permit back last.

use super::core::Pool;
use super::holder::{Holder, ObjectOf};
use super::manage::Manage;
use super::state::{Entry, Phase, State};
use crate::sync::Semaphore;
use crate::sys::{lock, unwind};

/// The permit, and what is counted for it.
pub(super) struct Place<P: Holder> {
    pub(super) holder: P,
    pub(super) phase: Phase,
}

impl<P: Holder> Place<P> {
    #[inline]
    pub(super) const fn new(holder: P) -> Self {
        Self { holder, phase: Phase::Empty }
    }

    /// Changes the counts.
    pub(super) fn move_to(&mut self, phase: Phase, change: impl FnOnce(&mut State<ObjectOf<P>>)) {
        // First, since whoever waits for the end of the pool is woken there, and may panic.
        self.phase = phase;
        self.holder.settle(change);
    }

    /// Lets an object go. Should that panic, it is counted when this place is dropped.
    pub(super) fn detach(&mut self, entry: Entry<ObjectOf<P>>) {
        detach(&self.holder.manager, entry.object);
        self.leave();
    }

    /// Gives up the place of an object that was about to be made, if there are too many places since a resize. Says whether it did.
    pub(super) fn pay(&mut self) -> bool {
        let pays = self.holder.semaphore.pay();
        if pays {
            let phase = self.phase;
            self.move_to(Phase::Outside, |state| state.leave(phase));
        }
        pays
    }

    fn leave(&mut self) {
        let phase = self.phase;
        self.move_to(Phase::Empty, |state| state.leave(phase));
    }
}

impl<P: Holder> Drop for Place<P> {
    #[inline]
    fn drop(&mut self) {
        let phase = core::mem::replace(&mut self.phase, Phase::Empty);
        if phase == Phase::Outside {
            return;
        }
        let pool: &Pool<_, _> = &self.holder;
        let _permit = Returning(&pool.semaphore);
        if phase != Phase::Empty {
            pool.settle(|state| state.leave(phase));
        }
    }
}

/// Gives the permit back, whatever panics before.
struct Returning<'s>(&'s Semaphore);

impl Drop for Returning<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.release(1);
    }
}

/// Hands an object to its manager. A panic goes no further where the thread is unwinding already.
pub(super) fn detach<M: Manage>(manager: &M, object: M::Object) {
    foreign(|| manager.detach(object));
}

/// Calls what is not ours. `None` if it panics where the thread is unwinding already: a second panic would be the end of the program.
#[inline]
pub(super) fn foreign<R>(call: impl FnOnce() -> R) -> Option<R> {
    lock::assert_none_held();
    if unwind::is_unwinding() {
        return unwind::catch(call).map_err(unwind::discard).ok();
    }
    Some(call())
}
