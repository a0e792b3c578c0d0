//! What runs the items: it fills the places that are free, and polls those that were woken.
//!
//! In one poll new items come first, so that the places are never idle; then those that were woken have their turn, in that order. It is looked for
//! those that were woken at most once in a poll: what wakes itself is polled again in the next.

use super::work::Work;
use crate::spawn::Panicked;
use crate::sys::slots::Slots;
use crate::sys::unwind::{self, Panic};
use crate::sys::woken::Woken;
use crate::task::Outcome;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
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
        // Whether the last that has ended did so when it began.
        was_new: bool,
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
            was_new: false,
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

    /// Looks for those that were woken, if there are any that run and all have had their turn. Whether it did.
    ///
    /// Called once in each poll of what is made of it.
    #[inline]
    pub(super) fn look(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        // Who was woken after those whose turn it is stays on the list, and has the next.
        let looks = self.is_running() && self.woken.is_idle();
        if looks {
            self.project().woken.look(cx.waker());
        }
        looks
    }

    /// The next that has ended, or that all have. It has to be told whether it was looked in this poll.
    #[inline]
    pub(super) fn poll_next(
        mut self: Pin<&mut Self>,
        has_looked: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Finished<M>>> {
        ready!(self.as_mut().poll_breath(cx));
        match self.as_mut().advance(cx) {
            Some(finished) => Poll::Ready(Some(finished)),
            None => self.poll_over(has_looked, cx).map(|()| None),
        }
    }

    /// Is pending now and then, though there was always something to give.
    #[inline]
    pub(super) fn poll_breath(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_breath() {
            return Poll::Ready(());
        }
        self.rest();
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    pub(super) fn has_breath(&self) -> bool {
        self.in_a_row < IN_A_ROW
    }

    /// Waits for what runs, unless that was all.
    pub(super) fn poll_over(self: Pin<&mut Self>, has_looked: bool, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_over() {
            self.leave();
            return Poll::Ready(());
        }
        if !has_looked {
            self.woken.wait(cx.waker());
        }
        self.rest();
        Poll::Pending
    }

    /// Lets the waker of the task go, whether or not that panics: there is a result.
    pub(super) fn leave(&self) {
        self.woken.leave();
    }

    /// Whether there is anybody who can have been woken.
    fn is_running(&self) -> bool {
        self.places.len() > 0
    }

    /// Begins what there is room for and gives each its turn, until one has ended.
    ///
    /// New ones come first, so that no place is idle, but not twice in a row: what is always ready when it begins keeps nobody from its turn.
    #[inline]
    pub(super) fn advance(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Option<Finished<M>> {
        loop {
            let was_new = mem::take(self.as_mut().project().was_new) && !self.woken.is_idle();
            if !was_new {
                if let Some(finished) = self.as_mut().begin(cx) {
                    *self.project().was_new = true;
                    return Some(finished);
                }
            }
            if let Some(finished) = self.as_mut().go_on() {
                return Some(finished);
            }
            if !was_new {
                return None;
            }
        }
    }

    fn rest(self: Pin<&mut Self>) {
        *self.project().in_a_row = 0;
    }

    /// Begins with as many items as there are places, until one has ended at once.
    #[inline]
    fn begin(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Option<Finished<M>> {
        while self.places.len().saturating_add(self.held) < self.work.limit() {
            let mut this = self.as_mut().project();
            let index = this.work.begun();
            let Poll::Ready(Some(item)) = this.work.as_mut().poll_item(cx) else { return None };
            let place = this.places.vacancy();
            let mut cx = Context::from_waker(this.woken.waker(place));
            let polled = unwind::catch(|| this.places.start(place, || this.work.start(item), &mut cx));
            let ended = match polled {
                Ok(Poll::Pending) => {
                    put(this.indices, place, index);
                    continue;
                }
                Ok(Poll::Ready(result)) => Ok(result),
                Err(panic) => Err(panicked(panic, || this.places.discard(place))),
            };
            return Some(self.finish(index, ended));
        }
        None
    }

    /// Polls those whose turn it is, until one has ended.
    #[inline]
    fn go_on(mut self: Pin<&mut Self>) -> Option<Finished<M>> {
        let this = self.as_mut().project();
        while let Some((place, waker)) = this.woken.next() {
            let mut cx = Context::from_waker(waker);
            let ended = match unwind::catch(|| this.places.poll(place, &mut cx)) {
                Ok(None | Some(Poll::Pending)) => continue,
                Ok(Some(Poll::Ready(result))) => Ok(result),
                Err(panic) => Err(panicked(panic, || _ = this.places.remove(place))),
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

/// Remembers which item is in a place.
#[inline]
fn put(indices: &mut Vec<usize>, place: usize, index: usize) {
    if place == indices.len() {
        indices.push(index);
    } else {
        indices[place] = index;
    }
}

/// Drops what has panicked. It may panic once more in its drop.
#[cold]
fn panicked(panic: Panic, dropped: impl FnOnce()) -> Box<Panicked> {
    unwind::keep_going(dropped);
    Box::new(Panicked::new(panic))
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
