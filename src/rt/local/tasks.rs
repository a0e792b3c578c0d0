//! The tasks of a [`Local`](super::Local), and how one round of them is polled.

use super::shared::{Shared, TaskWaker};
use super::spawner::LocalInbox;
use crate::spawn::{BoxTask, LocalBoxTask};
use crate::sys::arena::{Arena, Key};
use crate::sys::unwind;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

pub(super) struct Tasks {
    pub(super) shared: Arc<Shared>,
    pub(super) local_inbox: Rc<LocalInbox>,
    /// Whether tasks get the owner's own waker instead of one each.
    pub(super) pass_waker: bool,
    running: Arena<Running>,
    /// Who was ready when the round began. Kept, like the two below, so that a round allocates nothing.
    ready: Vec<Key>,
    arrived: Vec<BoxTask>,
    arrived_here: Vec<LocalBoxTask>,
}

struct Running {
    future: Pin<Box<dyn Future<Output = ()>>>,
    /// Set as soon as the task has its key.
    waker: Option<(Arc<TaskWaker>, Waker)>,
}

impl Tasks {
    pub(super) fn new() -> Self {
        Self {
            shared: Shared::new(),
            local_inbox: LocalInbox::new(),
            pass_waker: false,
            running: Arena::new(),
            ready: Vec::new(),
            arrived: Vec::new(),
            arrived_here: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running.len() == 0 && !self.local_inbox.has_arrivals() && !self.shared.has_arrivals()
    }

    /// Polls every task that is ready now, once. Those that become ready meanwhile wait for the next round.
    pub(super) fn poll_round(&mut self, cx: &mut Context<'_>) {
        self.shared.collect(&mut self.arrived, &mut self.ready);
        self.local_inbox.collect(&mut self.arrived_here);
        let mut ready = core::mem::take(&mut self.ready);
        if self.pass_waker {
            // With one waker for all nobody knows whom it woke.
            ready.clear();
            ready.extend(self.running.keys());
        }
        let (mut arrived, mut arrived_here) =
            (core::mem::take(&mut self.arrived), core::mem::take(&mut self.arrived_here));
        ready.extend(arrived.drain(..).map(|task| self.admit(task.into_inner())));
        ready.extend(arrived_here.drain(..).map(|task| self.admit(task.into_inner())));
        for key in ready.drain(..) {
            self.poll_task(key, cx);
        }
        (self.ready, self.arrived, self.arrived_here) = (ready, arrived, arrived_here);
    }

    fn admit(&mut self, future: Pin<Box<dyn Future<Output = ()>>>) -> Key {
        let key = self.running.insert(Running { future, waker: None });
        if !self.pass_waker {
            let waker = TaskWaker::new(self.shared.clone(), Some(key));
            let running = self.running.get_mut(key).expect("inserted in the line above");
            running.waker = Some((waker.clone(), waker.into()));
        }
        key
    }

    /// A task that was ready when the round began may have ended since.
    fn poll_task(&mut self, key: Key, cx: &mut Context<'_>) {
        let Some(running) = self.running.get_mut(key) else { return };
        let future = running.future.as_mut();
        let polled = match &running.waker {
            Some((woken, waker)) => {
                woken.take();
                unwind::catch(|| future.poll(&mut Context::from_waker(waker)))
            }
            None => unwind::catch(|| future.poll(cx)),
        };
        // A task that panics ends; it does not take its siblings along. The panic hook was told.
        match polled {
            Ok(Poll::Pending) => return,
            Ok(Poll::Ready(())) => {}
            Err(panic) => unwind::discard(panic),
        }
        end(self.running.remove(key));
    }
}

/// Drops a task. One that panics on the way does not keep the others from being dropped; the panic hook was told.
fn end<T>(task: T) {
    if let Err(panic) = unwind::catch(|| drop(task)) {
        unwind::discard(panic);
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        // Closed first: what the tasks spawn in their own `Drop` is refused.
        let (unseen, unseen_here) = (self.shared.close(), self.local_inbox.close());
        unseen.into_iter().for_each(end);
        unseen_here.into_iter().for_each(end);
        let keys: Vec<Key> = self.running.keys().collect();
        for key in keys {
            end(self.running.remove(key));
        }
        // Spawners live on; the task that ran the owner is none of their business.
        drop(self.shared.owner.take());
    }
}
