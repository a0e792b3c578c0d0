//! What is due, one after the other.

use super::core::DelayQueue;
use super::expired::Expired;
use super::seat::Seat;
use crate::time::Timer;
use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::Stream;

/// The items that are due, one after the other. Made by [`DelayQueue::stream`] and [`DelayQueue::stream_owned`].
///
/// `Unpin`. It stands in line only between a poll that was pending and the item that comes, as a [`Recv`](super::Recv) does; whoever does
/// something else with an item meanwhile holds up nobody. It ends once nothing will come.
///
/// # Cancel safety
/// Dropping it gives up the place in line. No item is lost.
/// # Memory
/// One box in all, for the sleep.
#[must_use = "streams do nothing unless polled"]
pub struct RecvStream<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    queue: S,
    seat: Seat,
    sleep: Pin<Box<Option<Tm::Sleep>>>,
    item: PhantomData<fn() -> T>,
}

impl<S, T, Tm> RecvStream<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    pub(super) fn new(queue: S) -> Self {
        Self { queue, seat: Seat::new(), sleep: Box::pin(None), item: PhantomData }
    }
}

impl<S, T, Tm> Unpin for RecvStream<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
}

impl<S, T, Tm> Stream for RecvStream<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    type Item = Expired<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Expired<T>>> {
        let this = &mut *self;
        this.seat.poll((&this.queue.state, &this.queue.timer), this.sleep.as_mut(), cx, None, |agenda, _| {
            agenda.take_due()
        })
    }
}

impl<S, T, Tm> Drop for RecvStream<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    fn drop(&mut self) {
        self.seat.leave(&self.queue.state);
    }
}

impl<S, T, Tm> fmt::Debug for RecvStream<S, T, Tm>
where
    S: Deref<Target = DelayQueue<T, Tm>>,
    Tm: Timer,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvStream").field("in_line", &self.seat.is_taken()).finish_non_exhaustive()
    }
}
