//! Objects that are let go together.

use super::core::Pool;
use super::manage::Manage;
use super::place::detach;
use super::state::Entry;
use crate::sys::unwind;
use crate::time::MaybeTimer;
use alloc::vec::Vec;

/// Objects that were taken out to be let go, when this is dropped. They count as in use until all are gone.
///
/// One that panics takes none of the others along; the first panic goes on after them.
pub(super) struct Leaving<'p, M: Manage, Tm: MaybeTimer> {
    pool: &'p Pool<M, Tm>,
    entries: Vec<Entry<M::Object>>,
}

impl<'p, M: Manage, Tm: MaybeTimer> Leaving<'p, M, Tm> {
    pub(super) const fn new(pool: &'p Pool<M, Tm>, entries: Vec<Entry<M::Object>>) -> Self {
        Self { pool, entries }
    }
}

impl<M: Manage, Tm: MaybeTimer> Drop for Leaving<'_, M, Tm> {
    fn drop(&mut self) {
        let mut panicked = None;
        let leaving = self.entries.len();
        for entry in self.entries.drain(..) {
            if let Err(panic) = unwind::catch(|| detach(&self.pool.manager, entry.object)) {
                match panicked {
                    Some(_) => unwind::discard(panic),
                    None => panicked = Some(panic),
                }
            }
        }
        self.pool.settle(|state| state.left(leaving));
        if let Some(panic) = panicked {
            unwind::resume_unless_unwinding(panic);
        }
    }
}
