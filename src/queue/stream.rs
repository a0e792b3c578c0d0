//! What comes, as a stream.

use super::holder::Holder;
use super::recv::Recv;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::stream::{FusedStream, Stream};

/// What comes, one after the other, until the queue is closed and empty. Made by [`Queue::stream`](super::Queue::stream).
///
/// `Unpin`. It holds one place in line, as one future would: an item wakes one of those who wait, not all of them.
///
/// # Cancel safety
/// Dropping it loses nothing. One that is kept and not polled again keeps its place, and the item that it was granted meanwhile, from others.
#[must_use = "streams do nothing unless polled"]
pub struct RecvStream<Q: Holder> {
    recv: Recv<Q>,
    is_over: bool,
}

impl<Q: Holder> RecvStream<Q> {
    pub(super) const fn new(holder: Q) -> Self {
        Self { recv: Recv::new(holder), is_over: false }
    }
}

impl<Q: Holder> Stream for RecvStream<Q> {
    type Item = Q::Item;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Q::Item>> {
        let polled = self.recv.poll_recv(cx);
        self.is_over = matches!(polled, Poll::Ready(None));
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // Others may take what is there.
        (0, None)
    }
}

impl<Q: Holder> FusedStream for RecvStream<Q> {
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}

impl<Q: Holder> fmt::Debug for RecvStream<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvStream").field("recv", &self.recv).field("is_over", &self.is_over).finish()
    }
}
