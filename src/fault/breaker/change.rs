//! How anything comes about: a look at the word where that is enough, else the kernel under the lock. What follows from it, wakers and
//! the schedule, is done outside.

use super::core::CircuitBreaker;
use super::error::Rejected;
use super::kernel::{Kernel, Kind, Recorded, Ticket};
use super::stats::Stats;
use super::transition::Transition;
use super::window::{Call, Moment};
use super::word;
use crate::retry::schedule::Schedule;
use crate::sys::lock;
use crate::sys::wait_set::Mark;
use crate::sys::wake;
use crate::time::{Clock, Entropy, Instant};
use core::sync::atomic::Ordering;
use core::time::Duration;

/// A change that was told, and for how long it is open by it.
type Told = Option<(Transition, Option<Duration>)>;

impl<C: Clock, S: Schedule + Clone, E: Entropy> CircuitBreaker<C, S, E> {
    /// Lets somebody through, with when that was if it matters.
    #[inline]
    pub(super) fn admit(&self) -> Result<(Ticket, Instant), Rejected> {
        match self.admit_by_look() {
            Some(admitted) => Ok(admitted),
            None => self.admit_under_lock(),
        }
    }

    /// The same, where a look is enough.
    #[inline]
    pub(super) fn admit_by_look(&self) -> Option<(Ticket, Instant)> {
        // ORDERING: Relaxed: the word publishes nothing but itself. Who is let through, or not heard, by a look alone is so as of the
        // moment of this look.
        let seen = self.word.load(Ordering::Relaxed);
        if !word::lets_through(seen) {
            return None;
        }
        let ticket = Ticket { generation: word::generation(seen), kind: Kind::Call };
        let began = if self.plan.rules.measures() { self.now() } else { Instant::FAR_FUTURE };
        Some((ticket, began))
    }

    #[cold]
    fn admit_under_lock(&self) -> Result<(Ticket, Instant), Rejected> {
        // ORDERING: Acquire, so that the clock is not asked before.
        let seen = self.word.load(Ordering::Acquire);
        let now = self.now();
        let mut place = Place { breaker: self, of: None };
        let (admitted, told) = self.change(|kernel| {
            let admitted = kernel.admit(&self.plan.rules, now, kernel.word() == seen);
            place.of = admitted.ok();
            admitted
        });
        place.of = None; // a permit has it from here on
        match (admitted, told) {
            (Ok(ticket), _) => Ok((ticket, now)),
            (Err(rejected), None) => Err(rejected),
            (Err(rejected), Some((transition, length))) => Err(rejected.by(transition, length)),
        }
    }

    /// A call has ended.
    #[inline]
    pub(super) fn record(&self, ticket: Ticket, began: Instant, failed: bool) -> Option<Transition> {
        let seen = self.word.load(Ordering::Relaxed);
        if !word::hears(seen, ticket.generation, failed) {
            return None;
        }
        self.record_under_lock(ticket, began, failed)
    }

    #[inline(never)] // or what ends with a look costs three times as much
    fn record_under_lock(&self, ticket: Ticket, began: Instant, failed: bool) -> Option<Transition> {
        let rules = &self.plan.rules;
        let asks = rules.is_timed() || rules.measures();
        let moment = if asks { Some(self.moment()) } else { None };
        let took = moment.map_or(Duration::ZERO, |moment| moment.now.saturating_duration_since(began));
        let call = Call { failed, slow: rules.measures() && took > rules.slower_than };
        // LOCK: the kernel is arithmetic. No change of state comes of it in here, so nobody has to be told.
        let recorded = self.shared.with(|inner| {
            let recorded = inner.kernel.record(rules, ticket.generation, call, moment);
            self.publish(&inner.kernel);
            recorded
        });
        match recorded {
            Recorded::Done => None,
            changes => self.change_by(changes, ticket.generation, call, moment),
        }
    }

    #[cold]
    fn change_by(
        &self,
        recorded: Recorded,
        generation: u64,
        call: Call,
        moment: Option<Moment>,
    ) -> Option<Transition> {
        let now = moment.map_or_else(|| self.now(), |moment| moment.now);
        let ((), told) = self.change(|kernel| match recorded {
            Recorded::Done => {}
            Recorded::HasToOpen(why) => kernel.open_if_still(generation, why, now),
            Recorded::IsOfProbe => kernel.record_probe(&self.plan.rules, generation, call, now),
        });
        told.map(|(transition, _)| transition)
    }

    /// How it stands. What is too old by now is forgotten on the way.
    pub(super) fn look(&self, moment: Option<Moment>) -> Stats {
        self.shared.with(|inner| {
            let stats = inner.kernel.stats(moment);
            self.publish(&inner.kernel);
            stats
        })
    }

    /// A probe has ended without a word.
    #[cold]
    pub(super) fn release(&self, ticket: Ticket) {
        self.shared.with(|inner| inner.kernel.release(ticket.generation));
    }

    pub(super) fn change_now(&self, body: impl FnOnce(&mut Kernel, Instant)) {
        self.change_at(self.now(), body);
    }

    pub(super) fn change_at(&self, now: Instant, body: impl FnOnce(&mut Kernel, Instant)) {
        let ((), _told) = self.change(|kernel| body(kernel, now));
    }

    #[inline]
    fn change<R>(&self, body: impl FnOnce(&mut Kernel) -> R) -> (R, Told) {
        // LOCK: the kernel is arithmetic, what is told is a plain value.
        let (result, transition, mark) = self.shared.with(|inner| {
            let result = body(&mut inner.kernel);
            let transition = inner.kernel.take_transition();
            let mark = transition.and_then(|transition| inner.told.tell(transition));
            self.publish(&inner.kernel);
            (result, transition, mark)
        });
        (result, transition.map(|transition| (transition, self.follow_up(mark))))
    }

    /// ORDERING: Release, for who asks the clock after it has read them.
    #[inline]
    fn publish(&self, kernel: &Kernel) {
        let (word, slot) = (kernel.word(), kernel.current_slot());
        if self.word.load(Ordering::Relaxed) != word {
            self.word.store(word, Ordering::Release);
        }
        if self.slot.load(Ordering::Relaxed) != slot {
            self.slot.store(slot, Ordering::Release);
        }
    }

    #[cold]
    fn follow_up(&self, mark: Option<Mark>) -> Option<Duration> {
        let _wakes = Wakes { breaker: self, mark };
        self.serve_opening()
    }

    pub(super) fn now(&self) -> Instant {
        lock::assert_none_held();
        self.clock.now()
    }

    pub(super) fn moment(&self) -> Moment {
        // ORDERING: Acquire, so that the clock is not asked before: then a moment behind the slot is a step back.
        let seen = self.slot.load(Ordering::Acquire);
        Moment { seen, now: self.now() }
    }
}

/// The place of who was let through and has no permit yet: free again where somebody who is woken for it panics.
struct Place<'b, C: Clock, S: Schedule + Clone, E: Entropy> {
    breaker: &'b CircuitBreaker<C, S, E>,
    of: Option<Ticket>,
}

impl<C: Clock, S: Schedule + Clone, E: Entropy> Drop for Place<'_, C, S, E> {
    fn drop(&mut self) {
        if let Some(ticket) = self.of {
            self.breaker.release(ticket);
        }
    }
}

/// Wakes those who follow, also where the schedule panics.
struct Wakes<'b, C, S, E> {
    breaker: &'b CircuitBreaker<C, S, E>,
    mark: Option<Mark>,
}

impl<C, S, E> Drop for Wakes<'_, C, S, E> {
    fn drop(&mut self) {
        if let Some(mark) = self.mark {
            wake::drain(|batch| self.breaker.shared.with(|inner| inner.told.take(mark, batch)));
        }
    }
}
