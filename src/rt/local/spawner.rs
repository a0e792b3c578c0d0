//! The two ways into a [`Local`](super::Local).

use super::shared::Shared;
use crate::spawn::{BoxTask, LocalBoxTask, Spawn, SpawnError, SpawnErrorKind, SpawnLocal};
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt;

/// Starts `Send` tasks on a [`Local`](super::Local), from any thread.
#[derive(Clone)]
pub struct Spawner(pub(super) Arc<Shared>);

impl Spawn for Spawner {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.0.arrive(task).map_err(|task| SpawnError::new(SpawnErrorKind::Shutdown, task))
    }
}

/// Starts tasks on the [`Local`](super::Local) of this thread.
#[derive(Clone)]
pub struct LocalSpawner {
    pub(super) shared: Arc<Shared>,
    pub(super) inbox: Rc<LocalInbox>,
}

/// Tasks that have come and may not leave the thread. `None` once the `Local` is gone.
pub(super) struct LocalInbox(RefCell<Option<Vec<LocalBoxTask>>>);

impl LocalInbox {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self(RefCell::new(Some(Vec::new()))))
    }

    pub(super) fn collect(&self, arrived: &mut Vec<LocalBoxTask>) {
        if let Some(inbox) = &mut *self.0.borrow_mut() {
            core::mem::swap(inbox, arrived);
        }
    }

    pub(super) fn has_arrivals(&self) -> bool {
        self.0.borrow().as_ref().is_some_and(|arrived| !arrived.is_empty())
    }

    pub(super) fn close(&self) -> Vec<LocalBoxTask> {
        self.0.take().unwrap_or_default()
    }
}

impl SpawnLocal for LocalSpawner {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        let first = match &mut *self.inbox.0.borrow_mut() {
            Some(arrived) => {
                arrived.push(task);
                arrived.len() == 1
            }
            None => return Err(SpawnError::new(SpawnErrorKind::Shutdown, task)),
        };
        // See `Shared::arrive`.
        if first {
            self.shared.owner.wake();
        }
        Ok(())
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}

impl fmt::Debug for LocalSpawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSpawner").finish_non_exhaustive()
    }
}
