//! The way into a simulation for tasks that are not `Send`.

use super::shared::Shared;
use crate::spawn::{LocalBoxTask, SpawnError, SpawnErrorKind, SpawnLocal};
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt;

/// The way into a [`Sim`](super::Sim) for tasks that are not `Send`. Made by [`Sim::local`](super::Sim::local).
#[derive(Clone)]
pub struct LocalSim {
    pub(super) inbox: Rc<LocalInbox>,
}

/// Tasks that have come and may not leave the thread.
pub(super) struct LocalInbox {
    pub(super) shared: Arc<Shared>,
    pub(super) arrived: RefCell<Vec<(usize, LocalBoxTask)>>,
}

impl SpawnLocal for LocalSim {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        let label = task.label().clone();
        let place = self.inbox.shared.state.with(|state| (!state.closed).then(|| state.admit(label)));
        match place {
            Some(place) => self.inbox.arrived.borrow_mut().push((place, task)),
            None => return Err(SpawnError::new(SpawnErrorKind::Shutdown, task)),
        }
        Ok(())
    }

    fn wants_local_labels(&self) -> bool {
        true
    }
}

impl fmt::Debug for LocalSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSim").finish_non_exhaustive()
    }
}
