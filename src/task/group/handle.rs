//! What starts tasks in a group: the group itself, and whoever was given a handle.

use super::core::Core;
use super::member::Member;
use super::opening::Opening;
use super::seat::Seat;
use super::spawning::{Anywhere, Here, Spawning, TrySpawnError};
use super::started::Started;
use super::stats::Stats;
use crate::spawn::{BoxTask, Label, Spawn};
use crate::sync::CancelToken;
use crate::sync::cancel::Cause;
use alloc::sync::Arc;
use core::fmt;

/// Starts tasks in a group, and tells of it. A [`TaskGroup`](super::TaskGroup) is one; a clone from
/// [`handle`](Self::handle) can be given to its tasks, which start siblings with it.
///
/// It keeps no group open: when the [`TaskGroup`](super::TaskGroup) is gone, it starts nothing more.
pub struct Handle<S, T, E> {
    pub(super) spawner: S,
    pub(super) core: Arc<Core<T, E>>,
}

impl<S, T, E> Handle<S, T, E> {
    /// A task with a name, or started in a way that has no short form here.
    #[track_caller]
    pub const fn task(&self) -> Opening<'_, S, T, E> {
        Opening::new(self, Label::here())
    }

    /// Starts a task when there is a slot for it.
    ///
    /// When the group is cancelled, the task is dropped in place of its next poll. One that is to clean up after itself is started by
    /// [`spawn_with`](Self::spawn_with).
    ///
    /// A task of the group that waits here for a slot holds its own meanwhile: where all do, none goes on. From inside, use
    /// [`try_spawn`](Self::try_spawn), or a group without a limit.
    #[doc(alias = "create_task")]
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> Spawning<'_, S, T, E, F, Anywhere>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.task().spawn(future)
    }

    /// Starts a task that is told by the group's token when it is to stop, and stops by itself: it is not dropped when the group is
    /// cancelled. What it fails with after that is kept as [`Outcome::Cancelled`](super::super::Outcome::Cancelled).
    ///
    /// The closure is called at once, what it gives is polled when there is a slot.
    #[track_caller]
    pub fn spawn_with<F>(&self, task: impl FnOnce(CancelToken) -> F) -> Spawning<'_, S, T, E, F, Anywhere>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.task().spawn_with(task)
    }

    /// Starts a task that stays on this thread, when there is a slot for it.
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> Spawning<'_, S, T, E, F, Here>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.task().spawn_local(future)
    }

    /// Starts a task, if there is a slot for it now and nobody waits for one.
    ///
    /// # Errors
    /// [`TrySpawnError`] hands the task back.
    #[track_caller]
    pub fn try_spawn<F>(&self, future: F) -> Result<Started, TrySpawnError<F, BoxTask>>
    where
        S: Spawn,
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        self.task().try_spawn(future)
    }

    /// Another one, for the group's own tasks or for somebody else.
    #[must_use]
    pub fn handle(&self) -> Self
    where
        S: Clone,
    {
        Self { spawner: self.spawner.clone(), core: self.core.clone() }
    }

    /// The token that is cancelled with the group. A child of the parent's, if it has one.
    #[must_use]
    pub fn token(&self) -> &CancelToken {
        &self.core.token
    }

    /// From now on no task is started: also those that wait for a slot are refused. What runs goes on.
    pub fn close(&self) {
        self.core.roster.close();
    }

    /// Whether it starts no more tasks.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.core.roster.inside.is_closed()
    }

    /// Closes the group and cancels its token: tasks that were given the token are asked to stop, all others are dropped in place of their next
    /// poll.
    pub fn cancel(&self, cause: Cause) {
        self.core.cancel(cause);
    }

    /// Closes the group and has every task dropped in place of its next poll, also those that were given the token.
    pub fn abort_all(&self) {
        self.core.roster.abort_all();
    }

    /// How many tasks run.
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.roster.inside.len()
    }

    /// Whether no task runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it is doing.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats::of(&self.core)
    }

    pub(super) fn member(&self, label: Label, asked: bool) -> (Member<T, E>, Started) {
        let seat = Arc::new(Seat::new(label, self.core.number(), asked));
        let core = self.core.clone();
        (Member { core, seat: Some(seat.clone()), has_waited: false }, Started::new(seat))
    }
}

impl<S: Clone, T, E> Clone for Handle<S, T, E> {
    fn clone(&self) -> Self {
        self.handle()
    }
}

impl<S, T, E> fmt::Debug for Handle<S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
