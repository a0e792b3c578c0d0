//! The pool and its verbs.

use super::builder::Builder;
use super::cell::Cell;
use super::core::Core;
use super::error::{ResizeError, SubmitError};
use super::idle::WaitIdle;
use super::map::Map;
use super::source::{Source, Ticketed, Tickets};
use super::state::Phase;
use super::stats::Stats;
use super::stop::{Stop, StopWithin};
use super::submission::{Reply, Submission};
use super::submit::{Submit, Submitted};
use super::ticket::Ticket;
use crate::spawn::{Spawn, SpawnErrorKind};
use crate::time::Timer;
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

/// Workers that call one handler for each input, so many at a time.
///
/// An input is [submitted](Self::submit), waits in a queue that is bounded, and is done by the next worker who is free. Its outcome is read from its
/// [`Ticket`]. A handler that fails or panics fails its input and nothing else; a worker whose task is dropped is replaced.
///
/// The pool has one life: it runs from the moment it is built to its [`stop`](Self::stop). Dropped, it ends at once: what runs is dropped, what waits
/// is dropped, and their tickets say that they were cancelled. To share it, put it into an `Arc`.
///
/// # Fairness
/// Inputs are begun in the order of the queue. A worker that finds inputs that never wait lets others run after 32 of them.
/// # Examples
/// ```
/// use untether::task::WorkerPool;
///
/// untether::rt::threads::block_on(async |rt| {
///     let pool = WorkerPool::builder(&rt).workers(3).build(async |n: u64| n.checked_mul(2).ok_or("too large")).unwrap();
///     let ticket = pool.submit(21).await.unwrap();
///     assert_eq!(ticket.await.ok(), Some(42));
///
///     let outcomes = pool.map([1, u64::MAX, 3]).collect().await;
///     assert_eq!(outcomes.oks().values, [2, 6]);
///
///     let report = pool.stop().await;
///     assert_eq!((report.tally.done, report.tally.failed), (3, 1));
///     assert_eq!(pool.submit(7).await.unwrap_err().into_inner(), 7);
/// });
/// ```
#[doc(alias = "AsyncWorkerPool")]
#[doc(alias = "TaskPool")]
#[doc(alias = "ConcurrentExecutor")]
#[must_use = "a pool that is dropped ends at once"]
pub struct WorkerPool<Q: Source> {
    core: Arc<Core<Q>>,
}

impl WorkerPool<Tickets<(), (), ()>> {
    /// For other numbers, another queue, a name, an observer.
    pub const fn builder<R: Spawn + Clone + Send + Sync + 'static>(rt: &R) -> Builder<'_, R> {
        Builder::new(rt)
    }
}

impl<I, T, E> WorkerPool<Tickets<I, T, E>>
where
    I: Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    /// A pool of 5 workers and a queue of 100, whose workers are started here and call `handler` for each input.
    ///
    /// # Errors
    /// Why not all workers could be started. Then none runs.
    pub fn new<R, H, Fut>(rt: &R, handler: H) -> Result<Self, SpawnErrorKind>
    where
        R: Spawn + Clone + Send + Sync + 'static,
        H: Fn(I) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
    {
        Builder::new(rt).build(handler)
    }
}

impl<Q: Ticketed> WorkerPool<Q> {
    /// Submits an input, and waits for room where there is none. Gives its ticket.
    ///
    /// # Cancel safety
    /// An input that was accepted is done, as if its ticket had been dropped. One that was not is dropped with the future, or taken back by
    /// [`Submit::into_inner`].
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`SubmitError`], with the input: when the pool was stopped, also while it waits.
    pub fn submit(&self, input: Q::Item) -> Submit<'_, Q> {
        Submit::new(&self.core.source, &self.core.teller, input)
    }

    /// Submits an input if there is room and nobody waits for it. Gives its ticket.
    ///
    /// # Errors
    /// [`SubmitError`] else, with the input.
    pub fn try_submit(&self, input: Q::Item) -> Submitted<Q> {
        let cell = Arc::new(Cell::new(Q::teller(&self.core.teller).clone()));
        let submission = Submission::new(input, Reply::Ticket(cell.clone()));
        match self.core.source.queue().try_send(submission) {
            Ok(()) => Ok(Ticket::new(cell)),
            Err(refused) => Err(SubmitError::of(refused, Submission::refused)),
        }
    }

    /// Submits all inputs, as there is room for them, and gives their outcomes: as a stream in the order in which they come, or
    /// [collected](Map::collect) in the order of the inputs.
    pub fn map<It: IntoIterator<Item = Q::Item>>(&self, inputs: It) -> Map<'_, Q, It::IntoIter> {
        let size = self.core.stats().size;
        let room = self.core.source.waiting().1.unwrap_or(size);
        Map::new(&self.core, inputs.into_iter(), size.saturating_add(room))
    }

    /// Waits until all that was accepted before has ended. Also if the pool is stopped.
    ///
    /// Where it is paused, that is not before it goes on.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    #[doc(alias = "wait_completion")]
    #[doc(alias = "queue.join")]
    pub fn wait_idle(&self) -> WaitIdle<'_, Q> {
        WaitIdle::new(&self.core)
    }
}

impl<Q: Source> WorkerPool<Q> {
    pub(super) const fn of(core: Arc<Core<Q>>) -> Self {
        Self { core }
    }

    pub(super) fn start(&self) -> Result<(), SpawnErrorKind> {
        self.core.start()
    }

    /// The queue that the workers take their work from.
    #[must_use]
    pub fn source(&self) -> &Arc<Q> {
        &self.core.source
    }

    /// Lets workers end what they run and begin nothing, until [`resume`](Self::resume). What is submitted waits. Of a pool that was stopped,
    /// nothing.
    pub fn pause(&self) {
        self.core.set_paused(true);
    }

    /// Lets workers go on after a [`pause`](Self::pause).
    pub fn resume(&self) {
        self.core.set_paused(false);
    }

    /// Sets how many workers there are. Those that are too many end what they run and go.
    ///
    /// # Errors
    /// [`ResizeError`], if that is 0, or if more could not be started.
    pub fn resize(&self, workers: usize) -> Result<(), ResizeError> {
        if workers == 0 {
            return Err(ResizeError::NoWorkers);
        }
        self.core.set_target(workers);
        self.core.start().map_err(ResizeError::Spawn)
    }

    /// Takes no more inputs, and has all done that were accepted. A pause ends with it.
    ///
    /// The end is asked for by the call; the future waits for it. Asked again, also in another way, it goes on with that one.
    ///
    /// # Cancel safety
    /// See [`Stop`].
    #[doc(alias = "shutdown")]
    #[doc(alias = "close")]
    pub fn stop(&self) -> Stop<'_, Q> {
        self.end(Phase::Draining)
    }

    /// Takes no more inputs and begins none. What runs is done; what was not begun comes back.
    ///
    /// # Cancel safety
    /// See [`Stop`].
    pub fn stop_after_running(&self) -> Stop<'_, Q> {
        self.end(Phase::Finishing)
    }

    /// Takes no more inputs, begins none, and drops what runs in place of its next poll. What was not begun comes back.
    ///
    /// # Cancel safety
    /// See [`Stop`].
    pub fn stop_now(&self) -> Stop<'_, Q> {
        self.end(Phase::Aborting)
    }

    /// As [`stop`](Self::stop), for no longer than `limit`, counted from the first pending poll; then as [`stop_now`](Self::stop_now).
    ///
    /// # Cancel safety
    /// See [`StopWithin`].
    pub fn stop_within<Tm: Timer>(&self, limit: Duration, timer: Tm) -> StopWithin<'_, Q, Tm> {
        self.core.stop(Phase::Draining);
        StopWithin::new(&self.core, limit, timer)
    }

    fn end(&self, phase: Phase) -> Stop<'_, Q> {
        self.core.stop(phase);
        Stop::new(&self.core)
    }

    /// Whether it was stopped, or is about to.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.core.stats().stopped
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.core.stats()
    }
}

impl<Q: Source> Drop for WorkerPool<Q> {
    fn drop(&mut self) {
        self.core.abandon();
    }
}

impl<Q: Source> fmt::Debug for WorkerPool<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerPool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
