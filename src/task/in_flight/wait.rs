//! The future of nobody being in.

use super::count::InFlight;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits until nobody is in. Made by [`InFlight::wait_idle`] and [`InFlight::wait_idle_owned`].
///
/// `Unpin`, so it can be polled in place, and kept in a struct. Polled again after it was ready, it waits anew.
///
/// # Cancel safety
/// Dropping it loses nothing.
#[must_use = "futures do nothing unless polled"]
pub struct WaitIdle<H: Deref<Target = InFlight>> {
    in_flight: H,
    place: Option<Key>,
}

impl<H: Deref<Target = InFlight>> WaitIdle<H> {
    pub(super) const fn new(in_flight: H) -> Self {
        Self { in_flight, place: None }
    }

    /// As [`poll`](Future::poll), without a pin.
    pub fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.in_flight.poll_idle(&mut self.place, cx.waker()) { Poll::Ready(()) } else { Poll::Pending }
    }

    waits!();
}

impl<H: Deref<Target = InFlight>> Unpin for WaitIdle<H> {}

impl<H: Deref<Target = InFlight>> Future for WaitIdle<H> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_idle(cx)
    }
}

impl<H: Deref<Target = InFlight>> Drop for WaitIdle<H> {
    fn drop(&mut self) {
        self.in_flight.stop_waiting(&mut self.place);
    }
}

impl<H: Deref<Target = InFlight>> fmt::Debug for WaitIdle<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitIdle").field("left", &self.in_flight.len()).finish_non_exhaustive()
    }
}
