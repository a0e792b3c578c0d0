//! Sending within a limit, such that the item comes back.

use super::error::SendError;
use super::holder::Holder;
use super::send::Send;
use crate::time::Timer;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

pin_project_lite::pin_project! {
    /// Sends an item within a limit. Made by [`Queue::send_timeout`](super::Queue::send_timeout).
    ///
    /// # Cancel safety
    /// As of [`Send`].
    #[must_use = "futures do nothing unless polled"]
    pub struct SendTimeout<Q: Holder, M: Timer> {
        send: Send<Q>,
        limit: Duration,
        timer: M,
        // Armed at the first pending poll.
        #[pin]
        sleep: Option<M::Sleep>,
    }
}

impl<Q: Holder, M: Timer> SendTimeout<Q, M> {
    pub(super) const fn new(send: Send<Q>, limit: Duration, timer: M) -> Self {
        Self { send, limit, timer, sleep: None }
    }
}

impl<Q: Holder, M: Timer> Future for SendTimeout<Q, M> {
    type Output = Result<(), SendError<Q::Item>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Poll::Ready(sent) = this.send.poll_send(cx) {
            return Poll::Ready(sent);
        }
        if this.sleep.is_none() && *this.limit != Duration::MAX {
            this.sleep.set(Some(this.timer.start_sleep(*this.limit)));
        }
        match this.sleep.as_pin_mut().map(|sleep| sleep.poll(cx)) {
            // Somebody may have let it in meanwhile.
            Some(Poll::Ready(())) => {
                Poll::Ready(this.send.give_up().map_or(Ok(()), |item| Err(SendError::TimedOut(item))))
            }
            _ => Poll::Pending,
        }
    }
}

impl<Q: Holder, M: Timer> fmt::Debug for SendTimeout<Q, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendTimeout")
            .field("send", &self.send)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
