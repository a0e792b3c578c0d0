//! What comes, as a stream.

use super::holder::Holder;
use super::in_flight::InFlight;
use super::recv::Recv;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::stream::{FusedStream, Stream};

/// What comes, one after the other, until the queue is closed and empty. Made by [`KeyedQueue::stream`](super::KeyedQueue::stream).
///
/// `Unpin`. It holds one place in line, as one future would.
///
/// # Cancel safety
/// Dropping it loses nothing. One that is kept and not polled again keeps its place, and the value that it was granted meanwhile, from others.
#[must_use = "streams do nothing unless polled"]
pub struct RecvStream<Q: Holder> {
    holder: Q,
    recv: Recv<Q>,
    is_over: bool,
}

impl<Q: Holder> RecvStream<Q> {
    pub(super) const fn new(first: Q, holder: Q) -> Self {
        Self { holder, recv: Recv::new(first), is_over: false }
    }
}

impl<Q: Holder> Unpin for RecvStream<Q> {}

impl<Q: Holder + Clone> Stream for RecvStream<Q> {
    type Item = InFlight<Q>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<InFlight<Q>>> {
        let Self { holder, recv, is_over } = &mut *self;
        // Before anything is received, which a clone that panics would take along.
        recv.renew(|| holder.clone());
        let polled = recv.poll_recv(cx);
        *is_over = matches!(polled, Poll::Ready(None));
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // Others may take what is there.
        (0, None)
    }
}

impl<Q: Holder + Clone> FusedStream for RecvStream<Q> {
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}

impl<Q: Holder> fmt::Debug for RecvStream<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecvStream")
            .field("recv", &self.recv)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
