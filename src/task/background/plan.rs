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
    /// As it was given, and how far it has come.
    given: Backoff<Curve>,
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
            after.skipped = self.share(now, entropy);
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
        // An error and a panic may have schedules of their own.
        let same = self.backing_off.take().filter(|backing_off| backing_off.given == schedule);
        let anew = || BackingOff { given: schedule, schedule, since: now, failures: 0, again: None };
        let backing_off = self.backing_off.insert(same.unwrap_or_else(anew));
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

    /// The run that was asked for is that of a beat that waits as well. How many beats before this moment have none.
    fn share(&mut self, now: Instant, entropy: &dyn Entropy) -> u64 {
        match self.rules.cadence {
            Cadence::Beat(missed)
                if missed != Missed::Burst && !self.is_backing_off() && self.starts <= now =>
            {
                self.advance(missed, now, entropy)
            }
            _ => 0,
        }
    }

    /// Leaves out what is due before this moment. How many beats that were.
    fn pass_over(&mut self, now: Instant, entropy: &dyn Entropy) -> u64 {
        if self.starts >= now {
            return 0;
        }
        let just_before = Instant::from_nanos(now.as_nanos().saturating_sub(1));
        let passed = self.advance(Missed::Skip, just_before, entropy).saturating_add(1);
        if self.starts >= now {
            return passed;
        }
        // Its jitter would have had it run already: it has passed as well, and so has every beat that came by now.
        let (tick, next) = Missed::Skip.advance(self.due, just_before, self.rules.period);
        self.move_to(next, entropy);
        passed.saturating_add(tick.missed).saturating_add(1)
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

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use crate::retry::schedule::exponential;
    use crate::time::Seed;
    use alloc::vec::Vec;
    use core::num::NonZeroUsize;
    use proptest::prelude::*;

    const fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    fn rules(period: u64, overlap: Overlap) -> Rules {
        Rules { overlap, ..Rules::every(Duration::from_nanos(period)) }
    }

    fn overlap() -> impl Strategy<Value = Overlap> {
        let concurrent = |runs| Overlap::Concurrent(NonZeroUsize::new(runs).unwrap());
        prop_oneof![Just(Overlap::Skip), Just(Overlap::Wait), (1..4_usize).prop_map(concurrent)]
    }

    /// When runs that take so long begin, from event to event, as the task of a job goes by a plan; and how many beats had none by the end
    /// of the last.
    fn planned(period: u64, overlap: Overlap, takes: &[u64]) -> (Vec<u64>, u64) {
        let seed = Seed::new(1);
        let mut plan = Plan::new(rules(period, overlap), at(period), &seed);
        let (mut now, mut ends, mut begun, mut skipped) = (0, Vec::new(), Vec::new(), 0);
        loop {
            let wakes = plan.wakes_at().as_nanos().max(now);
            match ends.iter().min().copied() {
                Some(end) if end <= wakes || begun.len() == takes.len() => {
                    now = end;
                    ends.swap_remove(ends.iter().position(|each| *each == end).unwrap());
                    skipped += plan.end(at(now), How::Well, &seed).skipped;
                }
                _ if begun.len() == takes.len() => return (begun, skipped),
                _ => {
                    now = wakes;
                    skipped += plan.begin(at(now), &seed);
                    ends.push(now + takes[begun.len()]);
                    begun.push(now);
                }
            }
        }
    }

    /// The same, moment by moment.
    fn naive(period: u64, overlap: Overlap, takes: &[u64]) -> (Vec<u64>, u64) {
        let room = rules(period, overlap).room();
        let (mut ends, mut begun, mut skipped, mut waits) = (Vec::<u64>::new(), Vec::new(), 0, false);
        for now in 1.. {
            let beat = now % period == 0;
            if overlap == Overlap::Wait && beat {
                skipped += u64::from(waits);
                waits = true;
            }
            ends.retain(|end| *end > now);
            if begun.len() == takes.len() {
                if ends.is_empty() {
                    return (begun, skipped);
                }
                skipped += u64::from(beat && overlap == Overlap::Skip);
                continue;
            }
            let wants = if overlap == Overlap::Wait { waits } else { beat };
            if wants && ends.len() < room {
                waits = false;
                ends.push(now + takes[begun.len()]);
                begun.push(now);
            } else if beat && overlap != Overlap::Wait {
                skipped += 1;
            }
        }
        unreachable!()
    }

    /// What may come over a job.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Wake,
        Ask,
        End(How),
        Pause,
        Resume,
        /// The clock goes on, or back.
        Clock(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let how = prop_oneof![Just(How::Well), Just(How::Failed), Just(How::Panicked)];
        prop_oneof![
            3 => Just(Step::Wake),
            1 => Just(Step::Ask),
            3 => how.prop_map(Step::End),
            1 => Just(Step::Pause),
            1 => Just(Step::Resume),
            3 => (-5_000..50_000_i64).prop_map(Step::Clock),
        ]
    }

    fn rule() -> impl Strategy<Value = OnFailure> {
        let schedules = [exponential(Duration::from_nanos(70)), exponential(Duration::ZERO).unlimited()];
        let schedule = prop::sample::select(schedules.to_vec()).prop_map(OnFailure::back_off);
        prop_oneof![Just(OnFailure::Continue), Just(OnFailure::Stop), schedule]
    }

    fn cadence() -> impl Strategy<Value = Cadence> {
        let missed = prop::sample::select([Missed::Skip, Missed::Burst, Missed::Delay].to_vec());
        prop_oneof![missed.prop_map(Cadence::Beat), Just(Cadence::AfterEach)]
    }

    proptest! {
        #[test]
        fn runs_begin_when_counting_moment_by_moment_says(
            period in 1..9_u64,
            overlap in overlap(),
            takes in prop::collection::vec(0..30_u64, 1..20),
        ) {
            let (planned, naive) = (planned(period, overlap, &takes), naive(period, overlap, &takes));
            prop_assert_eq!(&planned.0, &naive.0);
            if overlap == Overlap::Skip {
                prop_assert_eq!(planned.1, naive.1);
            }
        }

        #[test]
        fn whatever_comes_a_job_that_could_run_will(
            period in 1..1_000_u64,
            jitter in 0..2_000_u64,
            overlap in overlap(),
            cadence in cadence(),
            on_error in rule(),
            on_panic in rule(),
            steps in prop::collection::vec(step(), 0..80),
        ) {
            let seed = Seed::new(period);
            let jitter = Duration::from_nanos(jitter);
            let rules = Rules { jitter, cadence, on_error, on_panic, ..rules(period, overlap) };
            let mut plan = Plan::new(rules, at(100_000), &seed);
            let (mut now, mut latest, mut paused) = (100_000_u64, 100_000, false);
            for step in steps {
                match step {
                    Step::Clock(by) => now = now.saturating_add_signed(by),
                    Step::Wake if plan.wakes_at() <= at(latest) => {
                        plan.begin(at(now), &seed);
                    }
                    Step::Wake => {}
                    Step::Ask => _ = plan.ask(),
                    Step::End(how) if plan.running > 0 => _ = plan.end(at(now), how, &seed),
                    Step::End(_) => {}
                    Step::Pause => {
                        paused = true;
                        plan.pause();
                    }
                    Step::Resume => {
                        paused = false;
                        plan.resume(at(now), &seed);
                    }
                }
                latest = latest.max(now);
                prop_assert!(plan.running <= rules.room());
                if paused || plan.running == rules.room() {
                    prop_assert!(plan.wakes_at().is_far_future());
                } else if plan.running == 0 {
                    // One period and its jitter, or the longest of the delays.
                    prop_assert!(plan.wakes_at() <= at(latest + 5_000), "{:?} at {}", plan, latest);
                }
            }
        }

        #[test]
        fn no_input_overflows(
            period: Duration,
            jitter: Duration,
            first: u64,
            overlap in overlap(),
            cadence in cadence(),
            moments: Vec<u64>,
        ) {
            prop_assume!(!period.is_zero());
            let seed = Seed::new(first);
            let rules = Rules { jitter, cadence, overlap, ..Rules::every(period) };
            let mut plan = Plan::new(rules, at(first), &seed);
            for now in moments {
                plan.begin(at(now), &seed);
                plan.end(at(now / 2), How::Well, &seed);
                plan.pause();
                plan.resume(at(now), &seed);
                prop_assert_eq!(plan.running, 0);
            }
        }
    }
}
