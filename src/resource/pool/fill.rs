//! What is made, or added, to lie idle, and what is looked at where it lies.

use super::core::Pool;
use super::error::{AddError, CreateError};
use super::manage::Manage;
use super::slot::{Filled, Slot};
use super::state::State;
use super::usage::Usage;
use crate::time::MaybeTimer;

impl<M: Manage, Tm: MaybeTimer> Pool<M, Tm> {
    pub(super) fn add_idle(&self, object: M::Object) -> Result<(), AddError<M::Object>> {
        let added = match Slot::try_new_if(self, State::has_room_for_one) {
            Some(mut slot) => slot.add(object),
            None => Err(object),
        };
        added.map_err(|object| match self.is_closed() {
            true => AddError::Closed(object),
            false => AddError::Full(object),
        })
    }

    /// Makes up to `n`, as long as fewer than `enough` lie idle. Each has a place of its own meanwhile, so that others can have the rest.
    pub(super) async fn fill(&self, n: usize, enough: usize) -> Result<usize, CreateError<M::Error>> {
        for made in 0..n {
            let Some(mut slot) = Slot::try_new_if(self, |state| state.is_short_of(enough)) else {
                return Ok(made);
            };
            match slot.fill(enough).await? {
                Filled::Nothing => return Ok(made),
                Filled::LetGo => return Ok(made + 1),
                Filled::Idle => {}
            }
        }
        Ok(n)
    }

    pub(super) fn let_go_of_stale(&self) {
        if !self.ages {
            return;
        }
        loop {
            let now = self.time_if_it_matters();
            let Some(mut slot) = Slot::try_new_if(self, |state| state.has_stale(now)) else { return };
            if !slot.find_stale(now) {
                return;
            }
            slot.let_go();
        }
    }

    pub(super) fn retain_idle(&self, mut keep: impl FnMut(&mut M::Object, &Usage) -> bool) -> usize {
        let (mut after, mut gone) = (0, 0);
        let last = self.state.with(|state| state.last_turn());
        while let Some(mut slot) = Slot::try_new_if(self, |state| state.has_after(after, last)) {
            let Some(turn) = slot.find_after(after, last) else { break };
            after = turn;
            let entry = slot.entry_mut();
            if keep(&mut entry.object, &entry.usage) {
                slot.put_back();
            } else {
                slot.let_go();
                gone += 1;
            }
        }
        gone
    }

    pub(super) fn set_size(&self, max_size: usize) {
        assert!(
            max_size <= crate::sync::Semaphore::MAX_PERMITS,
            "a pool of more objects than Semaphore::MAX_PERMITS"
        );
        let surplus = self.state.with(|state| state.resize(max_size));
        let _leaving = super::leaving::Leaving::new(self, surplus);
        // Whoever sets the permits last finds in the state what was said last, or sets them again.
        let mut permits = max_size;
        loop {
            self.semaphore.resize(permits).expect("it was compared with the most");
            let wanted = self.state.with(|state: &mut State<_>| state.max_size);
            if wanted == permits {
                return;
            }
            permits = wanted;
        }
    }
}
