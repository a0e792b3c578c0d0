//! Sending and receiving many at once: one lock and one round of wake-ups for all of them.

use super::error::SendError;
use super::holder::Holder;
use super::recv::{self, Found};
use super::send::Send;
use super::storage::{Entry, Mark};
use super::told::Others;
use crate::sys::arena::Key;
use crate::sys::two_steps::with_waker;
use crate::sys::waits::waits;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::fmt;
use core::iter::Fuse;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Receives up to so many items at once. Made by [`Queue::recv_many`](super::Queue::recv_many).
///
/// # Cancel safety
/// Nothing is lost: items leave the queue in the poll that is ready.
#[must_use = "futures do nothing unless polled"]
pub struct RecvMany<'v, Q: Holder> {
    holder: Q,
    into: &'v mut Vec<Q::Item>,
    most: usize,
    place: Option<Key>,
}

impl<'v, Q: Holder> RecvMany<'v, Q> {
    pub(super) const fn new(holder: Q, into: &'v mut Vec<Q::Item>, most: usize) -> Self {
        assert!(most > 0, "receiving at most 0 items would never tell an item from the end");
        Self { holder, into, most, place: None }
    }

    waits!();
}

impl<Q: Holder> Unpin for RecvMany<'_, Q> {}

impl<Q: Holder> Future for RecvMany<'_, Q> {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let Self { holder, into, most, place } = self.get_mut();
        let (queue, joins) = (holder.queue(), place.is_none());
        let found = with_waker(&queue.core, cx.waker(), false, |core, own| {
            let first = match *place {
                None => core.take_available(),
                Some(_) => match recv::ask(core, place, cx.waker(), own)? {
                    Found::Item(()) => core.take(),
                    Found::Over => return Some(Found::Over),
                    Found::Nothing => return Some(Found::Nothing),
                },
            };
            let Some(first) = first else {
                if core.is_over() {
                    return Some(Found::Over);
                }
                *place = Some(core.takers.push((), own.take()?));
                return Some(Found::Nothing);
            };
            into.push(first.entry.0);
            let mut told = first.told;
            let more = core.take_more(*most - 1, into);
            if more > 0 {
                // Whom the first one concerned is told in any case.
                told.others = Others::Somebody;
            }
            Some(Found::Item((1 + more, told)))
        });
        match found {
            Found::Item((count, told)) => {
                queue.tell(told);
                Poll::Ready(count)
            }
            Found::Over => Poll::Ready(0),
            Found::Nothing => {
                if joins && queue.goes_from_hand_to_hand {
                    queue.settle();
                }
                Poll::Pending
            }
        }
    }
}

impl<Q: Holder> Drop for RecvMany<'_, Q> {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            recv::leave(&self.holder, place);
        }
    }
}

impl<Q: Holder> fmt::Debug for RecvMany<'_, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvMany")
            .field("most", &self.most)
            .field("in_line", &self.place.is_some())
            .finish_non_exhaustive()
    }
}

/// Sends all items of an iterator. Made by [`Queue::send_many`](super::Queue::send_many).
///
/// # Cancel safety
/// What is in the queue stays there. What is not is dropped with the future, or taken back by [`into_rest`](Self::into_rest).
#[must_use = "futures do nothing unless polled"]
pub struct SendMany<Q: Holder, I> {
    /// The one that waits for room.
    send: Send<Q>,
    /// Those that were taken out of the iterator with it, since it may not be asked under the lock.
    next: VecDeque<Entry<Q::Storage>>,
    /// Asked again after its end, by the next round.
    items: Fuse<I>,
    sent: usize,
}

/// So many are taken out of the iterator at a time.
const ROUND: usize = 32;

impl<Q: Holder, I: Iterator<Item = Q::Item>> SendMany<Q, I> {
    pub(super) fn new(holder: Q, items: I) -> Self {
        Self { send: Send::idle(holder), next: VecDeque::new(), items: items.fuse(), sent: 0 }
    }

    /// What was not sent, in order.
    pub fn into_rest(self) -> impl Iterator<Item = Q::Item> {
        let Self { mut send, next, items, .. } = self;
        send.give_up().into_iter().chain(next.into_iter().map(|(item, _)| item)).chain(items)
    }

    /// Sends as many as there is room for; the first for which there is none is left to wait for it. `false` if there is none.
    fn send_what_fits(&mut self) -> bool {
        let queue = self.send.holder().queue();
        loop {
            if self.next.is_empty() {
                self.next.extend(self.items.by_ref().take(ROUND).map(|item| queue.mark(item)));
            }
            let (next, sent) = (&mut self.next, &mut self.sent);
            let mut before = next.len();
            if before == 0 {
                return false;
            }
            queue.core.with(|core| {
                // Whom all that concerns is found out in one go.
                while let Some((_, mark)) = next.front() {
                    if core.refusal(mark.weight()).is_some() {
                        break;
                    }
                    core.put_quietly(next);
                }
            });
            before -= next.len();
            *sent += before;
            if before > 0 {
                queue.settle();
            }
            if let Some(entry) = next.pop_front() {
                self.send.start(entry);
                return true;
            }
        }
    }

    waits!();
}

impl<Q: Holder, I> Unpin for SendMany<Q, I> {}

impl<Q: Holder, I: Iterator<Item = Q::Item>> Future for SendMany<Q, I> {
    type Output = Result<usize, SendError<Q::Item>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        while !this.send.is_idle() || this.send_what_fits() {
            match core::task::ready!(this.send.poll_send(cx)) {
                Ok(()) => this.sent += 1,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(this.sent))
    }
}

impl<Q: Holder, I> fmt::Debug for SendMany<Q, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendMany")
            .field("sent", &self.sent)
            .field("waits", &!self.send.is_idle())
            .finish_non_exhaustive()
    }
}
