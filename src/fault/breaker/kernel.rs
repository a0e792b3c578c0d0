//! The decisions: a function of the state and a moment. No clock, no lock, no waker, nothing foreign.
//!
//! Each change of state begins a generation. Who is let through takes its number along, and what it says when it ends is heard in
//! that generation alone.

use super::error::{Reason, Rejected};
use super::rules::Rules;
use super::stats::Stats;
use super::transition::{State, Transition, Why};
use super::window::{Call, Counts, Moment};
use super::word;
use crate::time::Instant;
use core::time::Duration;

pub(super) struct Kernel {
    mode: Mode,
    /// While there is any, it is refused whatever the mode.
    isolations: usize,
    generation: u64,
    opened: u64,
    /// How often it has opened since it was closed, and when the first time.
    row: u32,
    row_began: Instant,
    failures_in_a_row: u32,
    counts: Counts,
    /// The last change, until somebody [takes](Self::take_transition) it to tell it.
    transition: Option<Transition>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Closed,
    /// The length is not known before the schedule was asked, which is not done in here.
    Open {
        since: Instant,
        length: Option<Duration>,
    },
    HalfOpen(Probes),
    ForcedClosed,
    ForcedOpen,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Probes {
    /// When the last one was let through.
    last: Instant,
    /// How many were let through, those that have gone as well: published, so that who asks the clock knows of the last one. Goes round.
    begun: u32,
    /// Those under way, and those that have ended with a word.
    admitted: u32,
    succeeded: u32,
    failed: u32,
}

impl Probes {
    const fn first(now: Instant) -> Self {
        Self { last: now, begun: 1, admitted: 1, succeeded: 0, failed: 0 }
    }
}

/// Somebody is let through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ticket {
    pub(super) generation: u64,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)] // a whole word, as what is beside it: a permit is moved through every layer of a stack
pub(super) enum Kind {
    Call,
    Probe,
    /// Whose coming has ended the state of being open.
    FirstProbe,
}

/// What is to follow the end of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Recorded {
    Done,
    /// It has to open, when the time is known: [`Kernel::open_if_still`].
    HasToOpen(Why),
    /// It may close or open, when the time is known: [`Kernel::record_probe`].
    IsOfProbe,
}

/// An opening whose length the schedule has to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Opening {
    pub(super) id: u64,
    /// The how-many-eth in a row.
    pub(super) number: u32,
    /// Since the first in the row.
    pub(super) elapsed: Duration,
}

impl Kernel {
    pub(super) const fn new(rules: &Rules) -> Self {
        Self {
            mode: Mode::Closed,
            isolations: 0,
            generation: 0,
            opened: 0,
            row: 0,
            row_began: Instant::from_nanos(0),
            failures_in_a_row: 0,
            counts: rules.counts(),
            transition: None,
        }
    }

    pub(super) const fn state(&self) -> State {
        if self.isolations > 0 {
            return State::Isolated;
        }
        match self.mode {
            Mode::Closed => State::Closed,
            Mode::Open { .. } => State::Open,
            Mode::HalfOpen(_) => State::HalfOpen,
            Mode::ForcedClosed => State::ForcedClosed,
            Mode::ForcedOpen => State::ForcedOpen,
        }
    }

    /// What is published of it.
    #[inline]
    pub(super) const fn word(&self) -> u64 {
        let code = match self.state() {
            State::Closed if self.failures_in_a_row == 0 && self.counts.is_left_alone_by_success() => {
                word::QUIET
            }
            State::Closed => word::COUNTING,
            State::ForcedClosed => word::DEAF,
            State::Open | State::HalfOpen | State::ForcedOpen | State::Isolated => word::GUARDED,
        };
        let probes = match self.mode {
            Mode::HalfOpen(probes) => probes.begun,
            _ => 0,
        };
        word::of(self.generation, probes, code)
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) const fn current_slot(&self) -> u64 {
        self.counts.current()
    }

    pub(super) const fn take_transition(&mut self) -> Option<Transition> {
        self.transition.take()
    }

    /// Lets somebody through, or not. `fresh`: neither has the state changed nor has anybody begun to probe since before the clock
    /// was asked, so what lies behind that does so because the clock stepped back.
    pub(super) fn admit(&mut self, rules: &Rules, now: Instant, fresh: bool) -> Result<Ticket, Rejected> {
        if self.isolations > 0 {
            return Err(Rejected::new(Reason::Isolated, None));
        }
        match &mut self.mode {
            Mode::Closed | Mode::ForcedClosed => Ok(self.ticket(Kind::Call)),
            Mode::ForcedOpen => Err(Rejected::new(Reason::Forced, None)),
            Mode::Open { since, length } => {
                if fresh {
                    *since = now.min(*since);
                }
                let passed = now.saturating_duration_since(*since);
                match *length {
                    None => Err(Rejected::new(Reason::Open, None)),
                    Some(length) if passed < length => {
                        Err(Rejected::new(Reason::Open, Some(length - passed)))
                    }
                    Some(_) => {
                        self.change(Mode::HalfOpen(Probes::first(now)), Why::TimeToProbe, now);
                        Ok(self.ticket(Kind::FirstProbe))
                    }
                }
            }
            Mode::HalfOpen(probes) => {
                if fresh {
                    probes.last = now.min(probes.last);
                }
                if probes.admitted < rules.probes {
                    probes.admitted += 1;
                    probes.begun = probes.begun.wrapping_add(1);
                    probes.last = probes.last.max(now);
                    return Ok(self.ticket(Kind::Probe));
                }
                if now.saturating_duration_since(probes.last) < rules.probe_max_wait {
                    return Err(Rejected::new(Reason::HalfOpen, None));
                }
                self.open(Why::ProbesHung, now);
                Err(Rejected::new(Reason::Open, None))
            }
        }
    }

    /// A call has ended that was let through in that generation. The moment is that of its end, where it matters.
    #[inline]
    pub(super) fn record(
        &mut self,
        rules: &Rules,
        generation: u64,
        call: Call,
        moment: Option<Moment>,
    ) -> Recorded {
        if generation != self.generation || self.isolations > 0 {
            return Recorded::Done;
        }
        match self.mode {
            Mode::Closed => {
                self.failures_in_a_row =
                    if call.failed { self.failures_in_a_row.saturating_add(1) } else { 0 };
                self.counts.add(call, moment);
                match rules.trip(self.failures_in_a_row, self.counts.sums()) {
                    None => Recorded::Done,
                    Some(why) => Recorded::HasToOpen(why),
                }
            }
            Mode::HalfOpen(_) => Recorded::IsOfProbe,
            Mode::Open { .. } | Mode::ForcedClosed | Mode::ForcedOpen => Recorded::Done,
        }
    }

    /// A probe has ended: it may close, or open again.
    pub(super) fn record_probe(&mut self, rules: &Rules, generation: u64, call: Call, now: Instant) {
        if generation != self.generation || self.isolations > 0 {
            return;
        }
        if let Mode::HalfOpen(probes) = &mut self.mode {
            let ended = if call.failed || call.slow { &mut probes.failed } else { &mut probes.succeeded };
            *ended += 1;
            let Probes { succeeded, failed, .. } = *probes;
            if succeeded >= rules.needed {
                self.close(Why::ProbesSucceeded, now);
            } else if failed > rules.probes - rules.needed {
                self.open(Why::ProbesFailed, now);
            }
        }
    }

    /// Opens, if that generation is still closed: one that was found to have to while the time was not known.
    pub(super) fn open_if_still(&mut self, generation: u64, why: Why, now: Instant) {
        if generation == self.generation && self.isolations == 0 && self.mode == Mode::Closed {
            self.open(why, now);
        }
    }

    /// A probe has ended without a word: its place is free.
    pub(super) fn release(&mut self, generation: u64) {
        if let Mode::HalfOpen(probes) = &mut self.mode {
            if generation == self.generation {
                probes.admitted -= 1;
            }
        }
    }

    pub(super) fn force_open(&mut self, now: Instant) {
        if self.mode != Mode::ForcedOpen {
            self.change(Mode::ForcedOpen, Why::Forced, now);
        }
    }

    pub(super) fn force_closed(&mut self, now: Instant) {
        if self.mode != Mode::ForcedClosed {
            self.change(Mode::ForcedClosed, Why::Forced, now);
        }
    }

    pub(super) fn reset(&mut self, now: Instant) {
        self.close(Why::Reset, now);
    }

    pub(super) fn isolate(&mut self, now: Instant) {
        if self.isolations == 0 {
            // The word of who probes will not be heard, so its place is not taken. What others have said stays.
            if let Mode::HalfOpen(probes) = &mut self.mode {
                probes.admitted = probes.succeeded + probes.failed;
            }
            let from = self.state();
            self.isolations = 1;
            self.note(from, Why::Isolated, now);
        } else {
            self.isolations += 1;
        }
    }

    pub(super) fn end_isolation(&mut self, now: Instant) {
        self.isolations -= 1;
        if self.isolations == 0 {
            self.note(State::Isolated, Why::Released, now);
        }
    }

    /// The opening whose length is not known, if it is open and there is one.
    pub(super) fn opening(&self) -> Option<Opening> {
        match self.mode {
            Mode::Open { since, length: None } => Some(Opening {
                id: self.opened,
                number: self.row,
                elapsed: since.saturating_duration_since(self.row_began),
            }),
            _ => None,
        }
    }

    pub(super) fn set_length(&mut self, opening: u64, for_how_long: Duration) {
        if let Mode::Open { length, .. } = &mut self.mode {
            if opening == self.opened {
                *length = Some(for_how_long);
            }
        }
    }

    /// With the time, where a window goes by it.
    pub(super) fn stats(&mut self, moment: Option<Moment>) -> Stats {
        if self.state() == State::Closed {
            self.counts.advance(moment);
        }
        let sums = self.counts.sums();
        Stats {
            state: self.state(),
            generation: self.generation,
            opened: self.opened,
            probes_at: match self.mode {
                Mode::Open { since, length } => length.map(|length| since.saturating_add(length)),
                _ => None,
            },
            failures_in_a_row: self.failures_in_a_row,
            calls: sums.calls,
            failures: sums.failures,
            slow: sums.slow,
        }
    }

    const fn ticket(&self, kind: Kind) -> Ticket {
        Ticket { generation: self.generation, kind }
    }

    fn open(&mut self, why: Why, now: Instant) {
        if self.row == 0 {
            self.row_began = now;
        }
        self.row = self.row.saturating_add(1);
        self.opened += 1;
        self.change(Mode::Open { since: now, length: None }, why, now);
    }

    fn close(&mut self, why: Why, now: Instant) {
        (self.row, self.failures_in_a_row) = (0, 0);
        self.counts.clear();
        self.change(Mode::Closed, why, now);
    }

    fn change(&mut self, mode: Mode, why: Why, now: Instant) {
        let from = self.state();
        self.mode = mode;
        self.note(from, why, now);
    }

    /// A generation begins, unless it is isolated and stays so.
    fn note(&mut self, from: State, why: Why, at: Instant) {
        let to = self.state();
        if from != State::Isolated || to != State::Isolated {
            self.generation += 1;
            self.transition = Some(Transition { from, to, at, why, generation: self.generation });
        }
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use crate::fault::breaker::CircuitBreaker;

    const FAILED: Call = Call { failed: true, slow: false };
    const WELL: Call = Call { failed: false, slow: false };
    const NOW: Instant = Instant::from_nanos(1 << 50);

    fn rules() -> Rules {
        CircuitBreaker::builder().consecutive(1).rules
    }

    fn opened(rules: &Rules) -> Kernel {
        let mut kernel = Kernel::new(rules);
        assert_eq!(kernel.record(rules, 0, FAILED, None), Recorded::HasToOpen(Why::FailuresInARow));
        kernel.open_if_still(0, Why::FailuresInARow, NOW);
        assert_eq!((kernel.state(), kernel.generation()), (State::Open, 1));
        kernel
    }

    /// The shell drops most of what comes late by a look. What was on its way to the lock meanwhile is dropped in here.
    #[test]
    fn what_comes_from_another_generation_is_not_heard() {
        let rules = rules();
        let mut kernel = opened(&rules);
        kernel.set_length(1, Duration::ZERO);
        assert_eq!(kernel.admit(&rules, NOW, true).map(|ticket| ticket.generation), Ok(2));
        for (late, call) in [(0, WELL), (1, WELL), (0, FAILED), (3, WELL)] {
            assert_eq!(kernel.record(&rules, late, call, None), Recorded::Done);
            kernel.record_probe(&rules, late, call, NOW);
            kernel.release(late);
            kernel.open_if_still(late, Why::FailuresInARow, NOW);
        }
        assert_eq!((kernel.state(), kernel.generation()), (State::HalfOpen, 2));
        assert!(kernel.admit(&rules, NOW, true).is_err());
        assert_eq!(kernel.record(&rules, 2, WELL, None), Recorded::IsOfProbe);
        kernel.record_probe(&rules, 2, WELL, NOW);
        assert_eq!((kernel.state(), kernel.stats(None).failures_in_a_row), (State::Closed, 0));
    }

    #[test]
    fn who_asked_the_clock_before_it_opened_does_not_move_the_opening() {
        let rules = rules();
        let mut kernel = opened(&rules);
        kernel.set_length(1, Duration::from_nanos(100));
        let wait = |kernel: &mut Kernel, before: u64, fresh| {
            let moment = Instant::from_nanos(NOW.as_nanos() - before);
            kernel.admit(&rules, moment, fresh).map_err(|rejected| rejected.retry_after().unwrap().as_nanos())
        };
        assert_eq!(wait(&mut kernel, 50, false), Err(100));
        let after = Instant::from_nanos((1 << 50) + 60);
        let left = kernel.admit(&rules, after, true).unwrap_err().retry_after();
        assert_eq!(left, Some(Duration::from_nanos(40)), "it was asleep between the clock and the lock");
        assert_eq!(wait(&mut kernel, 50, true), Err(100), "the clock stepped back");
        assert_eq!(wait(&mut kernel, 0, true), Err(50));
    }

    #[test]
    fn who_asked_the_clock_before_the_last_probe_began_does_not_give_it_up_sooner() {
        let rules = CircuitBreaker::builder().consecutive(1).probes(2, 2).rules;
        let at = |seconds: u64| NOW.saturating_add(Duration::from_secs(seconds));
        let mut kernel = opened(&rules);
        kernel.set_length(1, Duration::ZERO);
        assert!(kernel.admit(&rules, NOW, true).is_ok());
        let seen = kernel.word();
        // Asks the clock, and is asleep. Meanwhile another probe begins.
        assert!(kernel.admit(&rules, at(29), true).is_ok());
        let fresh = kernel.word() == seen;
        assert!(kernel.admit(&rules, at(0), fresh).is_err());
        assert!(kernel.admit(&rules, at(58), true).is_err());
        assert_eq!(kernel.state(), State::HalfOpen);
        assert!(kernel.admit(&rules, at(59), true).is_err());
        assert_eq!(kernel.state(), State::Open);
    }

    #[test]
    fn a_length_that_comes_late_is_not_that_of_another_opening() {
        let rules = rules();
        let mut kernel = opened(&rules);
        kernel.reset(NOW);
        kernel.open(Why::FailuresInARow, NOW);
        kernel.set_length(1, Duration::ZERO);
        assert_eq!(kernel.opening().map(|opening| (opening.id, opening.number)), Some((2, 1)));
        assert!(kernel.admit(&rules, NOW, true).is_err());
    }
}
