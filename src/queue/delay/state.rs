//! The two halves together, what is due and who waits for it: every step of the queue, made under its lock.
//!
//! Nothing of the user's runs in here. What is to be woken or dropped is handed out.

use super::agenda::Agenda;
use super::line::{Line, Standing};
use crate::sys::arena::Key;
use crate::time::Instant;
use core::task::Waker;

pub(super) struct State<T> {
    pub(super) agenda: Agenda<T>,
    pub(super) line: Line,
    pub(super) closed: bool,
}

/// What one that asks for an item is to do.
pub(super) enum Step<R> {
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
pub(super) enum TryStep<R> {
    Got(R),
    /// Nothing will come.
    Over,
    /// Nothing is due, or somebody waits for it.
    Nothing,
    AskTheClock,
}

/// Who is concerned when somebody has taken an item.
pub(super) enum Next {
    Nobody,
    /// This one is to be woken.
    One(Waker),
    /// All who wait: nothing will come any more.
    All,
}

/// What one that asks brings along.
pub(super) struct Asking<'a> {
    pub(super) place: &'a mut Option<Key>,
    /// What the clock showed, if it was asked.
    pub(super) now: Option<Instant>,
    /// By when its sleep ends, if it has one.
    pub(super) sleeps_until: Option<Instant>,
    pub(super) waker: &'a Waker,
    /// A waker that is to be dropped outside of the lock.
    pub(super) gone: &'a mut Option<Waker>,
}

impl<T> State<T> {
    pub(super) const fn new() -> Self {
        Self { agenda: Agenda::new(), line: Line::new(), closed: false }
    }

    /// Nothing will come any more.
    #[inline]
    pub(super) const fn is_over(&self) -> bool {
        self.closed && self.agenda.is_empty()
    }

    /// Who has to be told that something may be due sooner than it was.
    #[must_use = "who is told has to be woken"]
    #[inline]
    pub(super) fn tell(&mut self) -> Option<Waker> {
        if self.line.is_empty() {
            return None;
        }
        let earliest = self.agenda.earliest()?;
        self.line.tell(earliest)
    }

    /// Takes what `take` takes, for somebody who does not wait.
    #[inline(always)] // what it gives would go through memory
    pub(super) fn try_step<R>(
        &mut self,
        now: Option<Instant>,
        take: impl FnOnce(&mut Agenda<T>) -> Option<R>,
    ) -> TryStep<R> {
        if self.is_over() {
            return TryStep::Over;
        }
        if !self.line.is_empty() {
            return TryStep::Nothing;
        }
        if let Some(now) = now {
            self.agenda.note(now);
        }
        match take(&mut self.agenda) {
            Some(taken) => TryStep::Got(taken),
            None if now.is_none() && self.agenda.earliest().is_some() => TryStep::AskTheClock,
            None => TryStep::Nothing,
        }
    }

    /// Takes what `take` takes, for somebody who waits or is about to. `None` if a waker has yet to be cloned for it.
    #[inline(always)] // what it gives would go through memory
    pub(super) fn step<R>(
        &mut self,
        asking: &mut Asking<'_>,
        own: &mut Option<Waker>,
        take: &mut impl FnMut(&mut Agenda<T>) -> Option<R>,
    ) -> Option<Step<R>> {
        if self.is_over() {
            return Some(Step::Over);
        }
        if self.line.standing(asking.place, asking.waker) == Standing::Behind {
            return self.line.stay_behind(asking.place, asking.waker, own).map(|()| Step::Wait);
        }
        if let Some(now) = asking.now {
            self.agenda.note(now);
        }
        match take(&mut self.agenda) {
            Some(taken) => Some(Step::Got(taken, self.next(asking))),
            None => self.keep_time(asking, own),
        }
    }

    /// The first one has found nothing that is due.
    #[inline]
    fn keep_time<R>(&mut self, asking: &mut Asking<'_>, own: &mut Option<Waker>) -> Option<Step<R>> {
        let earliest = self.agenda.earliest();
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
        self.call_next().map_or(Next::Nobody, Next::One)
    }

    /// Somebody gives up. Gives the waker of the one that has to be woken in its place, and its own, to be dropped outside.
    #[must_use = "who is called has to be woken"]
    pub(super) fn leave(&mut self, key: Key) -> (Option<Waker>, Option<Waker>) {
        let gone = self.line.leave(key);
        (self.call_next(), gone)
    }

    /// Calls the next in line, if there is anything to wait for and nobody does.
    fn call_next(&mut self) -> Option<Waker> {
        if self.line.is_led() || self.agenda.earliest().is_none() {
            return None;
        }
        self.line.call_next()
    }
}
