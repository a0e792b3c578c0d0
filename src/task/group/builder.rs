//! How a group is made.

use super::core::{Core, OnFailure};
use super::ended::Failed;
use super::handle::Handle;
use super::owner::TaskGroup;
use super::results::Results;
use super::roster::Roster;
use crate::observe::Observer;
use crate::sync::{CancelToken, Semaphore};
use crate::sys::lock::Lock;
use alloc::sync::Arc;
use core::fmt;

/// Makes a [`TaskGroup`]. From [`TaskGroup::builder`].
#[must_use = "a builder makes nothing by itself"]
pub struct Builder<S, E> {
    spawner: S,
    limit: Option<usize>,
    token: Option<CancelToken>,
    on_failure: OnFailure<E>,
    observer: Option<Arc<dyn Observer + Send + Sync>>,
}

impl<S, E> Builder<S, E> {
    pub(super) const fn new(spawner: S) -> Self {
        let on_failure = OnFailure::Cancel;
        Self { spawner, limit: Some(10), token: None, on_failure, observer: None }
    }

    /// How many tasks run at once. 10 unless said.
    ///
    /// # Panics
    /// If it is 0: no task would ever start.
    #[doc(alias = "max_concurrent")]
    pub const fn limit(mut self, tasks: usize) -> Self {
        assert!(tasks > 0, "a group with a limit of 0 starts no task: the least is 1");
        self.limit = Some(tasks);
        self
    }

    /// As many tasks at once as are started.
    pub const fn unlimited(mut self) -> Self {
        self.limit = None;
        self
    }

    /// The group's token is a child of this one: what cancels it cancels the group.
    pub fn parent(mut self, token: &CancelToken) -> Self {
        self.token = Some(token.child());
        self
    }

    /// When one fails, the others go on, and the failures are told at the end.
    pub fn continue_on_failure(mut self) -> Self {
        self.on_failure = OnFailure::Continue;
        self
    }

    /// A failure is a matter of the task that failed alone: it is given to this, on that task, and not kept. The others go on, and to
    /// [`join_all`](TaskGroup::join_all) nothing is amiss.
    ///
    /// It can start the task anew by a [handle](Handle::handle): the slot of the one that failed is free by then, unless others were waiting for it.
    /// It is dropped with the group, so a handle may be kept in it. If it panics, that goes to the observer as the task's panic.
    pub fn supervise(mut self, supervisor: impl Fn(Failed<E>) + Send + Sync + 'static) -> Self {
        self.on_failure = OnFailure::Supervise(Lock::new(Some(Arc::new(supervisor))));
        self
    }

    /// Tells of each task that panics, and of each error that nobody has read when the group is dropped.
    pub fn observed(mut self, observer: impl Observer + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// A group of tasks that give nothing. What is kept of those that ended well is their number; of the failures that nobody reads, the first
    /// 1,000.
    pub fn build(self) -> TaskGroup<S, (), E> {
        self.make(false)
    }

    /// A group that keeps what its tasks give until it is read.
    pub fn collecting<T>(self) -> TaskGroup<S, T, E> {
        self.make(true)
    }

    fn make<T>(self, collects: bool) -> TaskGroup<S, T, E> {
        let roster = Arc::new(Roster::new(self.limit.map(Semaphore::new)));
        let token = self.token.unwrap_or_default();
        let reach = Arc::downgrade(&roster);
        let registration = token.on_cancel(move |_| {
            if let Some(roster) = reach.upgrade() {
                roster.cancelled();
            }
        });
        let results = Results::new(collects);
        let core = Core::new(roster, token, self.on_failure, self.observer, results);
        TaskGroup::of(Handle { spawner: self.spawner, core: Arc::new(core) }, registration)
    }
}

impl<S, E> fmt::Debug for Builder<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("limit", &self.limit).finish_non_exhaustive()
    }
}
