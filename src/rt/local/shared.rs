//! What wakers and spawners share with the [`Local`](super::Local): who is ready, who has come.

use crate::spawn::BoxTask;
use crate::sys::arena::Key;
use crate::sys::atomic::{AtomicBool, AtomicWaker};
use crate::sys::lock::Lock;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;

pub(super) struct Shared {
    inbox: Lock<Inbox>,
    /// Of the task that polls the `Local`.
    pub(super) owner: AtomicWaker,
}

#[derive(Default)]
struct Inbox {
    ready: Vec<Key>,
    arrived: Vec<BoxTask>,
    closed: bool,
}

impl Shared {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { inbox: Lock::new(Inbox::default()), owner: AtomicWaker::new() })
    }

    /// Hands the task back when the `Local` is gone.
    pub(super) fn arrive(&self, task: BoxTask) -> Result<(), BoxTask> {
        let first = self.inbox.with(|inbox| {
            if inbox.closed {
                return Err(task);
            }
            inbox.arrived.push(task);
            Ok(inbox.arrived.len() == 1)
        })?;
        // The first to come since the last round wakes the owner; who comes after it, before that round, is seen with it.
        if first {
            self.owner.wake();
        }
        Ok(())
    }

    /// Exchanges what has come and who is ready for two empty lists.
    pub(super) fn collect(&self, arrived: &mut Vec<BoxTask>, ready: &mut Vec<Key>) {
        self.inbox.with(|inbox| {
            core::mem::swap(&mut inbox.arrived, arrived);
            core::mem::swap(&mut inbox.ready, ready);
        });
    }

    pub(super) fn has_arrivals(&self) -> bool {
        self.inbox.with(|inbox| !inbox.arrived.is_empty())
    }

    /// From now on tasks are refused and wakes ignored. Gives those that came and were not seen.
    pub(super) fn close(&self) -> Vec<BoxTask> {
        self.inbox.with(|inbox| {
            inbox.closed = true;
            inbox.ready = Vec::new();
            core::mem::take(&mut inbox.arrived)
        })
    }

    /// Whether the owner has to be woken for it: see [`arrive`](Self::arrive).
    fn push_ready(&self, key: Key) -> bool {
        self.inbox.with(|inbox| {
            if !inbox.closed {
                inbox.ready.push(key);
            }
            inbox.ready.len() == 1
        })
    }
}

/// Wakes one task of a `Local`, or the future it runs for.
pub(super) struct TaskWaker {
    shared: Arc<Shared>,
    /// `None` for the future that is run until its end.
    key: Option<Key>,
    /// Woken and not polled since.
    woken: AtomicBool,
}

impl TaskWaker {
    /// Born woken: the first poll needs no wake.
    pub(super) fn new(shared: Arc<Shared>, key: Option<Key>) -> Arc<Self> {
        Arc::new(Self { shared, key, woken: AtomicBool::new(true) })
    }

    /// Whether it was woken since the last call.
    pub(super) fn take(&self) -> bool {
        // ORDERING: Acquire, pairs with the Release of `wake_by_ref`: the poll sees what was written before the wake.
        self.woken.swap(false, Ordering::AcqRel)
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::AcqRel) && self.key.is_none_or(|key| self.shared.push_ready(key))
        {
            self.shared.owner.wake();
        }
    }
}
