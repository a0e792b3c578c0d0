//! When the next run is due and what the end of one means: pure, a function of what was and of the moment.
//!
//! While there is no room for another run no beat is waited for: what passed meanwhile is reckoned when a run ends.

use super::rules::{Cadence, OnFailure, Overlap, Rules};
use crate::retry::schedule::{Backoff, Curve, Jitter, Schedule, Step};
use crate::time::{Entropy, Instant, Missed};
use core::time::Duration;

#[derive(Clone, Debug)]
pub(super) struct Plan {
    rules: Rules,
    /// The next beat.
    due: Instant,
    /// When its run begins: some jitter later.
    starts: Instant,
    /// Since a failure after which the job backs off: instead of the beat.
    backing_off: Option<BackingOff>,
    running: usize,
    /// A run was asked for and waits for another one to end.
    asked: bool,
    paused: bool,
}

#[derive(Clone, Debug)]
struct BackingOff {
    schedule: Backoff<Curve>,
    since: Instant,
    failures: u32,
    /// `None` while the run is going on.
    again: Option<Instant>,
}

/// How a run ended, as far as the plan is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    Well,
    Failed,
    Panicked,
}

/// What comes of a wish for a run now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    Begins,
    Waits,
    Busy,
}

/// What the end of a run means.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct After {
    /// So many beats came while there was no room, and are skipped.
    pub(super) skipped: u64,
    /// The next run comes after this delay and not with the beat.
    pub(super) delay: Option<Duration>,
    /// The run that was asked for begins.
    pub(super) begins: bool,
    /// The job ends.
    pub(super) stop: bool,
}

impl Plan {
    /// `first` is when the first run is due, before any jitter.
    pub(super) fn new(rules: Rules, first: Instant, entropy: &dyn Entropy) -> Self {
        let mut plan = Self {
            rules,
            due: first,
            starts: first,
            backing_off: None,
            running: 0,
            asked: false,
            paused: false,
        };
        plan.move_to(first, entropy);
        plan
    }

    /// When the job has to be looked at: never, while nothing can begin.
    pub(super) fn wakes_at(&self) -> Instant {
        if self.paused || self.is_full() { Instant::FAR_FUTURE } else { self.next() }
    }

    /// When the next run is planned for, also if nothing can begin now. Never, if only the end of a run says so.
    pub(super) fn next(&self) -> Instant {
        match (&self.backing_off, self.rules.cadence) {
            (Some(backing_off), _) => backing_off.again.unwrap_or(Instant::FAR_FUTURE),
            (None, Cadence::AfterEach) if self.running > 0 => Instant::FAR_FUTURE,
            (None, _) => self.starts,
        }
    }

    pub(super) const fn is_backing_off(&self) -> bool {
        self.backing_off.is_some()
    }

    /// The moment of [`wakes_at`](Self::wakes_at) has come: a run begins. How many beats before this one came and went unseen.
    pub(super) fn begin(&mut self, now: Instant, entropy: &dyn Entropy) -> u64 {
        self.running += 1;
        if let Some(backing_off) = &mut self.backing_off {
            backing_off.again = None;
            return 0;
        }
        match self.rules.cadence {
            Cadence::Beat(missed) => self.advance(missed, now, entropy),
            Cadence::AfterEach => {
                self.move_to(Instant::FAR_FUTURE, entropy);
                0
            }
        }
    }

    /// Somebody wants a run now. If it begins, it counts as running.
    pub(super) fn ask(&mut self) -> Asked {
        if !self.is_full() {
            self.running += 1;
            return Asked::Begins;
        }
        if self.rules.overlap == Overlap::Wait {
            self.asked = true;
            return Asked::Waits;
        }
        Asked::Busy
    }

    /// A run has ended.
    pub(super) fn end(&mut self, now: Instant, how: How, entropy: &dyn Entropy) -> After {
        let was_full = self.is_full();
        self.running = self.running.saturating_sub(1);
        let was_backing_off = self.backing_off.is_some();
        let rule = match how {
            How::Well => OnFailure::Continue,
            How::Failed => self.rules.on_error,
            How::Panicked => self.rules.on_panic,
        };
        let mut after = After { stop: rule == OnFailure::Stop, ..After::default() };
        after.delay = self.back_off(rule, now, entropy);
        match self.rules.cadence {
            Cadence::AfterEach if self.running == 0 => {
                self.move_to(now.saturating_add(self.rules.period), entropy);
            }
            Cadence::AfterEach => {}
            Cadence::Beat(_) => {
                let overlapped = was_full && self.rules.overlap != Overlap::Wait;
                if overlapped || was_backing_off || self.is_backing_off() {
                    let passed = self.pass_over(now, entropy);
                    // Of one who backs off no beat was expected, so none was skipped.
                    after.skipped = if overlapped && !was_backing_off { passed } else { 0 };
                }
            }
        }
        after.begins = !after.stop && self.asked && !self.is_full();
        if after.begins {
            self.asked = false;
            self.running += 1;
        }
        after
    }

    pub(super) const fn pause(&mut self) {
        self.paused = true;
    }

    /// Beats that passed meanwhile are not made up for.
    pub(super) fn resume(&mut self, now: Instant, entropy: &dyn Entropy) {
        self.paused = false;
        self.pass_over(now, entropy);
    }

    const fn is_full(&self) -> bool {
        self.running >= self.rules.room()
    }

    /// The delay until the next run, if the rule asks for one and the schedule has one.
    fn back_off(&mut self, rule: OnFailure, now: Instant, entropy: &dyn Entropy) -> Option<Duration> {
        let OnFailure::BackOff(schedule) = rule else {
            self.backing_off = None;
            return None;
        };
        let anew = || BackingOff { schedule, since: now, failures: 0, again: None };
        let backing_off = self.backing_off.get_or_insert_with(anew);
        backing_off.failures = backing_off.failures.saturating_add(1);
        let elapsed = now.saturating_duration_since(backing_off.since);
        let step = Step::new(backing_off.failures).after(elapsed);
        let delay = backing_off.schedule.next_delay(&step, entropy);
        match delay {
            Some(delay) => backing_off.again = Some(now.saturating_add(delay)),
            None => self.backing_off = None,
        }
        delay
    }

    /// Leaves out what is due before this moment. How many beats that were.
    fn pass_over(&mut self, now: Instant, entropy: &dyn Entropy) -> u64 {
        if self.starts >= now {
            return 0;
        }
        let just_before = Instant::from_nanos(now.as_nanos().saturating_sub(1));
        self.advance(Missed::Skip, just_before, entropy).saturating_add(1)
    }

    /// Goes on to the next beat. How many were left out between.
    fn advance(&mut self, missed: Missed, now: Instant, entropy: &dyn Entropy) -> u64 {
        // Reckoned from when the run was to begin, so that jitter makes no beat a missed one.
        let jitter = self.starts.saturating_duration_since(self.due);
        let (tick, next) = missed.advance(self.starts, now, self.rules.period);
        self.move_to(next.saturating_sub(jitter), entropy);
        tick.missed
    }

    fn move_to(&mut self, due: Instant, entropy: &dyn Entropy) {
        self.due = due;
        self.starts = due.saturating_add(Jitter::FULL.apply(self.rules.jitter, entropy));
    }
}
