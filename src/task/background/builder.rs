//! How a job is started.

use super::cell::Cell;
use super::core::Background;
use super::error::{StartError, StartErrorKind};
use super::handle::JobHandle;
use super::plan::Plan;
use super::rules::{Cadence, OnFailure, Overlap, Rules};
use super::run::JobOutput;
use super::runner::{Inner, Parcel, Runner, Shell};
use super::runs::Runs;
use crate::spawn::{LocalRuntime, Runtime, SpawnErrorKind, Task};
use crate::sys::lock::Lock;
use crate::sys::unwind;
use crate::time::{Clock, Entropy, Instant, Missed, Seed, Timer};
use alloc::borrow::Cow;
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

/// A job that is to be started. Made by [`Background::job`].
///
/// | what | where nothing is said |
/// |---|---|
/// | the first run | after one period |
/// | a beat that comes during a run | is skipped |
/// | jitter | none |
/// | how long a run may take | for ever |
/// | after an error, a time-out, a panic | it runs again with the next beat |
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::retry::schedule::Backoff;
/// use untether::task::Background;
/// use untether::task::background::{OnFailure, Overlap};
///
/// let background = Background::new(rt);
/// let (minute, second) = (Duration::from_secs(60), Duration::from_secs(1));
/// let upload = background
///     .job("upload", 5 * minute, || async { Err::<(), _>("the other side is down") })
///     .now()
///     .jitter(10 * second)
///     .timeout(minute)
///     .overlap(Overlap::Wait)
///     .on_error(OnFailure::back_off(Backoff::standard()))
///     .on_panic(OnFailure::Stop)
///     .start()
///     .unwrap();
/// assert!(upload.status().next_due.is_some());
/// # });
/// ```
#[must_use = "a builder starts nothing by itself"]
pub struct JobBuilder<'a, R, F, E> {
    background: &'a Background<R, E>,
    name: Cow<'static, str>,
    job: F,
    rules: Rules,
    first: Duration,
    limit: Duration,
}

impl<'a, R, F, E> JobBuilder<'a, R, F, E> {
    pub(super) fn new(
        background: &'a Background<R, E>,
        name: Cow<'static, str>,
        every: Duration,
        job: F,
    ) -> Self {
        let rules = Rules::every(every);
        Self { background, name, job, rules, first: every, limit: Duration::MAX }
    }

    /// Runs it for the first time at once.
    pub fn now(self) -> Self {
        self.first_after(Duration::ZERO)
    }

    /// Runs it for the first time after so long, instead of one period.
    pub fn first_after(mut self, first: Duration) -> Self {
        self.first = first;
        self
    }

    /// Has the period begin where a run ends: what matters is the pause between two runs, and not when they come. What was said by
    /// [`missed`](Self::missed) is taken back.
    pub fn after_each(mut self) -> Self {
        self.rules.cadence = Cadence::AfterEach;
        self
    }

    /// What becomes of the beat when one is late, as an [`Interval`](crate::time::Interval) has it: because the executor was busy, the machine
    /// asleep, or with [`Overlap::Wait`] a run took longer than the period. What was said by [`after_each`](Self::after_each) is taken back.
    ///
    /// [`Missed::Burst`] wants [`Overlap::Wait`]: where runs do not wait, beats that have passed by the end of a run for which there was just
    /// room are skipped, however they came to be late.
    pub fn missed(mut self, missed: Missed) -> Self {
        self.rules.cadence = Cadence::Beat(missed);
        self
    }

    /// Begins each run that comes with the beat up to so much later, by chance, so that many programs do not come at the same moment. The
    /// beat stays where it is. One that is late beyond the next beat is late as any other: see [`missed`](Self::missed).
    pub fn jitter(mut self, up_to: Duration) -> Self {
        self.rules.jitter = up_to;
        self
    }

    /// Drops a run that takes longer: a failure, as an error is. [`Duration::MAX`] is no limit.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// What becomes of a beat that comes during a run.
    pub fn overlap(mut self, overlap: Overlap) -> Self {
        self.rules.overlap = overlap;
        self
    }

    /// What becomes of the job when a run gives an error or takes too long.
    pub fn on_error(mut self, then: OnFailure) -> Self {
        self.rules.on_error = then;
        self
    }

    /// What becomes of the job when a run panics, or the closure that makes it.
    pub fn on_panic(mut self, then: OnFailure) -> Self {
        self.rules.on_panic = then;
        self
    }

    /// Starts it. When this returns, it is scheduled.
    ///
    /// # Errors
    /// [`StartError`] hands the job back: if another one goes by that name, if the period is zero, after a shutdown, or if its task is refused.
    #[track_caller]
    pub fn start<J>(self) -> Result<JobHandle, StartError<F>>
    where
        R: Runtime,
        E: Entropy,
        F: FnMut() -> J + Send + 'static,
        J: Future<Output: JobOutput> + Send + 'static,
    {
        let (rt, task) = (self.background.runtime(), Task::builder());
        let task = task.name(self.name.clone()).observer(self.background.told().clone());
        self.enter(|runner| {
            let started = task.spawn(rt, runner);
            started.map(Task::detach).map_err(|error| error.kind())
        })
    }

    /// Starts it on a spawner whose tasks stay on their thread: neither the job nor its runs have to be `Send`.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|timer| async move {
    /// use core::cell::Cell;
    /// use core::time::Duration;
    /// use std::rc::Rc;
    /// use untether::rt::local::Local;
    /// use untether::spawn::Parts;
    /// use untether::task::Background;
    ///
    /// let mut local = Local::new();
    /// let background = Background::new(Parts { timer, spawn: local.local_spawner() });
    /// let count = Rc::new(Cell::new(0));
    /// let shared = count.clone();
    /// let add = move || {
    ///     shared.set(shared.get() + 1);
    ///     core::future::ready(())
    /// };
    /// let job = background.job("count", Duration::from_secs(60), add).start_local().unwrap();
    /// local.run_until(job.run_now()).await.unwrap();
    /// assert_eq!(count.get(), 1);
    /// # });
    /// ```
    #[track_caller]
    pub fn start_local<J>(self) -> Result<JobHandle, StartError<F>>
    where
        R: LocalRuntime,
        E: Entropy,
        F: FnMut() -> J + 'static,
        J: Future<Output: JobOutput> + 'static,
    {
        let (rt, task) = (self.background.runtime(), Task::builder());
        let task = task.name(self.name.clone()).observer(self.background.told().clone());
        self.enter(|runner| {
            let started = task.spawn_local(rt, runner);
            started.map(Task::detach).map_err(|error| error.kind())
        })
    }

    /// Takes the name, and lets `spawn` start the task.
    fn enter<J>(
        self,
        spawn: impl FnOnce(Runner<R, F, J>) -> Result<(), SpawnErrorKind>,
    ) -> Result<JobHandle, StartError<F>>
    where
        R: Timer + Clone,
        E: Entropy,
        J: Future,
    {
        if self.rules.period.is_zero() {
            return Err(StartError::new(StartErrorKind::ZeroPeriod, self.name, self.job));
        }
        let rt = self.background.runtime();
        let chance = if self.rules.leave_to_chance() { self.background.source().next_u64() } else { 0 };
        let seed = Seed::new(chance);
        let plan = Plan::new(self.rules, self.first(rt), &seed);
        let cell = Cell::new(self.name.clone(), plan.next());
        let registry = self.background.registry();
        if let Err(kind) = registry.enter(&cell) {
            return Err(StartError::new(kind, self.name, self.job));
        }
        let parcel: Parcel<F> = Arc::new(Lock::new(Some(self.job)));
        let shell = Shell {
            timer: rt.clone(),
            parcel: Some(parcel.clone()),
            limit: self.limit,
            plan,
            seed,
            cell: cell.clone(),
            registry: registry.clone(),
            told: self.background.told().clone(),
            runs: Runs::new(),
            state: Inner::new(),
        };
        match spawn(Runner::new(shell)) {
            Ok(()) => {
                // Dropped already, and dropped with the last of its owners: as the runner drops it.
                unwind::keep_going(|| drop(parcel));
                Ok(JobHandle::new(cell))
            }
            Err(kind) => {
                let job = parcel.with(Option::take).expect("a task that is refused was not polled");
                Err(StartError::new(StartErrorKind::Refused(kind), self.name, job))
            }
        }
    }

    fn first(&self, clock: &impl Clock) -> Instant {
        clock.now().saturating_add(self.first)
    }
}

impl<R, F, E> fmt::Debug for JobBuilder<'_, R, F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobBuilder")
            .field("name", &self.name)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}
