//! The changes of state, as a stream.

use super::holder::Holder;
use super::told::ROOM;
use super::transition::Transition;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wake;
use alloc::collections::VecDeque;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::stream::{FusedStream, Stream};

/// The changes of state of a breaker, from when it was made on. Made by [`CircuitBreaker::transitions`](super::CircuitBreaker::transitions) and
/// its sibling.
///
/// Each one that follows gets every change, in order. The last 16 are kept; who is further behind misses the older ones, never the newest, and
/// [`missed`](Self::missed) says how many. It does not end.
///
/// # Cancel safety
/// Dropping a `next()` loses nothing. Dropping this leaves nothing behind.
#[must_use = "streams do nothing unless polled"]
pub struct Transitions<H: Holder> {
    breaker: H,
    /// The first generation that was not seen.
    next: u64,
    missed: u64,
    place: Option<Key>,
}

impl<H: Holder> Transitions<H> {
    pub(super) fn new(breaker: H) -> Self {
        let room = VecDeque::with_capacity(ROOM);
        let (next, unused) = breaker.shared.with(|state| {
            let unused = state.told.follow(room);
            (state.kernel.generation() + 1, unused)
        });
        drop(unused);
        Self { breaker, next, missed: 0, place: None }
    }

    /// How many changes it was too slow for: they were not given.
    #[must_use]
    pub const fn missed(&self) -> u64 {
        self.missed
    }

    fn poll_transition(&mut self, cx: &mut Context<'_>) -> Poll<Transition> {
        let Self { breaker, next, place, .. } = self;
        let mut gone = None;
        let polled = with_waker(&breaker.shared, cx.waker(), place.is_none(), |state, own| {
            let Some(transition) = state.told.next_from(*next) else {
                return state.told.wait(place, cx.waker(), own).map(|()| Poll::Pending);
            };
            gone = state.told.forget(place);
            Some(Poll::Ready(transition))
        });
        wake::outside(None, gone);
        polled
    }
}

impl<H: Holder> Stream for Transitions<H> {
    type Item = Transition;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Transition>> {
        let this = self.get_mut();
        this.poll_transition(cx).map(|transition| {
            this.missed += transition.generation - this.next;
            this.next = transition.generation + 1;
            Some(transition)
        })
    }
}

impl<H: Holder> FusedStream for Transitions<H> {
    fn is_terminated(&self) -> bool {
        false
    }
}

/// The holder is never pinned.
impl<H: Holder> Unpin for Transitions<H> {}

impl<H: Holder> Drop for Transitions<H> {
    fn drop(&mut self) {
        let (room, waker) = self.breaker.shared.with(|state| state.told.leave(self.place.take()));
        drop(room);
        wake::outside(None, waker);
    }
}

impl<H: Holder> fmt::Debug for Transitions<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transitions")
            .field("next", &self.next)
            .field("missed", &self.missed)
            .finish_non_exhaustive()
    }
}
