//! The future of submitting an input.

use super::cell::Cell;
use super::error::SubmitError;
use super::source::seal::Feeds;
use super::source::{QueueOf, Ticketed};
use super::submission::{Reply, Submission};
use super::ticket::Ticket;
use crate::queue::Send;
use crate::sys::unwind::keep_going;
use crate::sys::waits::waits;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// What submitting an input gives: its ticket, or the input itself with the reason why it was not accepted.
pub type Submitted<Q> =
    Result<Ticket<<Q as Ticketed>::Value, <Q as Ticketed>::Error>, SubmitError<<Q as Feeds>::Item>>;

/// Submits an input, and waits for room where there is none. Made by [`WorkerPool::submit`](super::WorkerPool::submit).
///
/// `Unpin`.
///
/// # Cancel safety
/// An input that was accepted is done, as if its ticket had been dropped. One that was not is dropped with the future, or taken back by
/// [`into_inner`](Self::into_inner).
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Submit<'p, Q: Ticketed> {
    /// Both until it is known.
    parts: Option<Parts<'p, Q>>,
}

struct Parts<'p, Q: Ticketed> {
    send: Send<&'p QueueOf<Q>>,
    cell: Arc<Cell<Q::Value, Q::Error>>,
}

impl<'p, Q: Ticketed> Submit<'p, Q> {
    pub(super) fn new(source: &'p Q, teller: &Q::Teller, input: Q::Item) -> Self {
        let cell = Arc::new(Cell::new(Q::teller(teller).clone()));
        let send = source.queue().send(Submission::new(input, Reply::Ticket(cell.clone())));
        Self { parts: Some(Parts { send, cell }) }
    }

    /// Takes the input back, unless it was accepted already.
    pub fn into_inner(mut self) -> Option<Q::Item> {
        self.give_up()
    }

    fn give_up(&mut self) -> Option<Q::Item> {
        let Parts { send, cell } = self.parts.take()?;
        match send.into_inner() {
            Some(submission) => Some(submission.refused()),
            None => {
                // It was accepted, and is let go.
                drop(Ticket::new(cell));
                None
            }
        }
    }

    waits!();
}

impl<Q: Ticketed> Unpin for Submit<'_, Q> {}

impl<Q: Ticketed> Future for Submit<'_, Q> {
    type Output = Submitted<Q>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let parts = self.parts.as_mut().expect("polled again after it was ready");
        let sent = ready!(parts.send.poll_send(cx));
        let Parts { cell, .. } = self.parts.take().expect("it was just there");
        Poll::Ready(match sent {
            Ok(()) => Ok(Ticket::new(cell)),
            Err(refused) => Err(SubmitError::of(refused, Submission::refused)),
        })
    }
}

impl<Q: Ticketed> Drop for Submit<'_, Q> {
    fn drop(&mut self) {
        if let Some(input) = self.give_up() {
            keep_going(|| drop(input));
        }
    }
}

impl<Q: Ticketed> fmt::Debug for Submit<'_, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submit").field("waits", &self.parts.is_some()).finish_non_exhaustive()
    }
}
