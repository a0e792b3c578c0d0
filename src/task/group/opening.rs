//! A task that is about to be started in a group, in all the ways there are.

use super::handle::Handle;
use super::spawning::{self, Anywhere, Here, Spawning, TrySpawnError};
use super::started::Started;
use crate::spawn::{BoxTask, Label, LocalBoxTask, Spawn, SpawnLocal};
use crate::sync::CancelToken;
use alloc::borrow::Cow;
use core::fmt;

/// A task that is about to be started, with a name if it is given one. Made by [`Handle::task`].
#[must_use = "nothing is started yet"]
pub struct Opening<'a, S, T, E> {
    group: &'a Handle<S, T, E>,
    label: Label,
}

impl<'a, S, T, E> Opening<'a, S, T, E> {
    pub(super) const fn new(group: &'a Handle<S, T, E>, label: Label) -> Self {
        Self { group, label }
    }

    /// Names the task: in what it leaves, in events, in the reports of the simulator.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.label = self.label.named(name);
        self
    }

    /// As [`Handle::spawn`].
    pub fn spawn<F>(self, future: F) -> Spawning<'a, S, T, E, F, Anywhere>
    where
        F: Future<Output = Result<T, E>>,
    {
        Spawning::new(self.group, self.label, false, future)
    }

    /// As [`Handle::spawn_with`].
    pub fn spawn_with<F>(self, task: impl FnOnce(CancelToken) -> F) -> Spawning<'a, S, T, E, F, Anywhere>
    where
        F: Future<Output = Result<T, E>>,
    {
        let future = task(self.group.core.token.clone());
        Spawning::new(self.group, self.label, true, future)
    }

    /// As [`Handle::spawn_local`].
    pub fn spawn_local<F>(self, future: F) -> Spawning<'a, S, T, E, F, Here>
    where
        F: Future<Output = Result<T, E>>,
    {
        Spawning::new(self.group, self.label, false, future)
    }

    /// As [`Handle::spawn_with`], for a task that stays on this thread.
    pub fn spawn_local_with<F>(self, task: impl FnOnce(CancelToken) -> F) -> Spawning<'a, S, T, E, F, Here>
    where
        F: Future<Output = Result<T, E>>,
    {
        let future = task(self.group.core.token.clone());
        Spawning::new(self.group, self.label, true, future)
    }

    /// As [`Handle::try_spawn`].
    ///
    /// # Errors
    /// [`TrySpawnError`] hands the task back.
    pub fn try_spawn<F>(self, future: F) -> Result<Started, TrySpawnError<F, BoxTask>>
    where
        S: Spawn,
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        spawning::try_admit(self.group, future, |future| {
            Anywhere::start(self.group, self.label, false, future)
        })
    }

    /// As [`Handle::try_spawn`], for a task that is told by the group's token when it is to stop.
    ///
    /// # Errors
    /// [`TrySpawnError`] hands the task back.
    pub fn try_spawn_with<F>(
        self,
        task: impl FnOnce(CancelToken) -> F,
    ) -> Result<Started, TrySpawnError<F, BoxTask>>
    where
        S: Spawn,
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let future = task(self.group.core.token.clone());
        spawning::try_admit(self.group, future, |future| {
            Anywhere::start(self.group, self.label, true, future)
        })
    }

    /// As [`Handle::try_spawn`], for a task that stays on this thread.
    ///
    /// # Errors
    /// [`TrySpawnError`] hands the task back.
    pub fn try_spawn_local<F>(self, future: F) -> Result<Started, TrySpawnError<F, LocalBoxTask>>
    where
        S: SpawnLocal,
        F: Future<Output = Result<T, E>> + 'static,
        T: 'static,
        E: 'static,
    {
        spawning::try_admit(self.group, future, |future| Here::start(self.group, self.label, false, future))
    }
}

impl<S, T, E> fmt::Debug for Opening<'_, S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("label", &self.label).finish_non_exhaustive()
    }
}
