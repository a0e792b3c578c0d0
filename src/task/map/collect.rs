//! The future of all outcomes.

use super::core::{Core, outcome};
use super::work::Work;
use crate::task::{Outcome, Outcomes};
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

pin_project_lite::pin_project! {
    /// How each item ended, when all have. Made by [`Map::collect`](super::Map::collect).
    ///
    /// # Panics
    /// When polled after it was ready.
    #[must_use = "futures do nothing unless polled"]
    pub struct Collect<M: Work> {
        #[pin]
        core: Core<M>,
        ended: Vec<Option<Outcome<M::Ok, M::Err>>>,
        is_ready: bool,
    }
}

impl<M: Work> Collect<M> {
    pub(super) fn new(work: M) -> Self {
        Self { core: Core::new(work), ended: Vec::new(), is_ready: false }
    }
}

impl<M: Work> Future for Collect<M> {
    type Output = Outcomes<M::Ok, M::Err>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        assert!(!*this.is_ready, "polled again after it was ready");
        let has_looked = this.core.as_mut().look(cx);
        while let Some((index, ended)) = ready!(this.core.as_mut().poll_next(has_looked, cx)) {
            put(this.ended, index, outcome(ended));
        }
        *this.is_ready = true;
        Poll::Ready(taken(this.ended).collect())
    }
}

/// Puts a value where it belongs.
#[inline]
pub(super) fn put<V>(values: &mut Vec<Option<V>>, index: usize, value: V) {
    if index == values.len() {
        // Mostly: it was the next that ended next.
        return values.push(Some(value));
    }
    if index > values.len() {
        values.resize_with(index + 1, || None);
    }
    values[index] = Some(value);
}

/// All of them, when all are there.
pub(super) fn taken<V>(values: &mut Vec<Option<V>>) -> impl Iterator<Item = V> + use<V> {
    mem::take(values).into_iter().map(|value| value.expect("each item has ended"))
}

impl<M: Work> fmt::Debug for Collect<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collect").field("core", &self.core).finish_non_exhaustive()
    }
}
