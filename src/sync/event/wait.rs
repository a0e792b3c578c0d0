//! The future of a notification.

use super::Event;
use super::core::Place;
use crate::sys::waits::waits;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Waits for an [`Event`]. Made by [`Event::wait`] and [`Event::wait_owned`].
///
/// `Unpin`, so it can be polled in place, and kept in a struct. It joins the line at its first poll. Ready stays ready.
///
/// # Cancel safety
/// Dropping it gives up the place in line, and passes on a notification that it did not see.
#[must_use = "futures do nothing unless polled"]
pub struct Wait<S: Deref<Target = Event>> {
    event: S,
    /// How many bells had rung when it was made: it counts from there on.
    bells: usize,
    place: Place,
}

impl<S: Deref<Target = Event>> Wait<S> {
    pub(super) const fn new(event: S, bells: usize) -> Self {
        Self { event, bells, place: Place::Outside }
    }

    /// As [`poll`](Future::poll), without a pin.
    pub fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.event.poll_wait(&mut self.place, self.bells, cx.waker()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    waits!();
}

impl<S: Deref<Target = Event>> Unpin for Wait<S> {}

impl<S: Deref<Target = Event>> Future for Wait<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_wait(cx)
    }
}

impl<S: Deref<Target = Event>> Drop for Wait<S> {
    fn drop(&mut self) {
        if let Place::InLine(key) = self.place {
            self.event.leave(key);
        }
    }
}

impl<S: Deref<Target = Event>> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_line = matches!(self.place, Place::InLine(_));
        f.debug_struct("Wait").field("in_line", &in_line).finish_non_exhaustive()
    }
}
