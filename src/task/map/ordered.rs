//! The stream in the order of the items.

use super::core::{Core, outcome};
use super::work::Work;
use crate::task::Outcome;
use alloc::collections::VecDeque;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::{FusedStream, Stream};

pin_project_lite::pin_project! {
    /// How each item ended, in their order. Made by [`Map::ordered`](super::Map::ordered).
    #[must_use = "streams do nothing unless polled"]
    pub struct Ordered<M: Work> {
        #[pin]
        core: Core<M>,
        // Of the items from `next` on, as far as they have ended.
        ended: VecDeque<Option<Outcome<M::Ok, M::Err>>>,
        next: usize,
    }
}

impl<M: Work> Ordered<M> {
    pub(super) fn new(work: M) -> Self {
        Self { core: Core::new(work), ended: VecDeque::new(), next: 0 }
    }

    fn keep(self: Pin<&mut Self>, index: usize, outcome: Outcome<M::Ok, M::Err>) {
        let this = self.project();
        let turn = index - *this.next;
        while turn > this.ended.len() {
            this.ended.push_back(None);
        }
        if turn == this.ended.len() {
            this.ended.push_back(Some(outcome));
        } else {
            this.ended[turn] = Some(outcome);
        }
        this.core.hold();
    }
}

impl<M: Work> Stream for Ordered<M> {
    type Item = Outcome<M::Ok, M::Err>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        ready!(self.as_mut().project().core.poll_breath(cx));
        let has_looked = self.as_mut().project().core.look(cx);
        // Whoever takes one after another, and slowly, holds up nobody who has a place.
        while self.core.has_breath() {
            let finished = self.as_mut().project().core.advance(cx);
            let Some((index, ended)) = finished else { break };
            self.as_mut().keep(index, outcome(ended));
        }
        let mut this = self.project();
        if let Some(Some(_)) = this.ended.front() {
            *this.next += 1;
            this.core.let_go();
            return Poll::Ready(this.ended.pop_front().flatten());
        }
        ready!(this.core.as_mut().poll_breath(cx));
        this.core.poll_over(has_looked, cx).map(|()| None)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.core.size_hint()
    }
}

impl<M: Work> FusedStream for Ordered<M> {
    fn is_terminated(&self) -> bool {
        self.core.is_over()
    }
}

impl<M: Work> fmt::Debug for Ordered<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ordered").field("core", &self.core).field("next", &self.next).finish_non_exhaustive()
    }
}
