//! The pool and its verbs.

use super::builder::{Builder, Limits};
use super::error::{AddError, CreateError, GetError, TryGetError};
use super::get;
use super::holder::{ErrorOf, Holder};
use super::leaving::Leaving;
use super::limit::Limited;
use super::manage::Manage;
use super::object::Object;
use super::state::State;
use super::stats::Stats;
use super::usage::Usage;
use crate::sync::{CancelToken, Latch, Semaphore, latch};
use crate::sys::lock::Lock;
use crate::time::{Instant, MaybeTimer, NoTimer};
use core::fmt;
use core::time::Duration;

/// Objects that are made when they are needed, lent out, and used again.
///
/// Up to a size: when all are in use, who wants one waits. Nothing is made ahead unless it is asked for
/// ([`min_idle`](Builder::min_idle), [`replenish`](Self::replenish)), and without a [timer](Builder::timer) no clock is read.
///
/// # Fairness
/// First come, first served, as by a [`Semaphore`]. Of what lies idle the last that came back is lent out first, so that those that are too many
/// lie long enough to be let go; [`fifo`](Builder::fifo) takes turns.
///
/// # Examples
/// ```
/// use untether::resource::Pool;
///
/// untether::rt::threads::block_on(|_| async {
///     let pool = Pool::new(2, || async { Ok::<_, ()>(vec![0_u8; 1024]) });
///     let (one, two) = (pool.get().await.unwrap(), pool.get().await.unwrap());
///     assert_eq!((one.len(), pool.stats().in_use), (1024, 2));
///     assert!(pool.try_get().is_err());
///     drop((one, two));
///     assert_eq!(pool.stats().idle, 2);
/// });
/// ```
#[doc(alias = "connection pool")]
#[doc(alias = "deadpool")]
#[doc(alias = "bb8")]
pub struct Pool<M: Manage, Tm: MaybeTimer = NoTimer> {
    pub(super) manager: M,
    pub(super) timer: Tm,
    pub(super) limits: Limits,
    pub(super) min_idle: usize,
    pub(super) ages: bool,
    pub(super) returns_cancelled: bool,
    pub(super) semaphore: Semaphore,
    pub(super) state: Lock<State<M::Object>>,
    /// Cancelled by the close, and when the pool is dropped.
    pub(super) closing: CancelToken,
    /// Open when the pool is closed and nothing is left.
    pub(super) drained: Latch,
}

impl<M: Manage> Pool<M> {
    /// At most `max_size` objects, made by `manager`.
    ///
    /// # Panics
    /// If that is 0, or more than [`Semaphore::MAX_PERMITS`].
    #[must_use]
    pub fn new(max_size: usize, manager: M) -> Self {
        Self::builder(max_size, manager).build()
    }

    /// For all that can be said of a pool.
    ///
    /// # Panics
    /// If `max_size` is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub fn builder(max_size: usize, manager: M) -> Builder<M> {
        Builder::new(max_size, manager)
    }
}

impl<M: Manage, Tm: MaybeTimer> Pool<M, Tm> {
    /// Waits for an object: one that lies idle, made fit by [`recycle`](Manage::recycle), or a new one. An idle one that is too old, or whose
    /// recycling fails or takes too long, is let go, and the next is tried.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line, or the place in the pool. An object that is being made is dropped with its future;
    /// of one that is being recycled [`CancelledRecycle`](super::CancelledRecycle) says what becomes. No place is lost, and no object that was
    /// made: it is in its guard in the very poll in which it is there. So a [`timeout`](fn@crate::time::timeout) around it loses nothing.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`GetError`]: the pool is closed, a limit has passed, or the manager could not make one.
    /// # Panics
    /// If the manager does. The place is free again by then, and the object let go.
    #[inline]
    pub async fn get(&self) -> Result<Object<&Self>, GetError<M::Error>> {
        get::get(self).await
    }

    /// As [`get`](Self::get), for an object that owns its hold on the pool: an `Arc`, an `Rc`, or a [`Holder`] of yours.
    ///
    /// # Cancel safety
    /// As of [`get`](Self::get): nothing is lost.
    /// # Errors
    /// As of [`get`](Self::get).
    #[inline]
    pub async fn get_owned<P>(holder: P) -> Result<Object<P>, GetError<ErrorOf<P>>>
    where
        P: Holder<Manager = M, Timer = Tm>,
    {
        get::get(holder).await
    }

    /// Takes one that lies idle, if nobody waits for it. It never waits, so the object is *not* recycled.
    ///
    /// # Errors
    /// [`TryGetError`] if there is none, or the pool is closed.
    pub fn try_get(&self) -> Result<Object<&Self>, TryGetError> {
        get::try_get(self)
    }

    /// As [`try_get`](Self::try_get), owned.
    ///
    /// # Errors
    /// [`TryGetError`] if there is none, or the pool is closed.
    pub fn try_get_owned<P>(holder: P) -> Result<Object<P>, TryGetError>
    where
        P: Holder<Manager = M, Timer = Tm>,
    {
        get::try_get(holder)
    }

    /// Lets an object that was made elsewhere lie idle here. Nobody is asked whether it is broken. Whoever is just about to find out that
    /// nothing lies idle has a place as well, for that moment.
    ///
    /// # Errors
    /// [`AddError`] gives it back if there are as many as there may be, or the pool is closed.
    pub fn add(&self, object: M::Object) -> Result<(), AddError<M::Object>> {
        self.add_idle(object)
    }

    /// Makes up to `n` that will lie idle, one after the other. Says how many it made: fewer where there is no room for more, all
    /// places are taken, the pool is closed, or it did not keep the last one that was made.
    ///
    /// # Cancel safety
    /// What was made stays. The one that is being made is dropped with its future.
    /// # Errors
    /// [`CreateError`] for the first that could not be made. Those before it stay.
    pub async fn replenish(&self, n: usize) -> Result<usize, CreateError<M::Error>> {
        self.fill(n, usize::MAX).await
    }

    /// One step of maintenance: lets go of what lies idle and is older than [`max_lifetime`](Builder::max_lifetime), or has lain longer than
    /// [`idle_time`](Builder::idle_time); then makes new ones up to [`min_idle`](Builder::min_idle).
    ///
    /// Without it nothing that is too old is lent out either, but it lies there until somebody comes for it.
    ///
    /// # Cancel safety
    /// It can be dropped at any time: what was done stays done.
    /// # Errors
    /// [`CreateError`] if one could not be made.
    pub async fn maintain(&self) -> Result<(), CreateError<M::Error>> {
        self.let_go_of_stale();
        self.fill(self.min_idle, self.min_idle).await.map(drop)
    }

    /// Shows all that lies idle to `keep`, from the one that came back first, and lets go of those for which it says `false`. Says how many.
    ///
    /// What somebody waits for, or takes meanwhile, is not looked at. Each is taken out while it is looked at, so `keep` may use the pool.
    ///
    /// # Panics
    /// If `keep` does. The object that it looked at is let go, the others stay.
    pub fn retain(&self, keep: impl FnMut(&mut M::Object, &Usage) -> bool) -> usize {
        self.retain_idle(keep)
    }

    /// Sets how many objects there may be.
    ///
    /// If there are more, those that lie idle go at once, the oldest first, and others as they come back. No new one is begun until there is
    /// room again: who had its turn before, and finds nothing idle, waits anew at the end of the line. With 0 nobody gets any.
    ///
    /// # Panics
    /// If that is more than [`Semaphore::MAX_PERMITS`]. Nothing was changed then.
    pub fn resize(&self, max_size: usize) {
        self.set_size(max_size);
    }

    /// Refuses everybody from now on, and whoever waits. What lies idle is let go, what is in use is let go as it comes back. Whoever is
    /// creating or recycling one gets it still.
    pub fn close(&self) {
        // Each is done whatever panics in the other: wakers, callbacks, and what is let go.
        let _closing = self.closing.guard();
        let _leaving = Leaving::new(self, self.state.with(State::close));
        self.semaphore.close();
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        // The state is closed first: who was told by the semaphore finds it here as well.
        self.state.with(|state| state.closed)
    }

    /// Waits until the pool is closed and nothing is left: all objects came back and were let go.
    ///
    /// # Cancel safety
    /// Dropping it loses nothing.
    pub fn drained(&self) -> latch::Wait<&Latch> {
        self.drained.wait()
    }

    /// The manager.
    pub const fn manager(&self) -> &M {
        &self.manager
    }

    /// How it stands.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut stats = self.state.with(|state| state.stats());
        let line = self.semaphore.stats();
        (stats.waiting, stats.granted) = (line.waiting, line.granted);
        stats
    }

    /// Changes the counts, and tells whoever waits for the end when this was it.
    #[inline]
    pub(super) fn settle(&self, change: impl FnOnce(&mut State<M::Object>)) {
        let drained = self.state.with(|state| {
            change(state);
            state.is_drained()
        });
        if drained {
            self.drained.count_down(1);
        }
    }

    /// The clock is not read where nothing grows old.
    #[inline]
    pub(super) fn time_if_it_matters(&self) -> Option<Instant> {
        if self.ages { self.timer.moment() } else { None }
    }

    #[inline]
    pub(super) const fn within<F: Future>(&self, limit: Duration, future: F) -> Limited<'_, F, Tm> {
        Limited::new(future, limit, &self.timer)
    }
}

impl<M: Manage, Tm: MaybeTimer> Drop for Pool<M, Tm> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<M: Manage, Tm: MaybeTimer> fmt::Debug for Pool<M, Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.stats(), f)
    }
}
