//! Virtual time that stands still, and the moment before it moves.

use super::handle::Sim;
use crate::time::{Instant, WakeKey};
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Keeps time from moving by itself until it is dropped. Made by [`Sim::hold_time`].
#[must_use = "time is held as long as the guard lives"]
pub struct HeldTime(Sim);

impl HeldTime {
    pub(super) fn new(sim: Sim) -> Self {
        sim.0.state.with(|state| state.holds += 1);
        Self(sim)
    }
}

impl Drop for HeldTime {
    fn drop(&mut self) {
        self.0.0.state.with(|state| state.holds -= 1);
    }
}

impl fmt::Debug for HeldTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldTime").finish_non_exhaustive()
    }
}

/// Waits until nobody else is ready. Made by [`Sim::idle`].
#[must_use = "futures do nothing unless polled"]
pub struct Idle {
    sim: Sim,
    key: WakeKey,
    waits: Waits,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    NotYet,
    Now,
    NoMore,
}

impl Idle {
    pub(super) const fn new(sim: Sim) -> Self {
        Self { sim, key: WakeKey::new(), waits: Waits::NotYet }
    }
}

impl Future for Idle {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let queue = &this.sim.0.idle;
        // Whoever was woken is no longer in the queue; whoever is polled for nothing is.
        if this.waits == Waits::Now && queue.deadline(&this.key).is_none() {
            this.waits = Waits::NoMore;
        }
        if this.waits == Waits::NoMore {
            return Poll::Ready(());
        }
        this.waits = Waits::Now;
        queue.schedule(Instant::from_nanos(0), &mut this.key, cx.waker());
        Poll::Pending
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        self.sim.0.idle.cancel(&mut self.key);
    }
}

impl fmt::Debug for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idle").finish_non_exhaustive()
    }
}
