//! The first that ends well.

use super::children::Children;
use super::judges::FirstGood;
use crate::sys::opaque::opaque;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Runs all children together until the first of them ends well; the others are dropped before this returns.
///
/// Children end with results of one type. One that fails is kept in mind, and the others run on.
///
/// # Cancel safety
/// Dropping it drops the children that run, and the errors of those that have failed. Losers are dropped where they wait.
/// # Fairness
/// As of [`race`](super::race): of two that end well at the same time the first in order wins.
/// # Errors
/// [`AllFailed`](super::AllFailed) with every error in order, if none ended well; without any, at once, if there were no children.
/// # Panics
/// If a child does, in its polls or as it is dropped; all others are dropped before the panic goes on.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use core::future::ready;
/// use untether::task::first_ok;
///
/// let mirrors = [Err("down"), Ok("from the second"), Ok("from the third")].map(ready);
/// assert_eq!(first_ok(mirrors).await, Ok("from the second"));
/// # });
/// ```
#[doc(alias = "select_ok")]
#[doc(alias = "Promise.any")]
pub fn first_ok<C: Children<FirstGood, Kind>, Kind>(children: C) -> FirstOk<C::Running> {
    FirstOk { children: children.begin() }
}

pin_project_lite::pin_project! {
    /// The future of [`first_ok`].
    ///
    /// # Cancel safety
    /// Dropping it drops the children.
    /// # Panics
    /// If it is polled again after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct FirstOk<C> {
        #[pin]
        children: C,
    }
}

impl<C: Future> Future for FirstOk<C> {
    type Output = C::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        self.project().children.poll(cx)
    }
}

opaque!(FirstOk<C>);
