//! Options of a pool.

use super::OnPanic;
use super::core::{Core, Start};
use super::pool::WorkerPool;
use super::source::{EndsWith, Inputs, Source, Tickets};
use super::state::Berth;
use super::telling::Tells;
use super::worker::{Duty, Worker};
use crate::observe::Observer;
use crate::queue::{Queue, Storage, WorkQueue};
use crate::spawn::{Spawn, SpawnErrorKind, Task};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use core::fmt;

/// How many workers a pool has, if nothing is said.
const WORKERS: usize = 5;
/// How many inputs its queue holds, if nothing is said.
const CAPACITY: usize = 100;

/// A [`WorkerPool`] that is to be built: with 5 workers and a queue of 100, if nothing else is said.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(async |rt| {
/// use untether::task::WorkerPool;
/// use untether::task::worker_pool::OnPanic;
///
/// let builder = WorkerPool::builder(&rt).workers(2).capacity(10).name("printer").on_panic(OnPanic::Stop);
/// let pool = builder.build(async |page: u32| Ok::<_, ()>(page)).unwrap();
/// assert_eq!(pool.stats().workers, 2);
/// # });
/// ```
#[must_use = "a builder starts nothing by itself"]
#[derive(Clone)]
pub struct Builder<'r, R, Q = Bounded, O = ()> {
    rt: &'r R,
    source: Q,
    observer: O,
    workers: usize,
    name: Cow<'static, str>,
    on_panic: OnPanic,
}

/// What building a pool gives: the pool, or the reason why not all of its workers could be started.
pub type Built<Q> = Result<WorkerPool<Q>, SpawnErrorKind>;

/// A queue that is made with the pool: first in, first out, with a bound.
#[derive(Clone, Copy, Debug)]
pub struct Bounded(usize);

impl<'r, R: Spawn + Clone + Send + Sync + 'static> Builder<'r, R> {
    pub(super) const fn new(rt: &'r R) -> Self {
        let name = Cow::Borrowed("worker");
        Self {
            rt,
            source: Bounded(CAPACITY),
            observer: (),
            workers: WORKERS,
            name,
            on_panic: OnPanic::Replace,
        }
    }
}

impl<'r, R, O> Builder<'r, R, Bounded, O> {
    /// How many inputs may wait; whoever submits one more waits. 100 without it.
    ///
    /// # Panics
    /// If it is 0: for a queue from hand to hand, or without a bound, make it [yourself](Self::queue).
    #[doc(alias = "maxsize")]
    pub const fn capacity(mut self, inputs: usize) -> Self {
        assert!(inputs > 0, "a queue of capacity 0: Queue::rendezvous goes from hand to hand");
        self.source = Bounded(inputs);
        self
    }

    /// A queue made elsewhere: with [priorities](crate::queue::Builder::priority), [weights](crate::queue::Builder::weight), the
    /// [freshest first](crate::queue::Builder::lifo), something else to do [where there is no room](crate::queue::Overflow), or without a
    /// bound. Its items are [`Submission`](super::Submission)s.
    pub fn queue<S: Storage>(self, queue: Queue<S::Item, S>) -> Builder<'r, R, Arc<Inputs<S>>, O> {
        self.on(Arc::new(Inputs(Arc::new(queue))))
    }

    /// A queue of jobs: each is done at least once. A worker leases a job and gives the handler a clone of it; a job that ends well is
    /// [done](crate::queue::work::Job::ack), any other has [failed](crate::queue::work::Job::nack) and is tried again, as the queue says.
    ///
    /// The queue has other holders, who put jobs in and look at the dead letters. It is closed when the pool is stopped, and left alone when the
    /// pool is dropped.
    pub fn work_queue<I, Tm, K>(
        self,
        queue: Arc<WorkQueue<I, Tm, K>>,
    ) -> Builder<'r, R, Arc<WorkQueue<I, Tm, K>>, O>
    where
        Tm: crate::time::Timer,
    {
        self.on(queue)
    }

    fn on<Q>(self, source: Q) -> Builder<'r, R, Q, O> {
        let Self { rt, observer, workers, name, on_panic, .. } = self;
        Builder { rt, source, observer, workers, name, on_panic }
    }
}

impl<'r, R, Q, O> Builder<'r, R, Q, O> {
    /// How many workers there are. 5 without it.
    ///
    /// # Panics
    /// If it is 0.
    #[doc(alias = "max_workers")]
    pub const fn workers(mut self, workers: usize) -> Self {
        assert!(workers > 0, "a pool of no workers would do nothing for ever");
        self.workers = workers;
        self
    }

    /// What the workers are called, each with its number: `worker 1` without it. By that name their tasks are known to the executor, and the
    /// pool to its observer.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// What becomes of the pool when a handler panics.
    pub const fn on_panic(mut self, on_panic: OnPanic) -> Self {
        self.on_panic = on_panic;
        self
    }

    /// Tells an observer of each failure that nobody reads, as an `unread_failure` event with its `error`: of inputs whose ticket was dropped, and of
    /// all jobs of a [`WorkQueue`]. The error has to be `Display`.
    pub fn observer<P: Observer + Send + Sync + 'static>(self, observer: P) -> Builder<'r, R, Q, Told<P>> {
        let Self { rt, source, workers, name, on_panic, .. } = self;
        Builder { rt, source, observer: Told(observer), workers, name, on_panic }
    }
}

/// An observer that hears of failures. See [`Builder::observer`].
#[derive(Clone, Copy, Debug)]
pub struct Told<P>(pub(super) P);

impl<R: Spawn + Clone + Send + Sync + 'static, O> Builder<'_, R, Bounded, O> {
    /// The pool: its workers are started here, and call `handler` for each input.
    ///
    /// # Errors
    /// Why not all workers could be started. Then none runs.
    pub fn build<I, T, E, H, Fut>(self, handler: H) -> Built<Tickets<I, T, E>>
    where
        I: Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
        H: Fn(I) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        O: Tells<E>,
    {
        self.build_numbered(move |_, input| handler(input))
    }

    /// The same for a handler that is also told which worker calls it: the number that is in its name.
    ///
    /// # Errors
    /// As of [`build`](Self::build).
    pub fn build_numbered<I, T, E, H, Fut>(self, handler: H) -> Built<Tickets<I, T, E>>
    where
        I: Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
        H: Fn(usize, I) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        O: Tells<E>,
    {
        let queue = Queue::bounded(self.source.0);
        self.queue(queue).build_numbered(handler)
    }
}

impl<R: Spawn + Clone + Send + Sync + 'static, Q: Source + 'static, O> Builder<'_, R, Arc<Q>, O> {
    /// The pool: its workers are started here, and call `handler` for each input.
    ///
    /// # Errors
    /// Why not all workers could be started. Then none runs.
    pub fn build<T, E, H, Fut>(self, handler: H) -> Built<Q>
    where
        Q: EndsWith<T, E>,
        T: Send + 'static,
        E: Send + 'static,
        H: Fn(Q::Item) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        O: Tells<E>,
    {
        self.build_numbered(move |_, input| handler(input))
    }

    /// The same for a handler that is also told which worker calls it: the number that is in its name.
    ///
    /// # Errors
    /// As of [`build`](Self::build).
    pub fn build_numbered<T, E, H, Fut>(self, handler: H) -> Built<Q>
    where
        Q: EndsWith<T, E>,
        T: Send + 'static,
        E: Send + 'static,
        H: Fn(usize, Q::Item) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        O: Tells<E>,
    {
        let Self { rt, source, observer, workers, name, on_panic } = self;
        let teller = observer.teller(&name);
        let kept = Q::keep(&teller);
        let (duty, rt) = (Arc::new(Duty { handler, teller, on_panic }), rt.clone());
        let start: Start<Q> = Box::new(move |core, berth| start_worker(&rt, &name, core, &duty, berth));
        let pool = WorkerPool::of(Arc::new(Core::new(source, kept, workers, start)));
        pool.start()?;
        Ok(pool)
    }
}

fn start_worker<R, Q, T, E, H, Fut>(
    rt: &R,
    name: &str,
    core: &Arc<Core<Q>>,
    duty: &Arc<Duty<H, E>>,
    berth: Berth,
) -> Result<(), SpawnErrorKind>
where
    R: Spawn,
    Q: EndsWith<T, E> + 'static,
    T: Send + 'static,
    E: Send + 'static,
    H: Fn(usize, Q::Item) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
{
    let worker = Worker::new(core.clone(), duty.clone(), berth);
    let task = Task::builder().name(format!("{name} {}", berth.number));
    match task.spawn(rt, worker) {
        Ok(task) => {
            task.detach();
            Ok(())
        }
        Err(error) => Err(error.kind()),
    }
}

impl<R, Q, O> fmt::Debug for Builder<'_, R, Q, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("workers", &self.workers)
            .field("name", &self.name)
            .field("on_panic", &self.on_panic)
            .finish_non_exhaustive()
    }
}
