//! The breaker beside a naive one, which remembers everything that ever happened and counts it again each time.

use super::*;
use proptest::prelude::*;
use untether_support::cases;

/// How long it stays open, how long probes may say nothing, and a tenth of a window of time: all the same, so that they meet.
const UNIT: Duration = SECOND;
const UNITS: u64 = UNIT.as_nanos() as u64;
const OPEN: u64 = 10 * UNITS;
const HUNG: u64 = 5 * UNITS;

#[derive(Clone, Copy, Debug)]
enum Over {
    Nothing,
    Calls(usize),
    /// Ten units.
    Time,
}

#[derive(Clone, Copy, Debug)]
struct Rules {
    consecutive: u32,
    over: Over,
    min_calls: usize,
    probes: usize,
    needed: usize,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    failed: bool,
    slot: u64,
}

/// Let through, and what it said.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fate {
    Out,
    Went,
    Succeeded,
    Failed,
}

struct Twin {
    rules: Rules,
    /// What it is but for isolations.
    below: State,
    isolations: usize,
    generation: u64,
    since: u64,
    last: u64,
    /// In which generation each was let through, whether as a probe, and what became of it.
    calls: Vec<(u64, bool, Fate)>,
    /// All that was heard while it was closed, since that began.
    heard: Vec<Word>,
    slot: u64,
}

impl Twin {
    fn new(rules: Rules) -> Self {
        let (calls, heard) = (Vec::new(), Vec::new());
        let below = State::Closed;
        Self { rules, below, isolations: 0, generation: 0, since: 0, last: 0, calls, heard, slot: 0 }
    }

    fn state(&self) -> State {
        if self.isolations > 0 { State::Isolated } else { self.below }
    }

    fn go(&mut self, to: State, now: u64) {
        let before = self.state();
        self.below = to;
        (self.since, self.last) = (now, now);
        if to == State::Closed {
            self.heard.clear();
        }
        self.generation += u64::from(before != State::Isolated || self.state() != State::Isolated);
    }

    /// A generation begins in which it is what it was, and what probes have said is known.
    fn go_on(&mut self) {
        for call in self.calls.iter_mut().filter(|call| call.0 == self.generation) {
            if matches!(call.2, Fate::Succeeded | Fate::Failed) {
                call.0 += 1;
            }
        }
        self.generation += 1;
    }

    fn probes(&self, fate: &[Fate]) -> usize {
        let mine = self.calls.iter().filter(|call| call.0 == self.generation && call.1);
        mine.filter(|call| fate.contains(&call.2)).count()
    }

    /// Whether one who comes is let through as a probe, or why not.
    fn come(&mut self, now: u64) -> Result<bool, (Reason, Option<Duration>)> {
        if self.isolations > 0 {
            return Err((Reason::Isolated, None));
        }
        match self.below {
            State::Closed | State::ForcedClosed => Ok(false),
            State::ForcedOpen => Err((Reason::Forced, None)),
            State::Open => {
                self.since = self.since.min(now);
                if now - self.since < OPEN {
                    return Err((Reason::Open, Some(Duration::from_nanos(OPEN - (now - self.since)))));
                }
                self.go(State::HalfOpen, now);
                Ok(true)
            }
            _ => {
                self.last = self.last.min(now);
                if self.probes(&[Fate::Out, Fate::Succeeded, Fate::Failed]) < self.rules.probes {
                    self.last = self.last.max(now);
                    return Ok(true);
                }
                if now.saturating_sub(self.last) < HUNG {
                    return Err((Reason::HalfOpen, None));
                }
                self.go(State::Open, now);
                Err((Reason::Open, Some(Duration::from_nanos(OPEN))))
            }
        }
    }

    fn end(&mut self, id: usize, fate: Fate, now: u64) {
        self.calls[id].2 = fate;
        if self.calls[id].0 != self.generation || self.isolations > 0 || fate == Fate::Went {
            return;
        }
        if self.below == State::Closed {
            self.advance(now);
            self.heard.push(Word { failed: fate == Fate::Failed, slot: self.slot });
            if self.trips() {
                let heard = std::mem::take(&mut self.heard);
                self.go(State::Open, now);
                self.heard = heard;
            }
        } else if self.below == State::HalfOpen {
            if self.probes(&[Fate::Succeeded]) >= self.rules.needed {
                self.go(State::Closed, now);
            } else if self.probes(&[Fate::Failed]) > self.rules.probes - self.rules.needed {
                self.go(State::Open, now);
            }
        }
    }

    /// Time passes, or steps back so far that nothing of what was heard is known to be of late.
    fn advance(&mut self, now: u64) {
        let slot = now / UNITS;
        if slot + 10 < self.slot {
            self.heard.iter_mut().for_each(|word| word.slot = 0);
            self.slot = slot;
        }
        self.slot = self.slot.max(slot);
    }

    /// Failures since the last success, and all and failures in the window.
    fn sums(&self) -> (u32, usize, usize) {
        let in_a_row = self.heard.iter().rev().take_while(|word| word.failed).count();
        let window: Vec<&Word> = match self.rules.over {
            Over::Nothing => Vec::new(),
            Over::Calls(size) => self.heard.iter().rev().take(size).collect(),
            Over::Time => {
                self.heard.iter().filter(|word| word.slot + 10 > self.slot && word.slot > 0).collect()
            }
        };
        (in_a_row as u32, window.len(), window.iter().filter(|word| word.failed).count())
    }

    fn trips(&self) -> bool {
        let (in_a_row, calls, failures) = self.sums();
        let rate = calls > 0 && calls >= self.rules.min_calls && 2 * failures >= calls;
        in_a_row >= self.rules.consecutive || rate
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Come,
    Succeed(usize),
    Fail(usize),
    Go(usize),
    /// In halves of a unit.
    Pass(u64),
    Back(u64),
    ForceOpen,
    ForceClosed,
    Reset,
    Isolate,
    Release,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => Just(Step::Come),
        8 => any::<usize>().prop_map(Step::Succeed),
        16 => any::<usize>().prop_map(Step::Fail),
        4 => any::<usize>().prop_map(Step::Go),
        8 => (1..25_u64).prop_map(Step::Pass),
        1 => (1..5_u64).prop_map(Step::Back),
        1 => (100..500_u64).prop_map(Step::Back),
        1 => Just(Step::ForceOpen),
        1 => Just(Step::ForceClosed),
        2 => Just(Step::Reset),
        2 => Just(Step::Isolate),
        4 => Just(Step::Release),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let over = prop_oneof![Just(Over::Nothing), (2..6_usize).prop_map(Over::Calls), Just(Over::Time)];
    let probes = (1..4_usize).prop_flat_map(|probes| (Just(probes), 1..=probes));
    (2..6_u32, over, 1..6_usize, probes).prop_map(|(consecutive, over, min_calls, (probes, needed))| {
        let min_calls = if let Over::Calls(size) = over { min_calls.min(size) } else { min_calls };
        Rules { consecutive, over, min_calls, probes, needed }
    })
}

/// Both of them, and what is under way.
struct Both {
    clock: ManualClock,
    breaker: Arc<Breaker>,
    twin: Twin,
    permits: Vec<Option<Permit<Arc<Breaker>>>>,
    isolations: Vec<untether::fault::breaker::Isolation<Arc<Breaker>>>,
}

impl Both {
    fn new(rules: Rules) -> Self {
        let clock = ManualClock::new();
        clock.advance(1_000 * UNIT);
        let plan = plan().consecutive(rules.consecutive).probe_max_wait(Duration::from_nanos(HUNG));
        let plan = plan.probes(rules.probes as u32, rules.needed as u32);
        let rated = |plan: Builder<_, _>| plan.failure_rate(0.5).min_calls(rules.min_calls as u32);
        let plan = match rules.over {
            Over::Nothing => plan.min_calls(1),
            Over::Calls(size) => rated(plan).window(Window::calls(size as u32)),
            Over::Time => rated(plan).window(Window::time(10 * UNIT)),
        };
        let breaker = Arc::new(plan.build(clock.clone()));
        Self { clock, breaker, twin: Twin::new(rules), permits: Vec::new(), isolations: Vec::new() }
    }

    fn now(&self) -> u64 {
        self.clock.now().as_nanos()
    }

    /// One of those that are under way.
    fn take(&mut self, which: usize) -> Option<(usize, Permit<Arc<Breaker>>)> {
        let out: Vec<usize> = (0..self.permits.len()).filter(|id| self.permits[*id].is_some()).collect();
        let id = *out.get(which % out.len().max(1))?;
        Some((id, self.permits[id].take()?))
    }

    fn apply(&mut self, step: Step) {
        let (now, before) = (self.now(), self.twin.state());
        let mut told = None;
        match step {
            Step::Come => {
                let (ours, naive) =
                    (CircuitBreaker::try_acquire_owned(self.breaker.clone()), self.twin.come(now));
                match (ours, naive) {
                    (Ok(permit), Ok(probe)) => {
                        assert_eq!((permit.is_probe(), permit.generation()), (probe, self.twin.generation));
                        told = permit.transition();
                        self.permits.push(Some(permit));
                        self.twin.calls.push((self.twin.generation, probe, Fate::Out));
                    }
                    (Err(rejected), Err(naive)) => {
                        assert_eq!((rejected.reason(), rejected.retry_after()), naive);
                        told = rejected.transition();
                    }
                    (ours, naive) => panic!("{ours:?}, and the naive one: {naive:?}"),
                }
            }
            Step::Succeed(which) => {
                if let Some((id, permit)) = self.take(which) {
                    told = permit.success();
                    self.twin.end(id, Fate::Succeeded, now);
                }
            }
            Step::Fail(which) => {
                if let Some((id, permit)) = self.take(which) {
                    told = permit.failure();
                    self.twin.end(id, Fate::Failed, now);
                }
            }
            Step::Go(which) => {
                if let Some((id, permit)) = self.take(which) {
                    drop(permit);
                    self.twin.end(id, Fate::Went, now);
                }
            }
            Step::Pass(halves) => self.clock.advance(halves as u32 * UNIT / 2),
            Step::Back(halves) => self.clock.step_back(halves as u32 * UNIT / 2),
            by_hand => return self.apply_by_hand(by_hand),
        }
        self.compare();
        let changed =
            (before != self.twin.state()).then_some((before, self.twin.state(), self.twin.generation));
        assert_eq!(told.map(|told| (told.from, told.to, told.generation)), changed);
    }

    fn apply_by_hand(&mut self, step: Step) {
        let now = self.now();
        match step {
            Step::ForceOpen | Step::ForceClosed => {
                let (to, force): (_, fn(&Breaker)) = match step {
                    Step::ForceOpen => (State::ForcedOpen, Breaker::force_open),
                    _ => (State::ForcedClosed, Breaker::force_closed),
                };
                force(&self.breaker);
                if self.twin.below != to {
                    self.twin.go(to, now);
                }
            }
            Step::Reset => {
                self.breaker.reset();
                self.twin.go(State::Closed, now);
            }
            Step::Isolate => {
                self.isolations.push(CircuitBreaker::isolate_owned(self.breaker.clone()));
                self.twin.isolations += 1;
                if self.twin.isolations == 1 {
                    self.twin.go_on();
                }
            }
            _ => {
                if self.isolations.pop().is_some() {
                    self.twin.isolations -= 1;
                    if self.twin.isolations == 0 {
                        self.twin.go_on();
                    }
                }
            }
        }
        self.compare();
    }

    fn compare(&mut self) {
        let now = self.now();
        let (stats, twin) = (self.breaker.stats(), &mut self.twin);
        assert_eq!((stats.state, stats.generation), (twin.state(), twin.generation));
        assert_eq!(self.breaker.state(), twin.state());
        // Those of before are shown while it is open.
        if twin.state() == State::Closed {
            twin.advance(now);
            let ours = (stats.failures_in_a_row, stats.calls as usize, stats.failures as usize);
            assert_eq!(ours, twin.sums());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(2_000)))]
    #[test]
    fn it_does_what_a_naive_one_does(rules in rules(), steps in prop::collection::vec(step(), 0..200)) {
        let mut both = Both::new(rules);
        steps.into_iter().for_each(|step| both.apply(step));
    }
}

/// Every history of five steps of these eleven, or of six where there is time for a million and a half of them.
#[test]
fn it_does_what_a_naive_one_does_in_every_short_history() {
    let steps = [
        Step::Come,
        Step::Succeed(0),
        Step::Fail(0),
        Step::Fail(1),
        Step::Go(0),
        Step::Pass(20),
        Step::Back(30),
        Step::ForceOpen,
        Step::Reset,
        Step::Isolate,
        Step::Release,
    ];
    let length = if cases(1) > 1 { 6 } else { 5 };
    // Begun with a breaker that is about to open, so that so few are enough for what matters.
    let rules = Rules { consecutive: 2, over: Over::Nothing, min_calls: 1, probes: 2, needed: 1 };
    for number in 0..steps.len().pow(length) {
        let mut both = Both::new(rules);
        both.apply(Step::Come);
        both.apply(Step::Fail(0));
        both.apply(Step::Come);
        let mut rest = number;
        for _ in 0..length {
            both.apply(steps[rest % steps.len()]);
            rest /= steps.len();
        }
    }
}
