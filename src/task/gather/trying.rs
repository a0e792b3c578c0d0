//! All of them, or the first error.

use super::children::Children;
use super::judges::EachOk;
use crate::sys::opaque::opaque;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Runs all children together for their values, until one fails.
///
/// The values are in the order in which the children were given: of a tuple, a tuple; of an array, a `Vec` or an iterator, a `Vec`. With the
/// first error, first in time, it is over: all others are dropped before this returns, so nothing runs on unseen. They
/// have no time to clean up but what their drops do; where they need it, spawn them and cancel them.
///
/// # Cancel safety
/// Dropping it drops the children that run, and the values of those that have ended.
/// # Fairness
/// Children are begun in order, and those that are ready have one turn each before any has a second. Of two that fail at the same time, the
/// first in order is the first.
/// # Errors
/// The first error, as it is, for `?`.
/// # Panics
/// If a child does, in its polls or as it is dropped; all others are dropped before the panic goes on.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use core::future::{pending, ready};
/// use untether::task::try_gather;
///
/// async fn both() -> Result<usize, String> {
///     let (name, age) = try_gather((ready(Ok::<_, String>("Ada")), async { Ok(36) })).await?;
///     Ok(name.len() + age)
/// }
/// assert_eq!(both().await, Ok(39));
///
/// let stuck = async { pending().await };
/// let failed = try_gather((stuck, ready(Err::<(), _>("down")))).await;
/// assert_eq!(failed, Err::<((), ()), _>("down"));
/// # });
/// ```
#[doc(alias = "asyncio.gather")]
#[doc(alias = "try_join_all")]
pub fn try_gather<C: Children<EachOk, Kind>, Kind>(children: C) -> TryGather<C::Running> {
    TryGather { children: children.begin() }
}

pin_project_lite::pin_project! {
    /// The future of [`try_gather`].
    ///
    /// # Cancel safety
    /// Dropping it drops the children.
    /// # Panics
    /// If it is polled again after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct TryGather<C> {
        #[pin]
        children: C,
    }
}

impl<C: Future> Future for TryGather<C> {
    type Output = C::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        self.project().children.poll(cx)
    }
}

opaque!(TryGather<C>);
