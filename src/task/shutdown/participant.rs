//! One that takes part: it is waited for until it is done.

use super::ending::{Ending, SharedError};
use super::members::{End, Name};
use super::phase::Phase;
use super::run::Run;
use super::shared::{Held, Shared, panicking};
use crate::spawn::{BoxTask, Label, Spawn, SpawnError};
use crate::sync::CancelToken;
use crate::sys::unwind;
use crate::task::Failure;
use crate::task::in_flight::{Closed, Entry, InFlight};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;

/// What a participant that fails before anybody asked for the shutdown brings about. In the report it is in any case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum OnFailure {
    /// It starts the shutdown.
    #[default]
    Start,
    /// The others go on: for what fails every day, such as a connection.
    Continue,
}

/// One that takes part in a [`Shutdown`](super::Shutdown), by name, until this is dropped. Made by
/// [`Shutdown::participant`](super::Shutdown::participant).
///
/// | verb | what it is for |
/// |---|---|
/// | [`run`](Self::run) | a future that takes part, and can be aborted |
/// | [`spawn`](Self::spawn) | the same as a task |
/// | drop | it is done |
/// | [`fail`](Self::fail) | it is done, and failed |
///
/// Kept by itself, in a struct or on a thread, it is waited for and told, but nobody can abort it. Dropped by a panic it has panicked.
#[must_use = "dropping it says that it is done"]
pub struct Participant {
    name: Name,
    member: u64,
    on_failure: OnFailure,
    has_ended: bool,
    // Dropped after all was said.
    _entry: Entry<Held>,
    shared: Arc<Shared>,
}

impl Participant {
    pub(super) fn new(shared: &Arc<Shared>, name: Name) -> Result<Self, Closed> {
        if shared.stopping.is_cancelled() {
            shared.in_flight.close(); // It was asked for by the token alone.
        }
        let _entry = InFlight::enter_owned(Held(shared.clone()))?;
        let member = shared.with(|members| members.add(name.clone()));
        let shared = shared.clone();
        Ok(Self { name, member, on_failure: OnFailure::Start, has_ended: false, _entry, shared })
    }

    /// What a failure of it brings about before anybody asked for the shutdown: unless said, it [starts](OnFailure::Start) it.
    pub const fn on_failure(mut self, on_failure: OnFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far the shutdown has come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.shared.phase()
    }

    /// Cancelled when the shutdown is asked for: take nothing new, finish what you have begun.
    #[must_use]
    pub fn stopping(&self) -> &CancelToken {
        &self.shared.stopping
    }

    /// Cancelled when there is no time left to finish: drop what you have begun, clean up and go.
    #[must_use]
    pub fn token(&self) -> &CancelToken {
        &self.shared.token
    }

    /// It is done, and failed.
    ///
    /// # Panics
    /// If this starts the shutdown and a callback of its tokens panics.
    pub fn fail(mut self, error: impl Into<Box<dyn Error + Send + Sync>>) {
        self.end(End::Failed(Failure::Error(error.into().into())));
    }

    /// Runs `future` as this participant, to its end or until it is aborted.
    ///
    /// # Cancel safety
    /// Dropping it drops the future, and then it is done.
    pub fn run<F: Future<Output: Ending>>(self, future: F) -> Run<F> {
        let aborted = self.shared.aborting.clone().cancelled_owned();
        Run::new(future, aborted, self)
    }

    /// Runs `future` as this participant, as a task of its name.
    ///
    /// # Errors
    /// [`SpawnError`] hands the task back when it cannot be started. It takes part until it is dropped.
    #[track_caller]
    pub fn spawn<S, F>(self, spawner: &S, future: F) -> Result<(), SpawnError<BoxTask>>
    where
        S: Spawn,
        F: Future<Output: Ending> + Send + 'static,
    {
        if spawner.wants_labels() {
            let label = Label::here().named(self.name.clone());
            spawner.spawn_boxed(BoxTask::labelled(label, self.run(future)))
        } else {
            spawner.spawn(self.run(future))
        }
    }

    pub(super) fn end(&mut self, end: End) {
        if !core::mem::replace(&mut self.has_ended, true) {
            self.shared.ended(self.member, &self.name, end, self.on_failure);
        }
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        let panicked = unwind::is_unwinding().then(|| End::Failed(panicking()));
        self.end(panicked.unwrap_or(End::Done));
    }
}

impl fmt::Debug for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Participant")
            .field("name", &self.name)
            .field("phase", &self.phase())
            .finish_non_exhaustive()
    }
}

/// What a participant's future said of itself.
pub(super) fn end_of(failure: Option<Failure<SharedError>>) -> End {
    failure.map_or(End::Done, End::Failed)
}
