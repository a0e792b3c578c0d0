//! The future of receiving one value.

use super::core::{Core, Taken};
use super::holder::Holder;
use super::in_flight::InFlight;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Receives a value; `None` once the queue is closed and empty. Made by [`KeyedQueue::recv`](super::KeyedQueue::recv).
///
/// `Unpin`, so it can be polled in place, and kept in a struct.
///
/// # Cancel safety
/// Nothing is lost: a value leaves the queue in the poll that returns it, and what was granted is passed on.
/// # Panics
/// When polled after it gave a value.
#[must_use = "futures do nothing unless polled"]
pub struct Recv<Q: Holder> {
    /// Given away with the value.
    holder: Option<Q>,
    place: Option<Key>,
}

/// What one who comes for a value finds.
enum Found<R> {
    Value(R),
    /// Nothing will come any more.
    Over,
    /// It stands in line now, or still does.
    Nothing,
}

impl<Q: Holder> Recv<Q> {
    pub(super) const fn new(holder: Q) -> Self {
        Self { holder: Some(holder), place: None }
    }

    /// Receives once more, if it gave a value.
    pub(super) fn renew(&mut self, holder: impl FnOnce() -> Q) {
        if self.holder.is_none() {
            self.holder = Some(holder());
        }
    }

    /// As [`poll`](Future::poll), without a pin.
    ///
    /// # Panics
    /// When called after it gave a value.
    #[inline]
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<InFlight<Q>>> {
        let queue = self.holder.as_ref().expect("a recv was polled after it had ended");
        if self.place.is_none() {
            match queue.core.with(now) {
                Found::Value(taken) => return Poll::Ready(self.give(taken)),
                Found::Over => return Poll::Ready(None),
                Found::Nothing => {}
            }
        }
        self.poll_in_line(cx.waker())
    }

    #[inline(never)] // the way without a line stays short
    fn poll_in_line(&mut self, waker: &Waker) -> Poll<Option<InFlight<Q>>> {
        let (Some(queue), place) = (&self.holder, &mut self.place) else { return Poll::Ready(None) };
        let found = with_waker(&queue.core, waker, place.is_none(), |core, own| match *place {
            None => Some(match now(core) {
                Found::Nothing => {
                    *place = Some(core.takers.push((), own.take()?));
                    Found::Nothing
                }
                found => found,
            }),
            Some(key) => ask(core, key, place, waker, own),
        });
        match found {
            Found::Value(taken) => Poll::Ready(self.give(taken)),
            Found::Over => Poll::Ready(None),
            Found::Nothing => Poll::Pending,
        }
    }

    /// Gives a value to the one who receives it, with its own hold on the queue.
    #[inline(always)] // a call would pass it through memory
    fn give(&mut self, taken: Taken<Q::Key, Q::Value>) -> Option<InFlight<Q>> {
        let (lane, (key, value)) = self.holder.as_ref()?.hand_over(taken);
        Some(InFlight::new(self.holder.take()?, lane, key, value))
    }

    waits!();
}

/// Takes a value that nobody was granted.
#[inline(always)] // as `give`
fn now<K, V>(core: &mut Core<K, V>) -> Found<Taken<K, V>> {
    match core.take_available() {
        Some(taken) => Found::Value(taken),
        None if core.is_over() => Found::Over,
        None => Found::Nothing,
    }
}

/// Asks for the turn of one in line. `None` if a clone of the waker is needed.
#[inline(always)] // as `give`
fn ask<K, V>(
    core: &mut Core<K, V>,
    key: Key,
    place: &mut Option<Key>,
    waker: &Waker,
    own: &mut Option<Waker>,
) -> Option<Found<Taken<K, V>>> {
    if core.lanes.ready() == 0 && !core.is_over() && core.takers.is_granted(key) {
        // What it was granted is being merged, or was removed: it is the first in line again.
        core.takers.take_back(key, own.take()?);
        return Some(Found::Nothing);
    }
    match core.takers.ask(key, waker, own)? {
        Turn::Waiting | Turn::Stale => Some(Found::Nothing),
        Turn::Granted(()) | Turn::Unknown => {
            *place = None;
            Some(core.take().map_or(Found::Over, Found::Value))
        }
    }
}

impl<Q: Holder> Unpin for Recv<Q> {}

impl<Q: Holder> Future for Recv<Q> {
    type Output = Option<InFlight<Q>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_recv(cx)
    }
}

impl<Q: Holder> Drop for Recv<Q> {
    #[inline]
    fn drop(&mut self) {
        if let (Some(queue), Some(key)) = (&self.holder, self.place.take()) {
            // What was granted is passed on.
            let (left, told) = queue.core.with(|core| (core.takers.remove(key), core.after_leaving()));
            queue.tell_and_drop(told, left.and_then(|left| left.waker));
        }
    }
}

impl<Q: Holder> fmt::Debug for Recv<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recv").field("in_line", &self.place.is_some()).finish_non_exhaustive()
    }
}
