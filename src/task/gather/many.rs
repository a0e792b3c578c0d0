//! Children of one type, any number of them.

use super::blocks::{BLOCK, Blocks};
use super::ends::{Ended, settle};
use super::judges::Judge;
use super::ready::{Caller, Pass};
use crate::sys::unwind::{self, Panic};
use alloc::vec::Vec;
use core::fmt;
use core::ops::ControlFlow;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// After so many turns the whole gives way.
const TURNS: usize = 128;

/// Children of one type, at work: what [`gather`](fn@super::gather) and its siblings make of an iterator.
#[must_use = "futures do nothing unless polled"]
pub struct Many<F: Future, J: Judge<F::Output>> {
    children: Blocks<F>,
    kept: Vec<Option<J::Kept>>,
    /// How many have yet to end.
    left: usize,
    calls: Calls,
    is_over: bool,
}

/// Who is polled when the whole is.
enum Calls {
    /// Everyone, with the waker of the whole.
    All,
    /// Who was woken.
    Woken(Woken),
}

struct Woken {
    pass: Pass,
    /// Of those children that kept theirs.
    wakers: Vec<Option<Waker>>,
    /// For the next child that has none.
    spare: Option<Caller>,
}

/// What became of a turn.
type Turn<S> = ControlFlow<Result<S, Panic>>;

impl<F: Future, J: Judge<F::Output>> Many<F, J> {
    pub(super) fn new(children: impl IntoIterator<Item = F>) -> Self {
        let (children, count) = Blocks::new(children.into_iter());
        let calls = if count <= BLOCK {
            Calls::All
        } else {
            Calls::Woken(Woken { pass: Pass::new(count), wakers: Vec::new(), spare: None })
        };
        let kept = (0..count).map(|_| None).collect();
        Self { children, kept, left: count, calls, is_over: false }
    }

    /// Notes how a child ended.
    #[inline]
    fn note(&mut self, index: usize, ended: Ended<F::Output>) -> Turn<(usize, J::Stop)> {
        self.left -= 1;
        match J::judge(ended) {
            Ok(ControlFlow::Continue(kept)) => {
                self.kept[index] = Some(kept);
                ControlFlow::Continue(())
            }
            Ok(ControlFlow::Break(stop)) => ControlFlow::Break(Ok((index, stop))),
            Err(panic) => ControlFlow::Break(Err(panic)),
        }
    }

    /// A turn for everyone.
    fn poll_all(&mut self, cx: &mut Context<'_>) -> Turn<(usize, J::Stop)> {
        for index in 0..self.kept.len() {
            if let Poll::Ready(ended) = self.children.poll(index, cx) {
                self.note(index, ended)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// A turn for each of those that were woken; but no more than so many turns at once.
    fn poll_woken(&mut self, cx: &mut Context<'_>) -> Turn<(usize, J::Stop)> {
        let Calls::Woken(woken) = &mut self.calls else { return self.poll_all(cx) };
        // Before the look at who was woken: who is woken after it wakes the task.
        woken.pass.register(cx.waker());
        let (mut turns, mut is_last) = (0, false);
        loop {
            let Calls::Woken(woken) = &mut self.calls else { return ControlFlow::Continue(()) };
            match woken.pass.next() {
                Some(index) => {
                    turns += 1;
                    if let Poll::Ready(ended) = woken.poll(index, &mut self.children) {
                        self.note(index, ended)?;
                    }
                    if self.left == 0 {
                        return ControlFlow::Continue(());
                    }
                    if turns == TURNS {
                        cx.waker().wake_by_ref();
                        return ControlFlow::Continue(());
                    }
                }
                None if is_last => return ControlFlow::Continue(()),
                None => {
                    woken.pass.begin();
                    is_last = true;
                }
            }
        }
    }

    /// Drops every child that has yet to end, whatever their drops do, and forgets who wanted to know.
    fn clear(&mut self) -> Option<Panic> {
        let mut panicked = None;
        if core::mem::replace(&mut self.is_over, true) {
            return panicked;
        }
        for index in 0..self.kept.len() {
            self.children.clear(index, &mut panicked);
        }
        if let Calls::Woken(woken) = &self.calls {
            let waker = woken.pass.forget_task();
            if let Err(panic) = unwind::catch(|| drop(waker)) {
                match panicked {
                    Some(_) => unwind::discard(panic),
                    None => panicked = Some(panic),
                }
            }
        }
        panicked
    }
}

impl Woken {
    /// Polls a child with a waker of its own: that which it has, or the spare one, which is its own if it keeps it.
    #[inline]
    fn poll<F: Future>(&mut self, index: usize, children: &mut Blocks<F>) -> Poll<Ended<F::Output>> {
        if let Some(Some(waker)) = self.wakers.get(index) {
            let polled = children.poll(index, &mut Context::from_waker(waker));
            if polled.is_ready() {
                self.wakers[index] = None;
            }
            return polled;
        }
        let caller = self.spare.get_or_insert_with(|| self.pass.caller());
        let polled = children.poll(index, &mut Context::from_waker(caller.of(index)));
        if caller.is_kept() {
            let waker = self.spare.take().map(Caller::into_waker);
            if polled.is_pending() {
                let room = self.wakers.len().max(index + 1);
                self.wakers.resize_with(room, || None);
                self.wakers[index] = waker;
            }
        }
        polled
    }
}

/// Its children are pinned elsewhere, and nothing in it is.
impl<F: Future, J: Judge<F::Output>> Unpin for Many<F, J> {}

impl<F: Future, J: Judge<F::Output>> Future for Many<F, J> {
    type Output = J::Whole;

    /// # Panics
    /// If it is polled again after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<J::Whole> {
        let this = self.get_mut();
        assert!(!this.is_over, "children polled again after they gave their outcome");
        let ended = match this.poll_woken(cx) {
            ControlFlow::Continue(()) if this.left > 0 => return Poll::Pending,
            ControlFlow::Continue(()) => Ok(None),
            ControlFlow::Break(Ok(stop)) => Ok(Some(stop)),
            ControlFlow::Break(Err(panic)) => Err(panic),
        };
        let (dropped, kept) = (this.clear(), core::mem::take(&mut this.kept));
        Poll::Ready(J::whole(match settle(ended, dropped) {
            Some(stop) => {
                drop(kept);
                Err(stop)
            }
            // In place: what is kept of a child is no larger than whether there is anything.
            None => Ok(kept.into_iter().map(|kept| kept.expect("all have ended")).collect()),
        }))
    }
}

impl<F: Future, J: Judge<F::Output>> Drop for Many<F, J> {
    fn drop(&mut self) {
        self.clear().into_iter().for_each(unwind::resume_unless_unwinding);
    }
}

impl<F: Future, J: Judge<F::Output>> fmt::Debug for Many<F, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Many").field("left", &self.left).finish_non_exhaustive()
    }
}
