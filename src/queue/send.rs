//! The future of sending one item.

use super::builder::Overflow;
use super::core::{Ask, Refusal};
use super::error::SendError;
use super::holder::Holder;
use super::storage::Entry;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::waits::waits;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Sends an item. Made by [`Queue::send`](super::Queue::send).
///
/// `Unpin`, so it can be polled in place, and kept in a struct. It tries, and joins the line, at its first poll.
///
/// # Cancel safety
/// An item that is in the queue stays there. One that is not is dropped with the future, or taken back by
/// [`into_inner`](Self::into_inner).
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Send<Q: Holder> {
    holder: Q,
    /// While it is neither in line nor in the queue.
    entry: Option<Entry<Q::Storage>>,
    place: Option<Key>,
}

impl<Q: Holder> Send<Q> {
    #[inline]
    pub(super) fn new(holder: Q, item: Q::Item) -> Self {
        let entry = holder.queue().mark(item);
        Self { holder, entry: Some(entry), place: None }
    }

    /// One that has nothing to send yet.
    pub(super) const fn idle(holder: Q) -> Self {
        Self { holder, entry: None, place: None }
    }

    pub(super) const fn holder(&self) -> &Q {
        &self.holder
    }

    pub(super) const fn is_idle(&self) -> bool {
        self.entry.is_none() && self.place.is_none()
    }

    /// Has something to send again.
    pub(super) fn start(&mut self, entry: Entry<Q::Storage>) {
        self.entry = Some(entry);
    }

    /// As [`poll`](Future::poll), without a pin.
    ///
    /// # Errors
    /// See [`Queue::send`](super::Queue::send).
    /// # Panics
    /// When called after it was ready.
    #[inline]
    pub fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SendError<Q::Item>>> {
        if self.place.is_some() {
            return self.poll_in_line(cx.waker());
        }
        let queue = self.holder.queue();
        assert!(self.entry.is_some(), "a send was polled after it had ended");
        match queue.core.with(|core| core.offer(&mut self.entry)) {
            Ok(told) => {
                queue.tell(told);
                Poll::Ready(Ok(()))
            }
            Err(Refusal::Full) => self.overflow(cx.waker()),
            Err(refusal) => Poll::Ready(Err(SendError::of(refusal, self.entry.take()))),
        }
    }

    /// There is no room, or there was none a moment ago.
    #[inline(never)] // the way without a line stays short
    fn overflow(&mut self, waker: &Waker) -> Poll<Result<(), SendError<Q::Item>>> {
        let queue = self.holder.queue();
        Poll::Ready(match queue.overflow {
            Overflow::Wait => return self.join(waker),
            Overflow::Reject => Err(SendError::of(Refusal::Full, self.entry.take())),
            Overflow::DropOldest => match queue.core.with(|core| core.force(&mut self.entry)) {
                Ok((told, displaced)) => {
                    queue.tell(told);
                    drop(displaced);
                    Ok(())
                }
                Err(refusal) => Err(SendError::of(refusal, self.entry.take())),
            },
            Overflow::DropNewest => {
                queue.core.with(|core| core.count_dropped());
                self.entry = None;
                Ok(())
            }
        })
    }

    /// The waker is cloned outside of the lock, and dropped there if it is not needed.
    fn join(&mut self, waker: &Waker) -> Poll<Result<(), SendError<Q::Item>>> {
        let queue = self.holder.queue();
        let (entry, place) = (&mut self.entry, &mut self.place);
        let tried = with_waker(&queue.core, waker, true, |core, own| match core.offer(entry) {
            Err(Refusal::Full) => {
                let waker = own.take()?;
                *place = entry.take().map(|entry| core.senders.push(Ask::Item(entry), waker));
                Some(None)
            }
            tried => Some(Some(tried)),
        });
        match tried {
            None => Poll::Pending,
            Some(Ok(told)) => {
                queue.tell(told);
                Poll::Ready(Ok(()))
            }
            Some(Err(refusal)) => Poll::Ready(Err(SendError::of(refusal, self.entry.take()))),
        }
    }

    #[inline(never)] // the way without a line stays short
    fn poll_in_line(&mut self, waker: &Waker) -> Poll<Result<(), SendError<Q::Item>>> {
        let Some(place) = self.place else { return Poll::Pending };
        let queue = self.holder.queue();
        let turn = with_waker(&queue.core, waker, false, |core, own| core.senders.ask(place, waker, own));
        if matches!(turn, Turn::Waiting | Turn::Stale) {
            return Poll::Pending;
        }
        self.place = None;
        Poll::Ready(match turn {
            // Nobody was there to let it in.
            Turn::Granted(Ask::Item((item, _))) => Err(SendError::Closed(item)),
            _ => Ok(()),
        })
    }

    /// Takes the item back, unless it is in the queue already.
    pub fn into_inner(mut self) -> Option<Q::Item> {
        self.give_up()
    }

    /// As [`into_inner`](Self::into_inner), for one that is kept.
    pub(super) fn give_up(&mut self) -> Option<Q::Item> {
        self.entry.take().map(|(item, _)| item).or_else(|| self.leave())
    }

    /// Leaves the line with the item, if that is still there.
    fn leave(&mut self) -> Option<Q::Item> {
        let (queue, place) = (self.holder.queue(), self.place.take()?);
        let (left, told) = queue.core.with(|core| (core.senders.remove(place), core.after_leaving()));
        let left = left?;
        let item = match left.payload {
            Ask::Item((item, _)) => Some(item),
            _ => None,
        };
        // The next may be lighter.
        queue.leave(told, left.waker);
        item
    }

    waits!();
}

impl<Q: Holder> Unpin for Send<Q> {}

impl<Q: Holder> Future for Send<Q> {
    type Output = Result<(), SendError<Q::Item>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_send(cx)
    }
}

impl<Q: Holder> Drop for Send<Q> {
    #[inline]
    fn drop(&mut self) {
        if self.place.is_some() {
            drop(self.leave());
        }
    }
}

impl<Q: Holder> fmt::Debug for Send<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Send").field("in_line", &self.place.is_some()).finish_non_exhaustive()
    }
}
