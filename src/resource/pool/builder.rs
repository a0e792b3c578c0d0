//! Options of a pool.

use super::core::Pool;
use super::manage::Manage;
use super::state::{Rules, State};
use crate::sync::{CancelToken, Latch, Semaphore};
use crate::sys::lock::Lock;
use crate::time::{MaybeTimer, NoTimer, Timer};
use core::fmt;
use core::time::Duration;

/// How long is waited for what. [`Duration::MAX`] is for ever, and asks no timer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) wait: Duration,
    pub(super) create: Duration,
    pub(super) recycle: Duration,
}

/// What becomes of an object whose [`recycle`](Manage::recycle) is dropped half way, since whoever wanted the object was dropped.
///
/// One whose recycling failed, panicked, took too long, or is dropped by a thread that is unwinding, is let go, whatever is said here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum CancelledRecycle {
    /// It is let go: nobody knows in which state it is.
    #[default]
    Detach,
    /// It lies where it lay: recycling can be done half and begun anew.
    Return,
}

/// A [`Pool`] that is to be built.
///
/// What needs time is there once a [`timer`](Self::timer) was given, and not before.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::resource::Pool;
/// use untether::resource::pool::GetError;
///
/// let pool = Pool::builder(1, || async { Ok::<_, ()>(1) })
///     .timer(&rt)
///     .wait_limit(Duration::from_millis(5))
///     .max_lifetime(Duration::from_secs(3600))
///     .build();
/// let _one = pool.get().await.unwrap();
/// assert_eq!(pool.get().await.unwrap_err(), GetError::WaitTimedOut);
/// # });
/// ```
/// A limit without a timer is not there:
/// ```compile_fail,E0599
/// # use untether::resource::Pool;
/// # let create = || async { Ok::<_, ()>(1) };
/// Pool::builder(1, create).wait_limit(core::time::Duration::MAX);
/// ```
#[must_use = "a builder makes nothing by itself"]
pub struct Builder<M, Tm = NoTimer> {
    manager: M,
    timer: Tm,
    max_size: usize,
    limits: Limits,
    rules: Rules,
    min_idle: usize,
    on_cancelled_recycle: CancelledRecycle,
}

impl<M: Manage> Builder<M> {
    pub(super) fn new(max_size: usize, manager: M) -> Self {
        assert!(max_size > 0, "a pool of no objects");
        assert!(max_size <= Semaphore::MAX_PERMITS, "a pool of more objects than Semaphore::MAX_PERMITS");
        let for_ever = Duration::MAX;
        Self {
            manager,
            timer: NoTimer,
            max_size,
            limits: Limits { wait: for_ever, create: for_ever, recycle: for_ever },
            rules: Rules { oldest_first: false, max_lifetime: for_ever, idle_time: for_ever },
            min_idle: 0,
            on_cancelled_recycle: CancelledRecycle::Detach,
        }
    }

    /// For limits and ages. The pool reads its clock when an object is made or comes back, for [`Usage`](super::Usage).
    pub fn timer<Tm: Timer>(self, timer: Tm) -> Builder<M, Tm> {
        let Self { manager, max_size, limits, rules, min_idle, on_cancelled_recycle, timer: NoTimer } = self;
        Builder { manager, timer, max_size, limits, rules, min_idle, on_cancelled_recycle }
    }
}

impl<M: Manage, Tm: MaybeTimer> Builder<M, Tm> {
    /// So many are to lie idle: [`Pool::maintain`] makes what is missing.
    ///
    /// # Panics
    /// If that is more than there may be.
    pub fn min_idle(mut self, objects: usize) -> Self {
        assert!(objects <= self.max_size, "a pool with more idle objects than it may have");
        self.min_idle = objects;
        self
    }

    /// Lends out first what has lain longest. All take turns then, and none lies long: what [`idle_time`](Self::idle_time) is for
    /// does not come about.
    pub fn fifo(mut self) -> Self {
        self.rules.oldest_first = true;
        self
    }

    /// What becomes of an object whose recycling is dropped half way. It is let go if nothing is said.
    pub fn on_cancelled_recycle(mut self, then: CancelledRecycle) -> Self {
        self.on_cancelled_recycle = then;
        self
    }

    /// The pool.
    #[must_use]
    pub fn build(self) -> Pool<M, Tm> {
        Pool {
            ages: self.rules.ask_for_time(),
            manager: self.manager,
            timer: self.timer,
            limits: self.limits,
            min_idle: self.min_idle,
            returns_cancelled: self.on_cancelled_recycle == CancelledRecycle::Return,
            semaphore: Semaphore::new(self.max_size),
            state: Lock::new(State::new(self.max_size, self.rules)),
            closing: CancelToken::new(),
            drained: Latch::new(1),
        }
    }
}

impl<M: Manage, Tm: Timer> Builder<M, Tm> {
    /// How long [`get`](Pool::get) waits for its turn.
    pub fn wait_limit(mut self, limit: Duration) -> Self {
        self.limits.wait = limit;
        self
    }

    /// How long [`create`](Manage::create) may take.
    pub fn create_limit(mut self, limit: Duration) -> Self {
        self.limits.create = limit;
        self
    }

    /// How long [`recycle`](Manage::recycle) may take.
    pub fn recycle_limit(mut self, limit: Duration) -> Self {
        self.limits.recycle = limit;
        self
    }

    /// How old an object gets: one that is older is not lent out any more, and let go when it is met.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.rules.max_lifetime = lifetime;
        self
    }

    /// How long an object lies idle: one that has lain longer is not lent out any more, and let go when it is met.
    pub fn idle_time(mut self, time: Duration) -> Self {
        self.rules.idle_time = time;
        self
    }
}

impl<M, Tm> fmt::Debug for Builder<M, Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { max_size, limits, rules, min_idle, on_cancelled_recycle, .. } = self;
        f.debug_struct("Builder")
            .field("max_size", max_size)
            .field("min_idle", min_idle)
            .field("limits", limits)
            .field("rules", rules)
            .field("on_cancelled_recycle", on_cancelled_recycle)
            .finish_non_exhaustive()
    }
}
