//! One future that runs all jobs, for who has nothing that spawns.

use super::registry::Registry;
use crate::spawn::{BoxTask, Spawn, SpawnError, SpawnErrorKind};
use crate::sys::atomic::AtomicWaker;
use crate::sys::lock::Lock;
use crate::sys::unwind;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::Stream;
use futures_util::stream::FuturesUnordered;

/// Runs the jobs of a [`Background`](super::Background) in one task. Made by [`Background::driver`](super::Background::driver).
///
/// It ends when the `Background` is shut down or dropped and all jobs are over. A wake polls that job alone.
///
/// # Cancel safety
/// Dropping it aborts all jobs, and no job can be started any more.
#[must_use = "no job runs unless it is polled"]
pub struct Driver {
    jobs: FuturesUnordered<BoxTask>,
    inbox: Arc<Inbox>,
    registry: Arc<Registry>,
}

/// Starts jobs on a [`Driver`].
#[derive(Clone)]
pub struct DriverSpawner(Arc<Inbox>);

struct Inbox {
    /// `None` once the driver is gone.
    arrived: Lock<Option<Vec<BoxTask>>>,
    driver: AtomicWaker,
}

impl Driver {
    pub(super) fn new(registry: Arc<Registry>) -> (DriverSpawner, Self) {
        let inbox = Arc::new(Inbox { arrived: Lock::new(Some(Vec::new())), driver: AtomicWaker::new() });
        (DriverSpawner(inbox.clone()), Self { jobs: FuturesUnordered::new(), inbox, registry })
    }
}

impl Driver {
    /// There is nothing any more to wake its task for.
    fn forget_task(&self) {
        unwind::keep_going(|| drop(self.inbox.driver.take()));
        unwind::keep_going(|| drop(self.registry.forget_driver()));
    }
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.inbox.driver.register(cx.waker());
        this.registry.register_driver(cx.waker());
        loop {
            let arrived = this.inbox.arrived.with(|arrived| arrived.as_mut().map(mem::take));
            this.jobs.extend(arrived.unwrap_or_default());
            match Pin::new(&mut this.jobs).poll_next(cx) {
                Poll::Ready(Some(())) => {}
                Poll::Ready(None) if this.registry.is_closed() && this.inbox.close_if_empty() => {
                    this.forget_task();
                    return Poll::Ready(());
                }
                Poll::Ready(None) | Poll::Pending if this.inbox.has_arrivals() => {}
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let arrived = self.inbox.arrived.with(Option::take);
        drop(arrived);
        self.forget_task();
    }
}

impl Inbox {
    /// Whoever comes to a driver that has ended is refused.
    fn close_if_empty(&self) -> bool {
        self.arrived.with(|arrived| {
            let is_empty = arrived.as_ref().is_none_or(Vec::is_empty);
            if is_empty {
                *arrived = None;
            }
            is_empty
        })
    }

    fn has_arrivals(&self) -> bool {
        self.arrived.with(|arrived| arrived.as_ref().is_some_and(|arrived| !arrived.is_empty()))
    }
}

impl Spawn for DriverSpawner {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        let refused = self.0.arrived.with(|arrived| match arrived {
            Some(arrived) => {
                arrived.push(task);
                None
            }
            None => Some(task),
        });
        match refused {
            Some(task) => Err(SpawnError::new(SpawnErrorKind::Shutdown, task)),
            None => {
                self.0.driver.wake();
                Ok(())
            }
        }
    }

    fn wants_labels(&self) -> bool {
        // A box is made in any case, so the label comes along for nothing.
        true
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("jobs", &self.jobs.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for DriverSpawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverSpawner").finish_non_exhaustive()
    }
}
