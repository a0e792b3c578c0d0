//! The future that ends when a token is cancelled.

use super::cause::Cause;
use super::token::CancelToken;
use crate::sys::arena::Key;
use crate::sys::waits::waits;
use core::borrow::Borrow;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::future::FusedFuture;

/// Waits until a token is cancelled, and gives the cause. Made by [`CancelToken::cancelled`] and [`CancelToken::cancelled_owned`].
///
/// `Unpin`, so it can be polled in place, and kept in a struct. Once ready it stays ready.
///
/// # Cancel safety
/// Dropping it gives up the place among those who wait. Nothing is lost.
#[must_use = "futures do nothing unless polled"]
pub struct WhenCancelled<T: Borrow<CancelToken>> {
    token: T,
    place: Option<Key>,
    is_over: bool,
}

impl<T: Borrow<CancelToken>> WhenCancelled<T> {
    pub(super) const fn new(token: T) -> Self {
        Self { token, place: None, is_over: false }
    }

    /// The token that is waited for.
    pub fn token(&self) -> &CancelToken {
        self.token.borrow()
    }

    /// As [`poll`](Future::poll), without a pin.
    #[inline]
    pub fn poll_cancelled(&mut self, cx: &mut Context<'_>) -> Poll<Cause> {
        let polled = self.token.borrow().node().signal.poll(&mut self.place, cx.waker());
        self.is_over |= polled.is_ready();
        polled.map(|origin| origin.cause())
    }

    waits!();
}

impl<T: Borrow<CancelToken>> Unpin for WhenCancelled<T> {}

impl<T: Borrow<CancelToken>> Future for WhenCancelled<T> {
    type Output = Cause;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cause> {
        self.poll_cancelled(cx)
    }
}

impl<T: Borrow<CancelToken>> FusedFuture for WhenCancelled<T> {
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}

impl<T: Borrow<CancelToken>> Drop for WhenCancelled<T> {
    #[inline]
    fn drop(&mut self) {
        if self.place.is_some() {
            self.token.borrow().node().signal.leave(&mut self.place);
        }
    }
}

impl<T: Borrow<CancelToken>> fmt::Debug for WhenCancelled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WhenCancelled")
            .field("token", self.token())
            .field("waits", &self.place.is_some())
            .finish()
    }
}
