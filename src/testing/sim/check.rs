//! Which schedules a test is run under, and how: the settings.

use super::failure::Failure;
use super::handle::Sim;
use super::kind::FailureKind;
use super::run;
use super::search::{Passed, Strategy, search};
use super::settings::Settings;
use super::tape::Tape;
use super::twice::twice;
use crate::spawn::Label;
use crate::sys::host;
use alloc::boxed::Box;
use core::cell::Cell;
use core::num::NonZeroU64;
use core::str::FromStr;
use core::time::Duration;

/// Runs a test under a thousand random schedules.
///
/// The same as [`Check::random(1_000).assert(body)`](Check::assert).
///
/// # Panics
/// If a schedule fails, with the report of the [`Failure`].
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::testing::sim::check;
/// use untether::time::{Clock, Timer, TimeoutExt};
///
/// check(async |sim| {
///     let start = sim.now();
///     let slow = sim.sleep(Duration::from_secs(3_600)).timeout(Duration::from_secs(60), &sim);
///     assert!(slow.await.is_err());
///     assert_eq!(sim.now().saturating_duration_since(start), Duration::from_secs(60));
/// });
/// ```
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

    /// `schedules` schedules by priorities, for bugs that random schedules meet too seldom: those where some tasks must get far
    /// ahead of others.
    ///
    /// Each task has a random priority, and the ready task of the highest one runs; at `depth - 1` random steps the task that would
    /// run falls below all others (PCT: Burckhardt et al., ASPLOS 2010). Where a bug needs `depth` things to happen in one order, so
    /// that 1 is "B before A", each schedule meets it with a probability of at least 1 in n·k^(depth - 1), for n tasks and runs of k
    /// steps. The first schedule changes no priority and shows how long a run is; after that the longest run so far counts. A task
    /// that is polled a hundred times in a row while others are ready spins, and falls as well.
    ///
    /// # Panics
    /// If the schedules are none, or the depth is.
    ///
    /// # Examples
    /// ```
    /// use untether::spawn::{SpawnExt, yield_now};
    /// use untether::testing::sim::Check;
    ///
    /// // One in three hundred random schedules lets the test get so far ahead of the task; here it is every other one.
    /// let found = Check::pct(20, 1).run(async |sim| {
    ///     let first = sim.spawn_task(yield_now()).unwrap();
    ///     for _ in 0..12 {
    ///         yield_now().await;
    ///     }
    ///     assert!(first.is_finished());
    /// });
    /// assert!(found.is_err());
    /// ```
    pub const fn pct(schedules: u64, depth: u32) -> Self {
        assert!(schedules > 0, "a check without a schedule passes whatever the test says");
        assert!(depth > 0, "a bug of depth 0 needs no schedule");
        Self::new(Strategy::Pct { schedules, seed: 0, depth })
    }

    /// One schedule: the one that a fuzzer chose.
    ///
    /// Any bytes are a schedule. A choice takes one byte, among more than 256 alternatives two, among more than 65,536 four; after
    /// the end it is the first alternative.
    ///
    /// # Examples
    /// A target of cargo-fuzz:
    /// ```text
    /// #![no_main]
    /// use untether::testing::sim::Check;
    ///
    /// libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    ///     Check::bytes(data).max_polls(10_000).assert(async |sim| my_crate::body_of_the_test(sim).await);
    /// });
    /// ```
    pub fn bytes(data: &[u8]) -> Self {
        Self::new(Strategy::Bytes(data.to_vec()))
    }

    /// One schedule: that of a tape.
    pub const fn replay(tape: Tape) -> Self {
        Self::new(Strategy::Replay(tape))
    }

    const fn new(strategy: Strategy) -> Self {
        Self { strategy, settings: Settings::DEFAULT }
    }

    /// Lets random schedules, those by priorities included, begin with another seed; each schedule has the next one.
    ///
    /// # Panics
    /// If the schedules are not random.
    pub const fn seed(mut self, first: u64) -> Self {
        match &mut self.strategy {
            Strategy::Random { seed, .. } | Strategy::Pct { seed, .. } => *seed = first,
            Strategy::Exhaustive { .. } | Strategy::Bytes(_) | Strategy::Replay(_) => {
                panic!("a seed is for random schedules")
            }
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

    /// Reports the first run that fails as it was. Without it the tape of that run is made smaller first: see [`Failure::shrunk`].
    pub const fn unshrunk(mut self) -> Self {
        self.settings.shrinks = false;
        self
    }

    /// Gives up a run after so many polls. A million unless set.
    pub const fn max_polls(mut self, polls: u64) -> Self {
        self.settings.max_polls = polls;
        self
    }

    /// Gives up a run whose virtual time would move further than this.
    pub const fn max_time(mut self, limit: Duration) -> Self {
        self.settings.max_time = Some(limit);
        self
    }

    /// Fails a run in which tasks are still alive after the test has ended. Those that are ready then get to run first, without time
    /// moving, so that a task that was told to end is none of them.
    ///
    /// A sleep that is still registered after everything was dropped fails a run without being asked for: it takes a bug to leave
    /// one behind.
    pub const fn no_leaks(mut self) -> Self {
        self.settings.leaks_fail = true;
        self
    }

    /// Runs each schedule twice, and fails if the second run asks for other choices than the first, or ends otherwise.
    ///
    /// A test that is decided by more than its tape cannot be replayed: by the order of a `HashMap`, a real clock, what an earlier
    /// run has left behind. The report names the first choice that differs.
    ///
    /// # Examples
    /// ```
    /// use core::cell::Cell;
    /// use untether::testing::sim::Check;
    ///
    /// let left_behind = Cell::new(2);
    /// let found = Check::random(10).deterministic().run(async |sim| {
    ///     left_behind.set(left_behind.get() + 1);
    ///     let _ = sim.choose(left_behind.get());
    /// });
    /// let text = found.unwrap_err().to_string();
    /// assert!(text.starts_with(
    ///     "not deterministic: choice 0 is which of 3 alternatives the test takes the first time, \
    ///      and which of 4 alternatives the test takes the second"
    /// ));
    /// ```
    pub const fn deterministic(mut self) -> Self {
        self.settings.twice = true;
        self
    }

    /// Lets [`Sim::buggify`] say yes now and then.
    pub const fn buggify(mut self) -> Self {
        self.settings.faults.buggify = true;
        self
    }

    /// Lets each sleep end up to `max` late, and never early. How late is decided when it is registered, and stays.
    pub const fn timer_jitter(mut self, max: Duration) -> Self {
        self.settings.faults.jitter = max;
        self
    }

    /// Lets each blocking closure take up to `max` of virtual time before it runs, so that time-outs around it are met.
    pub const fn blocking_takes(mut self, max: Duration) -> Self {
        self.settings.faults.blocking = max;
        self
    }

    /// Cancels tasks of this name: drops them before each of their polls and after each that was pending.
    ///
    /// Every random schedule is repeated for each point where a task can be cancelled, and once without; an exhaustive search
    /// meets them among its choices. A search in which no task has the name fails.
    pub const fn cancel(mut self, name: &'static str) -> Self {
        self.settings.cancel = Some(name);
        self
    }

    /// Runs the test under every schedule, up to the first that fails. The tape of that one is then made smaller.
    ///
    /// # Errors
    /// The [`Failure`] of the schedule that failed.
    #[track_caller]
    pub fn run<F: Future<Output = ()>>(self, body: impl Fn(Sim) -> F) -> Result<Passed, Box<Failure>> {
        let main = Label::here().named("main");
        let somebody_to_cancel = Cell::new(false);
        // A single schedule may well be one in which nobody of that name comes along.
        let cancel = self.settings.cancel.filter(|_| self.strategy.is_search());
        let run = |recorder| run::run(&self.settings, recorder, main.clone(), &body, &somebody_to_cancel);
        let passed = if self.settings.twice {
            search(self.strategy, self.settings.shrinks, &|recorder| twice(recorder, &run))?
        } else {
            search(self.strategy, self.settings.shrinks, &run)?
        };
        match cancel {
            Some(name) if !somebody_to_cancel.get() => {
                let kind = FailureKind::NobodyToCancel { name };
                let nobody = Failure::without_tasks(kind, Tape::default());
                Err(Box::new(Failure { schedules: passed.schedules, ..*nobody }))
            }
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
            Strategy::Random { schedules: runs, .. }
            | Strategy::Pct { schedules: runs, .. }
            | Strategy::Exhaustive { limit: runs } => *runs = runs.saturating_mul(effort),
            Strategy::Bytes(_) | Strategy::Replay(_) => {}
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

/// # Panics
/// If the variable is set to something it cannot be.
fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = host::variable(name)?;
    match text.parse() {
        Ok(value) => Some(value),
        Err(_) => panic!("{name} is set to '{text}', which it cannot be"),
    }
}
