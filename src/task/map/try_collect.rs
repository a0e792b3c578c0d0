//! The future of all values, or the first error.

use super::collect::{put, taken};
use super::core::{Core, Ended};
use super::work::Work;
use crate::sys::unwind;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// All values in the order of the items, or the first error. Made by [`Map::try_collect`](super::Map::try_collect).
    ///
    /// # Panics
    /// When polled after it was ready, and if what is done with an item does; the others are dropped first.
    #[must_use = "futures do nothing unless polled"]
    pub struct TryCollect<M: Work> {
        // Nothing, when it was ready.
        #[pin]
        core: Option<Core<M>>,
        values: Vec<Option<M::Ok>>,
    }
}

impl<M: Work> TryCollect<M> {
    pub(super) fn new(work: M) -> Self {
        Self { core: Some(Core::new(work)), values: Vec::new() }
    }

    /// Until all have ended, or one badly.
    fn poll_all(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended<(), M::Err>> {
        let this = self.project();
        let mut core = this.core.as_pin_mut().expect("polled again after it was ready");
        let has_looked = core.as_mut().look(cx);
        while let Some((index, ended)) = ready!(core.as_mut().poll_next(has_looked, cx)) {
            match ended {
                Ok(Ok(value)) => put(this.values, index, value),
                Ok(Err(error)) => return Poll::Ready(Ok(Err(error))),
                Err(panicked) => return Poll::Ready(Err(panicked)),
            }
        }
        Poll::Ready(Ok(Ok(())))
    }

    /// Drops whatever is not given.
    fn clear(self: Pin<&mut Self>) {
        let mut this = self.project();
        // Taken first: they are dropped as well where one that runs panics in its drop.
        let values = mem::take(this.values);
        if let Some(core) = this.core.as_ref().as_pin_ref() {
            core.leave();
        }
        this.core.set(None);
        drop(values);
    }
}

impl<M: Work> Future for TryCollect<M> {
    type Output = Result<Vec<M::Ok>, M::Err>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match ready!(self.as_mut().poll_all(cx)) {
            Ok(Ok(())) => Ok(taken(self.as_mut().project().values).collect()),
            Ok(Err(error)) => Err(error),
            Err(panicked) => {
                // The first panic is the one that goes on.
                unwind::keep_going(|| self.clear());
                unwind::resume(panicked.into_payload())
            }
        };
        self.clear();
        Poll::Ready(result)
    }
}

impl<M: Work> fmt::Debug for TryCollect<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryCollect").field("core", &self.core).finish_non_exhaustive()
    }
}
