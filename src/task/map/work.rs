//! What there is to do, as those see it who do it.

use super::plan::Map;
use super::watch::Watch;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::Stream;

/// Items, and what is done with each: a [`Map`].
///
/// Sealed. It says in one word what the types of a map's futures and streams depend on.
pub trait Work: seal::Sealed {
    /// With what it is done.
    type Item;
    /// What is made of an item that goes well.
    type Ok;
    /// Why one does not.
    type Err;
    /// What is done with an item.
    type Future: Future<Output = Result<Self::Ok, Self::Err>>;

    /// How many items may be worked on at a time.
    #[doc(hidden)]
    fn limit(&self) -> usize;

    /// How many items there still are that nothing was done with.
    #[doc(hidden)]
    fn size_hint(&self) -> (usize, Option<usize>);

    /// How many items were taken.
    #[doc(hidden)]
    fn begun(&self) -> usize;

    /// Whether there are no more.
    #[doc(hidden)]
    fn is_over(&self) -> bool;

    /// The next item.
    #[doc(hidden)]
    fn poll_item(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>>;

    /// What is to be done with an item.
    #[doc(hidden)]
    fn start(self: Pin<&mut Self>, item: Self::Item) -> Self::Future;

    /// Tells that one more is done.
    #[doc(hidden)]
    fn tell(self: Pin<&mut Self>);
}

mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed {}

    impl<S, F, W> Sealed for super::Map<S, F, W> {}
}

impl<S, F, Fut, W, T, E> Work for Map<S, F, W>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = Result<T, E>>,
    W: Watch,
{
    type Item = S::Item;
    type Ok = T;
    type Err = E;
    type Future = Fut;

    #[inline]
    fn limit(&self) -> usize {
        self.limit
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.is_over { (0, Some(0)) } else { self.source.size_hint() }
    }

    #[inline]
    fn begun(&self) -> usize {
        self.begun
    }

    #[inline]
    fn is_over(&self) -> bool {
        self.is_over
    }

    #[inline]
    fn poll_item(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        if *this.is_over {
            return Poll::Ready(None);
        }
        // A source that panics is asked no more.
        *this.is_over = true;
        let rest = if W::WATCHES { this.source.size_hint().0 } else { 0 };
        let polled = this.source.poll_next(cx);
        *this.is_over = matches!(polled, Poll::Ready(None));
        if let Poll::Ready(Some(_)) = polled {
            if W::WATCHES {
                *this.total = this.begun.saturating_add(rest);
            }
            *this.begun = this.begun.saturating_add(1);
        }
        polled
    }

    #[inline]
    fn start(self: Pin<&mut Self>, item: S::Item) -> Fut {
        (self.project().work)(item)
    }

    #[inline]
    fn tell(self: Pin<&mut Self>) {
        let this = self.project();
        this.watch.tell((*this.total).max(*this.begun));
    }
}
