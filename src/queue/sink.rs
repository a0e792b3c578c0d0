//! A queue as a sink.

use super::error::SendError;
use super::holder::Holder;
use super::send::Send;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_sink::Sink;

/// A `Sink` into a queue. Made by [`Queue::sink`](super::Queue::sink).
///
/// `Unpin`. It holds one item at most, in line for room; flushing waits until that is in the queue. Closing it flushes it, and does not close the queue,
/// which has others.
///
/// # Cancel safety
/// An item that was given to it and not flushed is dropped with it, or taken back by [`into_inner`](Self::into_inner).
#[must_use = "sinks do nothing unless polled"]
pub struct SendSink<Q: Holder>(Send<Q>);

impl<Q: Holder> SendSink<Q> {
    pub(super) const fn new(holder: Q) -> Self {
        Self(Send::idle(holder))
    }

    /// Takes the item back that is not in the queue yet, if there is one.
    pub fn into_inner(self) -> Option<Q::Item> {
        self.0.into_inner()
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SendError<Q::Item>>> {
        if self.0.is_idle() { Poll::Ready(Ok(())) } else { self.0.poll_send(cx) }
    }
}

impl<Q: Holder> Sink<Q::Item> for SendSink<Q> {
    type Error = SendError<Q::Item>;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.poll_sent(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, item: Q::Item) -> Result<(), Self::Error> {
        assert!(self.0.is_idle(), "a sink was given an item when it was not ready");
        let queue = self.0.holder().queue();
        match queue.try_send(item) {
            Err(SendError::Full(item)) => {
                let entry = queue.mark(item);
                self.0.start(entry);
                Ok(())
            }
            done => done,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.poll_sent(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.poll_sent(cx)
    }
}

impl<Q: Holder> fmt::Debug for SendSink<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SendSink").field(&self.0).finish()
    }
}
