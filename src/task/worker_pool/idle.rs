//! The future of waiting until nothing is left to be done.

use super::core::Core;
use super::source::Source;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits until all that was accepted has ended. Made by [`WorkerPool::wait_idle`](super::WorkerPool::wait_idle).
///
/// `Unpin`. Polled again after it was ready, it waits anew.
///
/// # Cancel safety
/// Nothing is lost.
#[must_use = "futures do nothing unless polled"]
pub struct WaitIdle<'p, Q: Source> {
    core: &'p Core<Q>,
    place: Option<Key>,
}

impl<'p, Q: Source> WaitIdle<'p, Q> {
    pub(super) const fn new(core: &'p Core<Q>) -> Self {
        Self { core, place: None }
    }

    waits!();
}

impl<Q: Source> Future for WaitIdle<'_, Q> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.core.poll_idle(&mut this.place, cx.waker())
    }
}

impl<Q: Source> Drop for WaitIdle<'_, Q> {
    fn drop(&mut self) {
        self.core.leave_idle(self.place);
    }
}

impl<Q: Source> fmt::Debug for WaitIdle<'_, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitIdle").finish_non_exhaustive()
    }
}
