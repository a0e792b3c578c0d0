//! The two halves together, what is due and who waits for it: every step of the queue, made under its lock.
//!
//! Nothing of the user's runs in here. What is to be woken or dropped is handed out.
//!
//! What is due is in a [`Book`]: that of a delay queue, or that of a queue of jobs, where many can be taken at any time and some only then.

use super::line::{Line, Standing};
use crate::sys::arena::Key;
use crate::time::Instant;
use core::task::Waker;

pub(in crate::queue) struct State<B> {
    pub(in crate::queue) book: B,
    pub(in crate::queue) line: Line,
    pub(in crate::queue) closed: bool,
}

/// What is to come out, and when.
pub(in crate::queue) trait Book {
    /// Whether nothing is left that could come out.
    fn is_empty(&self) -> bool;
    /// How many can be taken at any time.
    fn ready(&self) -> usize;
    /// When the next can be taken, if it ever can.
    fn earliest(&mut self) -> Option<Instant>;
    /// The clock shows `now`.
    fn note(&mut self, now: Instant);
}

/// What one that asks for an item is to do.
#[repr(usize)] // a byte beside what it got would be copied piecemeal, and be waited for
pub(in crate::queue) enum Step<R> {
    /// It got one, and no longer waits.
    Got(R, Next),
    /// Nothing will come.
    Over,
    /// Something is due at this moment: is that over?
    AskTheClock(Instant),
    /// It keeps the time: sleep until then, and step again.
    Sleep(Instant),
    /// Somebody will wake it.
    Wait,
}

/// What one finds that does not wait.
#[repr(usize)] // as `Step`
pub(in crate::queue) enum TryStep<R> {
    Got(R),
    /// Nothing will come.
    Over,
    /// Nothing is due, or somebody waits for it.
    Nothing,
    AskTheClock,
}

/// Who is concerned when somebody has taken an item.
pub(in crate::queue) enum Next {
    Nobody,
    /// This one is to be woken.
    One(Waker),
    /// All who wait: nothing will come any more.
    All,
}

/// What one that asks brings along.
pub(in crate::queue) struct Asking<'a> {
    pub(in crate::queue) place: &'a mut Option<Key>,
    /// What the clock showed, if it was asked.
    pub(in crate::queue) now: Option<Instant>,
    /// By when its sleep ends, if it has one.
    pub(in crate::queue) sleeps_until: Option<Instant>,
    pub(in crate::queue) waker: &'a Waker,
    /// A waker that is to be dropped outside of the lock.
    pub(in crate::queue) gone: &'a mut Option<Waker>,
}

impl<B> State<B> {
    pub(in crate::queue) const fn new(book: B) -> Self {
        Self { book, line: Line::new(), closed: false }
    }
}

impl<B: Book> State<B> {
    /// Nothing will come any more.
    #[inline]
    pub(in crate::queue) fn is_over(&self) -> bool {
        self.closed && self.book.is_empty()
    }

    /// Who has to be told that something may be due sooner than it was.
    #[must_use = "who is told has to be woken"]
    #[inline]
    pub(in crate::queue) fn tell(&mut self) -> Option<Waker> {
        if self.line.is_empty() {
            return None;
        }
        let ready = self.book.ready();
        if ready > 0 {
            return self.line.tell_one_of(ready);
        }
        let earliest = self.book.earliest()?;
        self.line.tell(earliest)
    }

    /// Takes what `take` takes, for somebody who does not wait.
    #[inline(always)] // what it gives would go through memory
    pub(in crate::queue) fn try_step<R>(
        &mut self,
        now: Option<Instant>,
        take: impl FnOnce(&mut B) -> Option<R>,
    ) -> TryStep<R> {
        if self.is_over() {
            return TryStep::Over;
        }
        if self.is_awaited() {
            return TryStep::Nothing;
        }
        if let Some(now) = now {
            self.book.note(now);
        }
        match take(&mut self.book) {
            Some(taken) => TryStep::Got(taken),
            None if now.is_none() && self.book.earliest().is_some() => TryStep::AskTheClock,
            None => TryStep::Nothing,
        }
    }

    /// Takes what `take` takes, for somebody who waits or is about to, where so many others are to have one as well. `None` if a
    /// waker has yet to be cloned for it.
    #[inline(always)] // what it gives would go through memory
    pub(in crate::queue) fn step<R>(
        &mut self,
        asking: &mut Asking<'_>,
        own: &mut Option<Waker>,
        take: &mut impl FnMut(&mut B, usize) -> Option<R>,
    ) -> Option<Step<R>> {
        if self.is_over() {
            return Some(Step::Over);
        }
        let is_behind = self.line.standing(asking.place, asking.waker) == Standing::Behind;
        if is_behind && (asking.place.is_some() || self.is_awaited()) {
            return self.line.stay_behind(asking.place, asking.waker, own).map(|()| Step::Wait);
        }
        if let Some(now) = asking.now {
            self.book.note(now);
        }
        let others = self.line.others(*asking.place);
        match take(&mut self.book, others) {
            Some(taken) => Some(Step::Got(taken, self.next(asking))),
            None => self.keep_time(asking, own),
        }
    }

    /// Whether those in line wait for all there is.
    fn is_awaited(&self) -> bool {
        !self.line.is_empty() && self.line.len() >= self.book.ready()
    }

    /// One that may take what is due has found nothing.
    #[inline]
    fn keep_time<R>(&mut self, asking: &mut Asking<'_>, own: &mut Option<Waker>) -> Option<Step<R>> {
        if let Some(key) = asking.place.filter(|key| self.line.is_called(*key)) {
            // Somebody else keeps the time.
            self.line.step_back(key, own.take()?);
            return Some(Step::Wait);
        }
        let earliest = self.book.earliest();
        // A sleep that ends too soon is left as it is: to move it costs as much as to wake for nothing, and it may never come to that.
        let until = match (asking.sleeps_until, earliest) {
            (Some(soon), _) if earliest.is_none_or(|earliest| soon <= earliest) => soon,
            (_, Some(earliest)) if asking.now.is_none() => return Some(Step::AskTheClock(earliest)),
            (_, Some(earliest)) => earliest,
            (_, None) if asking.place.is_none() => {
                return self.line.stay_behind(asking.place, asking.waker, own).map(|()| Step::Wait);
            }
            (_, None) => Instant::FAR_FUTURE,
        };
        self.line.lead(asking.place, until, asking.waker, own)?;
        Some(if until.is_far_future() { Step::Wait } else { Step::Sleep(until) })
    }

    /// The first one was served and goes.
    #[inline]
    fn next(&mut self, asking: &mut Asking<'_>) -> Next {
        if let Some(key) = asking.place.take() {
            *asking.gone = self.line.leave(key);
        }
        if self.line.is_empty() {
            return Next::Nobody;
        }
        if self.is_over() {
            return Next::All;
        }
        self.tell_next().map_or(Next::Nobody, Next::One)
    }

    /// Somebody gives up. Gives the waker of the one that has to be woken in its place, and its own, to be dropped outside.
    #[must_use = "who is called has to be woken"]
    pub(in crate::queue) fn leave(&mut self, key: Key) -> (Option<Waker>, Option<Waker>) {
        let gone = self.line.leave(key);
        (self.tell_next(), gone)
    }

    /// Tells the next in line, if there is anything for it, or to wait for, and nobody was told.
    fn tell_next(&mut self) -> Option<Waker> {
        let ready = self.book.ready();
        if ready > 0 {
            return self.line.tell_one_of(ready);
        }
        if self.line.is_led() || self.book.earliest().is_none() {
            return None;
        }
        self.line.call_next()
    }
}
