//! Which runs a test is given.

use super::executor;
use super::failure::Failure;
use super::handle::Sim;
use super::steps::Settings;
use super::tape::{Recorder, Source, Tape};
use crate::spawn::Label;
use crate::sys::host;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;
use core::num::NonZeroU64;
use core::str::FromStr;

/// Runs a test under a thousand random schedules.
///
/// The same as [`Check::random(1_000).assert(body)`](Check::assert).
///
/// # Panics
/// If a schedule fails, with the report of the [`Failure`].
#[track_caller]
pub fn check<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) {
    Check::random(1_000).assert(body);
}

/// Which schedules a test is run under, and how.
///
/// # Examples
/// Every order of two tasks:
/// ```
/// use untether::spawn::{SpawnExt, yield_now};
/// use untether::testing::sim::Check;
///
/// let passed = Check::exhaustive(1_000)
///     .run(async |sim| {
///         let tasks = [1, 2].map(|_| sim.spawn_task(yield_now()).unwrap());
///         for task in tasks {
///             task.await.unwrap();
///         }
///     })
///     .unwrap();
/// assert!(passed.complete && passed.schedules > 5);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a check runs nothing by itself"]
pub struct Check {
    strategy: Strategy,
    settings: Settings,
}

#[derive(Clone, Debug)]
enum Strategy {
    Random { schedules: u64, seed: u64 },
    Exhaustive { limit: u64 },
    Replay(Tape),
}

/// How much a [`Check`] that found nothing has run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Passed {
    /// How many schedules.
    pub schedules: u64,
    /// Whether these were all there are.
    pub complete: bool,
}

impl Check {
    /// `schedules` random schedules, the same ones each time.
    ///
    /// # Panics
    /// If that is none.
    pub const fn random(schedules: u64) -> Self {
        assert!(schedules > 0, "a check without a schedule passes whatever the test says");
        Self::new(Strategy::Random { schedules, seed: 0 })
    }

    /// Every schedule there is, but no more than `limit`. Of a continuous range, such as a jitter, both ends and the middle.
    ///
    /// # Panics
    /// If the limit is 0.
    pub const fn exhaustive(limit: u64) -> Self {
        assert!(limit > 0, "a check without a schedule passes whatever the test says");
        Self::new(Strategy::Exhaustive { limit })
    }

    /// One schedule: that of a tape.
    pub const fn replay(tape: Tape) -> Self {
        Self::new(Strategy::Replay(tape))
    }

    const fn new(strategy: Strategy) -> Self {
        let settings = Settings {
            fresh_wakers: true,
            spurious_polls: false,
            max_polls: 1_000_000,
            cancel: None,
            unseen_panics_fail: true,
        };
        Self { strategy, settings }
    }

    /// Lets random schedules begin with another seed; each schedule has the next one.
    ///
    /// # Panics
    /// If the schedules are not random.
    pub const fn seed(mut self, first: u64) -> Self {
        match &mut self.strategy {
            Strategy::Random { seed, .. } => *seed = first,
            Strategy::Exhaustive { .. } | Strategy::Replay(_) => panic!("a seed is for random schedules"),
        }
        self
    }

    /// Gives a task the same waker at each poll, as most executors do. Without it every poll has a fresh one and older ones are
    /// dead, which finds futures that keep an old waker.
    pub const fn stable_wakers(mut self) -> Self {
        self.settings.fresh_wakers = false;
        self
    }

    /// Now and then polls a task that was not woken, as executors may.
    pub const fn spurious_polls(mut self) -> Self {
        self.settings.spurious_polls = true;
        self
    }

    /// Lets a run pass in which a task panicked whose handle was dropped or detached. Without it such a panic fails the run, since
    /// it may be an assertion of the test.
    pub const fn unseen_panics_pass(mut self) -> Self {
        self.settings.unseen_panics_fail = false;
        self
    }

    /// Gives up a run after so many polls. A million unless set.
    pub const fn max_polls(mut self, polls: u64) -> Self {
        self.settings.max_polls = polls;
        self
    }

    /// Cancels tasks of this name: drops them before each of their polls and after each that was pending.
    ///
    /// Every random schedule is repeated for each point where a task can be cancelled, and once without; an exhaustive search
    /// meets them among its choices. A check in which no task has the name fails.
    pub const fn cancel(mut self, name: &'static str) -> Self {
        self.settings.cancel = Some(name);
        self
    }

    /// Runs the test under every schedule, up to the first that fails.
    ///
    /// # Errors
    /// The [`Failure`] of the schedule that failed.
    #[track_caller]
    pub fn run<F: Future<Output = ()>>(self, body: impl Fn(Sim) -> F) -> Result<Passed, Box<Failure>> {
        let main = Label::here().named("main");
        let somebody_to_cancel = Cell::new(false);
        let one =
            |recorder| executor::run(&self.settings, recorder, main.clone(), &body, &somebody_to_cancel);
        let passed = match self.strategy {
            Strategy::Random { schedules, seed } => run_random(schedules, seed, one),
            Strategy::Exhaustive { limit } => run_exhaustive(limit, one),
            Strategy::Replay(tape) => {
                let (outcome, _) = one(Recorder::new(tape.choices().to_vec(), Source::First));
                outcome.map_err(|failure| count(failure, 1, None))?;
                return Ok(Passed { schedules: 1, complete: false });
            }
        }?;
        match self.settings.cancel {
            Some(name) if !somebody_to_cancel.get() => Err(Failure::nobody_to_cancel(name, passed.schedules)),
            _ => Ok(passed),
        }
    }

    /// Runs the test under every schedule.
    ///
    /// With `std` it listens to the environment: `UNTETHER_TAPE` replays one tape, `UNTETHER_SEED` runs the schedule of one seed,
    /// `UNTETHER_EFFORT` multiplies the number of schedules.
    ///
    /// # Panics
    /// If a schedule fails, with the report of the [`Failure`], the command that replays it included; or if one of these variables
    /// is set to something it cannot be.
    #[track_caller]
    pub fn assert<F: Future<Output = ()>>(self, body: impl Fn(Sim) -> F) {
        if let Err(failure) = self.from_environment().run(body) {
            panic!("simulation failed: {failure}");
        }
    }

    #[expect(
        clippy::wrong_self_convention,
        reason = "what the environment says is put over what the test says"
    )]
    fn from_environment(mut self) -> Self {
        let effort = variable::<NonZeroU64>("UNTETHER_EFFORT").map_or(1, NonZeroU64::get);
        match &mut self.strategy {
            Strategy::Random { schedules: runs, .. } | Strategy::Exhaustive { limit: runs } => {
                *runs = runs.saturating_mul(effort);
            }
            Strategy::Replay(_) => {}
        }
        if let Some(seed) = variable("UNTETHER_SEED") {
            self.strategy = Strategy::Random { schedules: 1, seed };
        }
        if let Some(tape) = variable("UNTETHER_TAPE") {
            self.strategy = Strategy::Replay(tape);
        }
        self
    }
}

type Outcome = (Result<(), Box<Failure>>, Recorder);

/// Every schedule once for each question that can be answered with yes, and once with no alone.
fn run_random(schedules: u64, first: u64, one: impl Fn(Recorder) -> Outcome) -> Result<Passed, Box<Failure>> {
    let mut done = 0;
    for seed in (0..schedules).map(|offset| first.wrapping_add(offset)) {
        for yes_at in 0_u32.. {
            let source = Source::Random { state: scatter(seed), yes_at };
            let (outcome, recorder) = one(Recorder::new(Vec::new(), source));
            done += 1;
            outcome.map_err(|failure| count(failure, done, Some(seed)))?;
            if recorder.questions() <= yes_at {
                break;
            }
        }
    }
    Ok(Passed { schedules: done, complete: false })
}

fn run_exhaustive(limit: u64, one: impl Fn(Recorder) -> Outcome) -> Result<Passed, Box<Failure>> {
    let mut path = Vec::new();
    for schedules in 1..=limit {
        let (outcome, recorder) = one(Recorder::new(path, Source::First));
        outcome.map_err(|failure| count(failure, schedules, None))?;
        match recorder.next_path() {
            Some(next) => path = next,
            None => return Ok(Passed { schedules, complete: true }),
        }
    }
    Ok(Passed { schedules: limit, complete: false })
}

fn count(mut failure: Box<Failure>, schedules: u64, seed: Option<u64>) -> Box<Failure> {
    failure.schedules = schedules;
    failure.seed = seed;
    failure
}

/// Neighbouring seeds far apart, and never 0.
const fn scatter(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)) | 1
}

/// # Panics
/// If the variable is set to something it cannot be.
fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = host::variable(name)?;
    match text.parse() {
        Ok(value) => Some(value),
        Err(_) => panic!("{name} is set to '{text}', which it cannot be"),
    }
}
