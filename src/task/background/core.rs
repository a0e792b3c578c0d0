//! The owner of the jobs.

use super::builder::JobBuilder;
use super::driver::{Driver, DriverSpawner};
use super::error::StartError;
use super::handle::JobHandle;
use super::registry::{Owner, Registry, Told, wish_all};
use super::run::JobOutput;
use super::shutdown::ShuttingDown;
use super::status::Status;
use crate::observe::Observer;
use crate::spawn::{Parts, Runtime};
use crate::time::{Entropy, SystemEntropy, Timer};
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// Named jobs that run again and again on a timer and a spawner.
///
/// It owns them: dropping it aborts them all, and [`shutdown`](Self::shutdown) lets them finish. See the [module](super) for when they run.
///
/// # Fairness
/// Each job is a task of its own on the executor.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::task::Background;
///
/// let background = Background::new(rt);
/// let cleanup = || async { println!("cleaning up") };
/// let cleanup = background.job("cleanup", Duration::from_secs(3600), cleanup).now().start().unwrap();
/// background.start("metrics", Duration::from_secs(60), || async { println!("counting") }).unwrap();
/// cleanup.run_now().await.ok();
/// let report = background.shutdown().await;
/// assert_eq!(report.finished, ["cleanup", "metrics"]);
/// # });
/// ```
#[doc(alias = "BackgroundTaskManager")]
#[doc(alias = "start_task")]
#[doc(alias = "interval")]
#[doc(alias = "cron")]
#[doc(alias = "scheduler")]
#[must_use = "dropping it aborts its jobs"]
pub struct Background<R, E = SystemEntropy> {
    rt: R,
    owner: Owner,
    told: Told,
    entropy: E,
}

/// How long runs that are going on have at a shutdown.
const GRACE: Duration = Duration::from_secs(30);

impl<R> Background<R> {
    /// Without jobs. They run as tasks of `rt`.
    pub fn new(rt: R) -> Self {
        Self { rt, owner: Owner(Registry::new()), told: Arc::new(()), entropy: SystemEntropy }
    }
}

impl<T: Timer> Background<Parts<T, DriverSpawner>> {
    /// For who has a timer and nothing that spawns: the jobs run in the one future that is given beside.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|timer| async move {
    /// use core::time::Duration;
    /// use futures_util::future::join;
    /// use untether::task::Background;
    ///
    /// let (background, driver) = Background::driver(timer);
    /// let program = async move {
    ///     let job = background.start("cleanup", Duration::from_secs(60), || async {}).unwrap();
    ///     job.run_now().await.unwrap();
    ///     background.shutdown().await
    /// };
    /// let (report, ()) = join(program, driver).await;
    /// assert_eq!(report.finished, ["cleanup"]);
    /// # });
    /// ```
    pub fn driver(timer: T) -> (Self, Driver) {
        let registry = Registry::new();
        let (spawn, driver) = Driver::new(registry.clone());
        let rt = Parts { timer, spawn };
        let background = Self { rt, owner: Owner(registry), told: Arc::new(()), entropy: SystemEntropy };
        (background, driver)
    }
}

impl<R, E> Background<R, E> {
    /// Tells `observer` of each failure, panic, time-out, abort and skipped beat of jobs that are started from now on, by their names: the
    /// `job_..` kinds of an [`Event`](crate::observe::Event).
    pub fn observed(mut self, observer: impl Observer + Send + Sync + 'static) -> Self {
        self.told = Arc::new(observer);
        self
    }

    /// Where jitter comes from, that of jobs and that of schedules. Each job that
    /// has any has a stream of its own, seeded from it when it is started.
    pub fn entropy<D: Entropy>(self, entropy: D) -> Background<R, D> {
        Background { rt: self.rt, owner: self.owner, told: self.told, entropy }
    }

    /// A job that is to be run every so often, with options. What it is to do is given as a closure that gives a future of `()`, or of a
    /// `Result<(), _>` whose error can be shown.
    pub fn job<F, J>(
        &self,
        name: impl Into<Cow<'static, str>>,
        every: Duration,
        job: F,
    ) -> JobBuilder<'_, R, F, E>
    where
        F: FnMut() -> J,
        J: Future<Output: JobOutput>,
    {
        JobBuilder::new(self, name.into(), every, job)
    }

    /// Starts a job that is run every so often, for the first time after one period. When this returns, it is scheduled.
    ///
    /// # Errors
    /// [`StartError`] hands the job back: if another one goes by that name, if the period is zero, after a shutdown, or if its task is refused.
    #[track_caller]
    pub fn start<F, J>(
        &self,
        name: impl Into<Cow<'static, str>>,
        every: Duration,
        job: F,
    ) -> Result<JobHandle, StartError<F>>
    where
        R: Runtime,
        E: Entropy,
        F: FnMut() -> J + Send + 'static,
        J: Future<Output: JobOutput> + Send + 'static,
    {
        self.job(name, every, job).start()
    }

    /// The job of that name, unless it is over.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<JobHandle> {
        self.owner.0.get(name).map(JobHandle::new)
    }

    /// The names of all jobs that are not over, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<Cow<'static, str>> {
        self.owner.0.all().iter().map(|cell| cell.name().clone()).collect()
    }

    /// How each of them fares, in the order of their names.
    #[must_use]
    pub fn statuses(&self) -> Vec<Status> {
        self.owner.0.all().iter().map(|cell| cell.status()).collect()
    }

    /// As [`shutdown_within`](Self::shutdown_within) 30 seconds.
    pub fn shutdown(&self) -> ShuttingDown<R>
    where
        R: Timer + Clone,
    {
        self.shutdown_within(GRACE)
    }

    /// Ends all jobs: no job is started any more, the waits of all end at once, and runs that are going on have so long to end by themselves;
    /// then they are aborted. The report names them, when all are gone.
    ///
    /// A run that blocks its thread cannot be aborted, and is waited for. Awaited from within a job, it waits for that job: until the grace is
    /// over.
    ///
    /// # Cancel safety
    /// The end is asked for by this call, and the grace counts from it. Dropping the future takes back that anything is aborted, and nothing
    /// else.
    pub fn shutdown_within(&self, grace: Duration) -> ShuttingDown<R>
    where
        R: Timer + Clone,
    {
        let deadline = self.rt.now().saturating_add(grace);
        let cells = self.owner.0.close();
        wish_all(&cells, |wishes| wishes.stop = true);
        ShuttingDown::new(cells, self.rt.clone(), deadline)
    }

    pub(super) fn registry(&self) -> &Arc<Registry> {
        &self.owner.0
    }

    pub(super) const fn told(&self) -> &Told {
        &self.told
    }

    pub(super) const fn runtime(&self) -> &R {
        &self.rt
    }

    pub(super) const fn source(&self) -> &E {
        &self.entropy
    }
}

impl<R, E> fmt::Debug for Background<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background").field("jobs", &self.names()).finish_non_exhaustive()
    }
}
