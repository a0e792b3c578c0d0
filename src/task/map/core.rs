//! What runs the items: it fills the places that are free, and polls those that were woken.
//!
//! In one poll new items come first, so that the places are never idle; then each place has its turn, in the order in which they were
//! woken or filled. It is looked for those that were woken at most once in a poll: what wakes itself is polled again in the next.

use super::work::Work;
use crate::spawn::Panicked;
use crate::sys::slots::Slots;
use crate::sys::unwind;
use crate::sys::woken::Woken;
use crate::task::Outcome;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// After so many items in a row others are let run.
const IN_A_ROW: u32 = 128;

pin_project_lite::pin_project! {
    pub(super) struct Core<M: Work> {
        #[pin]
        work: M,
        places: Slots<M::Future>,
        // Which item is in which place.
        indices: Vec<usize>,
        woken: Woken,
        // Results that were given and keep their places.
        held: usize,
        in_a_row: u32,
        // Whether it was looked since it was pending.
        has_looked: bool,
    }
}

/// The index of an item and how it ended.
type Finished<M> = (usize, Ended<<M as Work>::Ok, <M as Work>::Err>);

/// How an item ended: what it said, or that it panicked.
pub(super) type Ended<T, E> = Result<Result<T, E>, Box<Panicked>>;

pub(super) fn outcome<T, E>(ended: Ended<T, E>) -> Outcome<T, E> {
    ended.map_or_else(Outcome::Panicked, Outcome::from)
}

impl<M: Work> Core<M> {
    pub(super) fn new(work: M) -> Self {
        Self {
            work,
            places: Slots::new(),
            indices: Vec::new(),
            woken: Woken::new(),
            held: 0,
            in_a_row: 0,
            has_looked: false,
        }
    }

    /// How many results are still to come.
    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.work.size_hint();
        let there = self.places.len().saturating_add(self.held);
        (least.saturating_add(there), most.and_then(|most| most.checked_add(there)))
    }

    pub(super) fn is_over(&self) -> bool {
        self.work.is_over() && !self.is_running() && self.held == 0
    }

    /// A result that was given keeps a place until [`let_go`](Self::let_go).
    pub(super) fn hold(self: Pin<&mut Self>) {
        *self.project().held += 1;
    }

    pub(super) fn let_go(self: Pin<&mut Self>) {
        *self.project().held -= 1;
    }

    /// The next that has ended, or that all have.
    #[inline]
    pub(super) fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Finished<M>>> {
        ready!(self.as_mut().poll_breath(cx));
        let looks = !self.has_looked || self.woken.is_idle();
        if looks {
            self.as_mut().look(cx);
        }
        if let Some(finished) = self.as_mut().advance(cx) {
            return Poll::Ready(Some(finished));
        }
        if self.is_over() {
            return Poll::Ready(None);
        }
        if !looks {
            self.woken.wait(cx.waker());
        }
        self.rest();
        Poll::Pending
    }

    /// Is pending now and then, though there was always something to give.
    #[inline]
    pub(super) fn poll_breath(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.in_a_row < IN_A_ROW {
            return Poll::Ready(());
        }
        self.rest();
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Whether there is anybody who can have been woken.
    pub(super) fn is_running(&self) -> bool {
        self.places.len() > 0
    }

    /// Gives a turn to those that were woken. Whoever is woken from now on wakes the task.
    pub(super) fn look(self: Pin<&mut Self>, cx: &mut Context<'_>) {
        let this = self.project();
        *this.has_looked = true;
        this.woken.look(cx.waker());
    }

    /// Begins what there is room for and gives each its turn, until one has ended.
    #[inline]
    pub(super) fn advance(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Option<Finished<M>> {
        let finished = self.as_mut().begin(cx);
        finished.or_else(|| self.go_on())
    }

    fn rest(self: Pin<&mut Self>) {
        let this = self.project();
        (*this.has_looked, *this.in_a_row) = (false, 0);
    }

    /// Begins with as many items as there are places. Comes back with one that has ended before it began.
    #[inline]
    fn begin(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Option<Finished<M>> {
        while self.places.len().saturating_add(self.held) < self.work.limit() {
            let this = self.as_mut().project();
            let Poll::Ready(Some((index, begun))) = this.work.poll_begin(cx) else { return None };
            let future = match begun {
                Ok(future) => future,
                Err(panicked) => return Some(self.finish(index, Err(panicked))),
            };
            let place = this.places.insert(future);
            if place == this.indices.len() {
                this.indices.push(index);
            }
            this.indices[place] = index;
            this.woken.give_turn(place);
        }
        None
    }

    /// Polls those whose turn it is, until one has ended.
    #[inline]
    fn go_on(mut self: Pin<&mut Self>) -> Option<Finished<M>> {
        let this = self.as_mut().project();
        while let Some((place, waker)) = this.woken.next() {
            let polled = unwind::catch(|| this.places.poll(place, &mut Context::from_waker(waker)));
            let ended = match polled {
                Ok(None | Some(Poll::Pending)) => continue,
                Ok(Some(Poll::Ready(result))) => Ok(result),
                Err(panic) => {
                    // What panicked once may do it again when it is dropped.
                    unwind::keep_going(|| _ = this.places.remove(place));
                    Err(Box::new(Panicked::new(panic)))
                }
            };
            let index = this.indices[place];
            return Some(self.finish(index, ended));
        }
        None
    }

    #[inline]
    fn finish(self: Pin<&mut Self>, index: usize, ended: Ended<M::Ok, M::Err>) -> Finished<M> {
        let this = self.project();
        *this.in_a_row += 1;
        this.work.tell();
        (index, ended)
    }
}

impl<M: Work> fmt::Debug for Core<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("limit", &self.work.limit())
            .field("running", &self.places.len())
            .field("held", &self.held)
            .field("is_over", &self.work.is_over())
            .finish()
    }
}
