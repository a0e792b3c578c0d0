//! The future of receiving one item.

use super::core::{Core, Taken};
use super::holder::Holder;
use super::storage::Storage;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::sync::atomic::Ordering;
use core::task::{Context, Poll, Waker};

/// Receives an item; `None` once the queue is closed and empty. Made by [`Queue::recv`](super::Queue::recv).
///
/// `Unpin`, so it can be polled in place, and kept in a struct. Polled after it was ready, it receives the next.
///
/// # Cancel safety
/// Nothing is lost: an item leaves the queue in the poll that returns it, and what was granted is passed on.
#[must_use = "futures do nothing unless polled"]
pub struct Recv<Q: Holder> {
    holder: Q,
    place: Option<Key>,
}

/// What one who comes for an item finds.
pub(super) enum Found<R> {
    Item(R),
    /// Nothing will come any more.
    Over,
    /// It stands in line now, or still does.
    Nothing,
}

impl<Q: Holder> Recv<Q> {
    pub(super) const fn new(holder: Q) -> Self {
        Self { holder, place: None }
    }

    /// As [`poll`](Future::poll), without a pin.
    #[inline]
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<Q::Item>> {
        let queue = self.holder.queue();
        if self.place.is_none() && !queue.runs_dry.load(Ordering::Relaxed) {
            match queue.core.with(now) {
                Found::Item(taken) => return Poll::Ready(Some(queue.hand_over(taken))),
                Found::Over => return Poll::Ready(None),
                Found::Nothing => {}
            }
        }
        self.poll_in_line(cx.waker())
    }

    #[inline(never)] // the way without a line stays short
    fn poll_in_line(&mut self, waker: &Waker) -> Poll<Option<Q::Item>> {
        let (queue, place) = (self.holder.queue(), &mut self.place);
        let joins = place.is_none();
        let (found, runs_dry) = with_waker(&queue.core, waker, joins, |core, own| {
            let found = match *place {
                None => match now(core) {
                    Found::Nothing => {
                        *place = Some(core.takers.push((), own.take()?));
                        Found::Nothing
                    }
                    found => found,
                },
                Some(_) => match ask(core, place, waker, own)? {
                    Found::Item(()) => core.take().map_or(Found::Over, Found::Item),
                    Found::Over => Found::Over,
                    Found::Nothing => Found::Nothing,
                },
            };
            Some((found, core.available() == 0))
        });
        match found {
            Found::Item(taken) => {
                queue.runs_dry.store(runs_dry, Ordering::Relaxed);
                Poll::Ready(Some(queue.hand_over(taken)))
            }
            Found::Over => Poll::Ready(None),
            Found::Nothing => {
                if joins && queue.goes_from_hand_to_hand {
                    // Room for one who wants to reserve it.
                    queue.settle();
                }
                Poll::Pending
            }
        }
    }

    waits!();
}

/// Takes an item that nobody was granted.
#[inline(always)] // what it gives would go through memory
fn now<S: Storage>(core: &mut Core<S>) -> Found<Taken<S>> {
    match core.take_available() {
        Some(taken) => Found::Item(taken),
        None if core.is_over() => Found::Over,
        None => Found::Nothing,
    }
}

/// Asks for the turn of one in line: an item is there for it, and its place is gone. `None` if a clone of the waker is needed.
#[inline(always)] // as `now`
pub(super) fn ask<S: Storage>(
    core: &mut Core<S>,
    place: &mut Option<Key>,
    waker: &Waker,
    own: &mut Option<Waker>,
) -> Option<Found<()>> {
    let key = (*place)?;
    if core.items.len() == 0 && !core.is_over() && core.takers.is_granted(key) {
        // What it was granted is being looked at, or had to go: it is the first in line again.
        core.takers.take_back(key, own.take()?);
        return Some(Found::Nothing);
    }
    match core.takers.ask(key, waker, own)? {
        Turn::Waiting | Turn::Stale => Some(Found::Nothing),
        Turn::Granted(()) | Turn::Unknown => {
            *place = None;
            Some(if core.items.len() > 0 { Found::Item(()) } else { Found::Over })
        }
    }
}

/// Leaves the line; what was granted is passed on.
pub(super) fn leave<Q: Holder>(holder: &Q, place: Key) {
    let queue = holder.queue();
    let (left, told) = queue.core.with(|core| (core.takers.remove(place), core.after_leaving()));
    queue.leave(told, left.and_then(|left| left.waker));
}

impl<Q: Holder> Unpin for Recv<Q> {}

impl<Q: Holder> Future for Recv<Q> {
    type Output = Option<Q::Item>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_recv(cx)
    }
}

impl<Q: Holder> Drop for Recv<Q> {
    #[inline]
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            leave(&self.holder, place);
        }
    }
}

impl<Q: Holder> fmt::Debug for Recv<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recv").field("in_line", &self.place.is_some()).finish_non_exhaustive()
    }
}
