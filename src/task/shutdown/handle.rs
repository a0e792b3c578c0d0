//! The handle of a shutdown: who takes part, who asks for it, who drains it.

use super::drain::Drain;
use super::ending::Ending;
use super::error::TaskError;
use super::participant::Participant;
use super::phase::Phase;
use super::report::DrainReport;
use super::shared::Shared;
use crate::spawn::Spawn;
use crate::sync::CancelToken;
use crate::sync::cancel::Cause;
use crate::task::in_flight::Closed;
use crate::time::Timer;
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// Stops a program, or a part of it, in order: nobody comes in any more, who is in finishes, is cancelled, is aborted, all under one deadline; and
/// says by name what became of whom.
///
/// A clone is the same shutdown.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::task::{DrainPlan, Shutdown};
/// use untether::time::Timer;
///
/// let shutdown = Shutdown::new();
/// for name in ["one", "two"] {
///     let (stopping, timer) = (shutdown.stopping().clone(), rt.clone());
///     let work = async move {
///         while !stopping.is_cancelled() {
///             timer.sleep(Duration::from_millis(1)).await; // a piece of work
///         }
///     };
///     shutdown.task(name, &rt, work).unwrap();
/// }
/// shutdown.task("stuck", &rt, core::future::pending::<()>()).unwrap();
///
/// let plan = DrainPlan::new().limit(Duration::from_millis(50));
/// let report = shutdown.drain(&rt).plan(plan).await;
/// assert_eq!((report.completed.len(), report.aborted), (2, vec!["stuck".into()]));
/// # });
/// ```
#[doc(alias = "graceful shutdown")]
#[doc(alias = "SIGTERM")]
#[doc(alias = "shutdown_event")]
#[derive(Clone)]
pub struct Shutdown(pub(super) Arc<Shared>);

impl Shutdown {
    /// Nobody takes part, and nobody has asked for it.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Shared::new()))
    }

    /// Cancelled when it is asked for, for the cause that was given: take nothing new, finish what you have begun.
    ///
    /// What takes work is closed by its [callbacks](CancelToken::on_cancel). To cancel it is to [ask](Self::request).
    #[must_use]
    pub fn stopping(&self) -> &CancelToken {
        &self.0.stopping
    }

    /// Cancelled when there is no time left to finish, for [`Cause::Shutdown`]: drop what you have begun, clean up and go.
    #[must_use]
    pub fn token(&self) -> &CancelToken {
        &self.0.token
    }

    /// How far it has come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase()
    }

    /// Takes part under a name, until the participant is dropped. Names need not differ.
    ///
    /// # Errors
    /// [`Closed`] once it was asked for.
    pub fn participant(&self, name: impl Into<Cow<'static, str>>) -> Result<Participant, Closed> {
        Participant::new(&self.0, name.into())
    }

    /// Starts a task that takes part under a name, and that is aborted with it.
    ///
    /// For one that stays on its thread, spawn what [`Participant::run`] gives.
    ///
    /// # Errors
    /// [`TaskError`] hands the future back once it was asked for, or when no executor takes it.
    #[track_caller]
    pub fn task<S, F>(
        &self,
        name: impl Into<Cow<'static, str>>,
        spawner: &S,
        future: F,
    ) -> Result<(), TaskError<F>>
    where
        S: Spawn,
        F: Future<Output: Ending> + Send + 'static,
    {
        match self.participant(name) {
            Ok(participant) => participant.spawn(spawner, future).map_err(TaskError::Spawn),
            Err(_) => Err(TaskError::Closed(future)),
        }
    }

    /// The names of those who take part, in the order in which they came.
    #[must_use]
    pub fn participants(&self) -> Vec<Cow<'static, str>> {
        self.0.with(|members| members.names())
    }

    /// Asks for it. `false` if it was asked for before: the first cause stays, and nobody is told again.
    ///
    /// From now on nobody comes in. To go further it takes a [`drain`](Self::drain), or an [`abort`](Self::abort).
    ///
    /// # Panics
    /// If a callback of a token does, after all were told.
    #[expect(clippy::must_use_candidate, reason = "asking is what it is called for")]
    pub fn request(&self, cause: Cause) -> bool {
        self.0.request(cause)
    }

    /// Drops what runs under it, each future at its next poll, and tells all others to go. Who drains it waits a moment longer for those who
    /// go, and reports.
    ///
    /// # Panics
    /// As [`request`](Self::request).
    pub fn abort(&self) {
        self.0.advance(Phase::Aborting);
    }

    /// One step further: asks for it, or aborts it if it was asked for before. Gives how far it has come.
    ///
    /// # Panics
    /// As [`request`](Self::request).
    #[expect(clippy::must_use_candidate, reason = "going on is what it is called for")]
    pub fn escalate(&self, cause: Cause) -> Phase {
        self.0.escalate(cause)
    }

    /// Asks for it, waits until all have gone or the deadline has passed, and reports.
    ///
    /// # Cancel safety
    /// See [`Drain`].
    #[doc(alias = "wait_for_shutdown")]
    pub fn drain<T: Timer>(&self, timer: T) -> Drain<T> {
        Drain::new(self.clone(), timer, true)
    }

    /// Waits until it is asked for, and drains it then: by [`request`](Self::request), by a signal, by who fails.
    ///
    /// That all have gone is no reason to end: others may come.
    ///
    /// # Cancel safety
    /// See [`Drain`].
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::sync::cancel::Cause;
    /// use untether::task::Shutdown;
    ///
    /// let shutdown = Shutdown::new();
    /// let (clients, token) = (shutdown.clone(), shutdown.token().clone());
    /// let listener = async move {
    ///     clients.request(Cause::Requested); // a client says so
    ///     token.cancelled().await;
    /// };
    /// shutdown.task("listener", &rt, listener).unwrap();
    /// # let plan = untether::task::DrainPlan::new().limit(core::time::Duration::from_millis(60));
    /// let report = shutdown.run(&rt).plan(plan).await;
    /// assert_eq!((report.cancelled, report.failed.len()), (vec!["listener".into()], 0));
    /// # });
    /// ```
    pub fn run<T: Timer>(&self, timer: T) -> Drain<T> {
        Drain::new(self.clone(), timer, false)
    }

    pub(super) fn report(&self, elapsed: Duration) -> DrainReport {
        let (ended, left, signal) =
            self.0.with(|members| (members.take_ended(), members.names(), members.signal()));
        let cause = self.0.stopping.cause().unwrap_or(Cause::Shutdown);
        DrainReport::new(ended, left, cause, signal, elapsed)
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shutdown")
            .field("phase", &self.phase())
            .field("participants", &self.0.in_flight.len())
            .finish_non_exhaustive()
    }
}
