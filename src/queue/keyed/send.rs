//! The future of sending one value.

use super::core::Entry;
use super::entering::{Offered, Refusal};
use super::holder::Holder;
use super::offer::{Offer, refused, with_key};
use crate::queue::SendError;
use crate::sys::waits::waits;
use core::fmt;
use core::hash::Hash;
use core::pin::Pin;
use core::task::{Context, Poll, Waker, ready};

/// Sends a value. Made by [`KeyedQueue::send`](super::KeyedQueue::send).
///
/// `Unpin`, so it can be polled in place, and kept in a struct. It tries, and joins the line, at its first poll.
///
/// # Cancel safety
/// A value that is in the queue stays there. One that is not is dropped with the future, or taken back by
/// [`into_inner`](Self::into_inner).
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Send<Q: Holder>(Offer<Q>);

impl<Q: Holder> Send<Q> {
    pub(super) const fn new(holder: Q, hash: u64, entry: Entry<Q::Key, Q::Value>) -> Self {
        Self(Offer::new(holder, hash, entry))
    }

    /// Takes key and value back, unless they are in the queue already.
    pub fn into_inner(mut self) -> Option<(Q::Key, Q::Value)> {
        self.0.give_up()
    }
}

impl<Q: Holder<Key: Hash + Eq + Clone>> Send<Q> {
    /// As [`poll`](Future::poll), without a pin.
    ///
    /// # Errors
    /// See [`KeyedQueue::send`](super::KeyedQueue::send).
    /// # Panics
    /// When called after it was ready.
    #[inline]
    pub fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<<Self as Future>::Output> {
        let Offer { holder, hash, entry, place } = &mut self.0;
        if place.is_some() {
            return self.poll_in_line(cx.waker());
        }
        assert!(entry.is_some(), "a send was polled after it had ended");
        let (offered, _key) = with_key(holder, entry, |core, entry, own| core.offer(*hash, entry, own));
        match offered {
            Ok(told) => {
                holder.tell(told);
                Poll::Ready(Ok(()))
            }
            Err(Refusal::Full) => self.poll_in_line(cx.waker()),
            Err(refusal) => Poll::Ready(Err(refused(refusal, entry))),
        }
    }

    #[inline(never)] // the way without a line stays short
    fn poll_in_line(&mut self, waker: &Waker) -> Poll<<Self as Future>::Output> {
        let (answer, _key) = ready!(match self.0.place {
            Some(place) => self.0.poll_in_line(place, waker),
            None => self.0.join(waker, false),
        });
        Poll::Ready(match answer {
            Ok(Offered::Put(told)) => {
                self.0.holder.tell(told);
                Ok(())
            }
            Ok(Offered::Lifted(_)) => unreachable!("it merges with nothing"),
            Err(refusal) => Err(refused(refusal, &mut self.0.entry)),
        })
    }

    waits!();
}

impl<Q: Holder> Unpin for Send<Q> {}

impl<Q: Holder<Key: Hash + Eq + Clone>> Future for Send<Q> {
    type Output = Result<(), SendError<(Q::Key, Q::Value)>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_send(cx)
    }
}

impl<Q: Holder> fmt::Debug for Send<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Send").field("in_line", &self.0.place.is_some()).finish_non_exhaustive()
    }
}
