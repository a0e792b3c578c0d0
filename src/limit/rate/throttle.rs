//! A stream whose items go through a limiter.

use super::acquire::Acquire;
use super::core::RateLimiter;
use crate::time::Timer;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::stream::{FusedStream, Stream};

pin_project_lite::pin_project! {
    /// The items of a stream, one cell each. Made by [`RateLimiter::throttle`] and [`RateLimiter::throttle_owned`].
    ///
    /// An item is taken from the stream first, and its cell then: none is used up for an item that does not come. Several streams may share
    /// one limiter, each item in the order in which they came to wait.
    ///
    /// # Cancel safety
    /// Dropping a `next()` loses nothing: the item that waits for its cell stays in here, and its place in line. Dropping this drops that
    /// item, and takes no cell.
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use futures_util::{StreamExt, stream};
    /// use untether::limit::{Quota, RateLimiter};
    ///
    /// let limiter = RateLimiter::new(Quota::per_second(1_000).burst(1), rt);
    /// let items = limiter.throttle(stream::iter(0..5));
    /// assert_eq!(items.collect::<Vec<_>>().await, [0, 1, 2, 3, 4]); // four milliseconds later
    /// # });
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub struct Throttle<St, S, T>
    where
        St: Stream,
        S: Deref<Target = RateLimiter<T>>,
        T: Timer,
    {
        #[pin]
        stream: St,
        // Waits for its cell.
        item: Option<St::Item>,
        #[pin]
        acquire: Acquire<S, T>,
    }
}

impl<St, S, T> Throttle<St, S, T>
where
    St: Stream,
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    pub(super) const fn new(stream: St, limiter: S) -> Self {
        Self { stream, item: None, acquire: Acquire::new(limiter, 1) }
    }

    /// The stream.
    pub const fn get_ref(&self) -> &St {
        &self.stream
    }
}

impl<St, S, T> Stream for Throttle<St, S, T>
where
    St: Stream,
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    type Item = St::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<St::Item>> {
        let this = self.project();
        if this.item.is_none() {
            *this.item = ready!(this.stream.poll_next(cx));
            if this.item.is_none() {
                return Poll::Ready(None);
            }
        }
        // Every burst has one.
        let _one = ready!(this.acquire.poll(cx));
        Poll::Ready(this.item.take())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let held = usize::from(self.item.is_some());
        let (least, most) = self.stream.size_hint();
        (least.saturating_add(held), most.and_then(|most| most.checked_add(held)))
    }
}

impl<St, S, T> FusedStream for Throttle<St, S, T>
where
    St: FusedStream,
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    fn is_terminated(&self) -> bool {
        self.item.is_none() && self.stream.is_terminated()
    }
}

impl<St, S, T> fmt::Debug for Throttle<St, S, T>
where
    St: Stream,
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").field("holds_an_item", &self.item.is_some()).finish_non_exhaustive()
    }
}
