//! The first of them, however it ends.

use super::children::Children;
use super::judges::First;
use crate::sys::opaque::opaque;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Runs all children together until the first of them ends, however it ends; the others are dropped before this returns.
///
/// Of a tuple, whose members end with one type, it gives the output. Of an array, a `Vec` or an iterator `Some` of the index and the output,
/// and `None` if there were no children: there is nobody to wait for.
///
/// A success is no better here than a failure: where it is, take [`first_ok`](super::first_ok).
///
/// # Cancel safety
/// Dropping it drops all of them. Losers are dropped where they wait, so what they would lose by that is lost: see what
/// they say of their own cancel safety.
/// # Fairness
/// On purpose there is no chance in it: children are begun in order, and of two that are ready at the same time the first in order wins. So
/// what must win, such as a signal to stop, is given first.
/// # Panics
/// If a child does, in its polls or as it is dropped; all others are dropped before the panic goes on.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::task::race;
/// use untether::time::Timer;
///
/// let after = async |ms, name| {
///     rt.sleep(Duration::from_millis(ms)).await;
///     name
/// };
/// assert_eq!(race((after(60_000, "slow"), after(1, "quick"))).await, "quick");
/// assert_eq!(race([after(60_000, "slow"), after(1, "quick")]).await, Some((1, "quick")));
/// # });
/// ```
#[doc(alias = "select")]
#[doc(alias = "FIRST_COMPLETED")]
pub fn race<C: Children<First, Kind>, Kind>(children: C) -> Race<C::Running> {
    Race { children: children.begin() }
}

pin_project_lite::pin_project! {
    /// The future of [`race`].
    ///
    /// # Cancel safety
    /// Dropping it drops the children.
    /// # Panics
    /// If it is polled again after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Race<C> {
        #[pin]
        children: C,
    }
}

impl<C: Future> Future for Race<C> {
    type Output = C::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        self.project().children.poll(cx)
    }
}

opaque!(Race<C>);
