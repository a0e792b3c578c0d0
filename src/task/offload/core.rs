//! The offload and its verbs.

use super::builder::Builder;
use super::map::Map;
use super::read_ahead::ReadAhead;
use super::run::Run;
use super::stats::Stats;
use crate::spawn::{Label, SpawnBlocking};
use crate::sync::Semaphore;
use crate::sync::semaphore::Permit;
use alloc::sync::Arc;
use core::fmt;

/// Runs closures that block, so many at once, on the threads of a runtime.
///
/// A value to be made once and cloned: clones share the limit and the line. It starts no thread; the runtime's are used.
///
/// # Fairness
/// First come, first served, whatever it is that comes: a closure, a closure of a [`map`](Self::map), a turn of a
/// [`stream`](Self::stream). A stream gives its place up to those who wait after as many items as it reads ahead.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::task::Offload;
/// use untether::time::TimeoutExt;
///
/// let blocking = Offload::new(rt.clone());
/// let sum = blocking.run(|| (1..=100_u32).sum::<u32>()).await;
/// assert_eq!(sum.unwrap(), 5_050);
///
/// // Whoever gives up goes on at once, though the closure cannot be stopped.
/// let (stop, told) = std::sync::mpsc::channel::<()>();
/// let waits = blocking.run(move || told.recv()).timeout(Duration::from_millis(1), &rt).await;
/// assert!(waits.is_err());
/// assert_eq!(blocking.stats().running, 1);
/// # drop(stop);
/// # });
/// ```
#[doc(alias = "offload")]
#[doc(alias = "run_in_executor")]
#[doc(alias = "run_in_threadpool")]
#[doc(alias = "ThreadPoolExecutor")]
#[doc(alias = "spawn_blocking")]
#[derive(Clone)]
pub struct Offload<S> {
    pub(super) spawn: S,
    pub(super) limit: usize,
    /// Whoever has a permit may pass a closure to the runtime. It is given back when that has ended.
    pub(super) places: Arc<Semaphore>,
}

/// A place among those that are at the runtime.
pub(super) type Place = Permit<Arc<Semaphore>>;

impl<S: SpawnBlocking + Clone> Offload<S> {
    /// At most 4 closures at once, on the threads of this runtime.
    #[must_use]
    pub fn new(spawn: S) -> Self {
        Self::builder(spawn).build()
    }

    /// For another limit.
    pub const fn builder(spawn: S) -> Builder<S> {
        Builder::new(spawn)
    }

    /// Runs a closure as soon as there is a place for it, and gives what it gives.
    ///
    /// The line is joined at the first poll. When this is ready, the place is free again.
    ///
    /// # Cancel safety
    /// Dropping the future never waits. In line, it gives up its place. At the runtime, a closure that has not begun never runs, and is dropped here
    /// as well; one that has runs on, and keeps its place until it ends.
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// - [`Failure::Panicked`](crate::task::Failure::Panicked) if the closure did.
    /// - [`Failure::Cancelled`](crate::task::Failure::Cancelled) if the runtime went away before it came to the closure.
    /// - [`Failure::Error`](crate::task::Failure::Error) if the runtime takes no closure: it is
    ///   [handed back](crate::spawn::SpawnError::into_inner).
    ///
    /// What the closure gives, its own errors included, is inside of `Ok`.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::task::{Failure, Offload};
    ///
    /// let blocking = Offload::new(rt);
    /// let number = blocking.run(|| "42".parse::<u32>()).await.unwrap();
    /// assert_eq!(number, Ok(42));
    /// let failure = blocking.run(|| panic!("disk on fire")).await;
    /// assert!(matches!(failure, Err(Failure::<_>::Panicked(panicked)) if panicked.message() == "disk on fire"));
    /// # });
    /// ```
    #[doc(alias = "run_blocking_operation")]
    #[doc(alias = "unblock")]
    #[track_caller]
    pub fn run<F, T>(&self, work: F) -> Run<S, F, T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.run_labelled(Label::here(), work)
    }

    pub(super) fn run_labelled<W: Send + 'static, T: Send + 'static>(
        &self,
        label: Label,
        work: W,
    ) -> Run<S, W, T> {
        Run::new(self.spawn.clone(), Semaphore::acquire_owned(self.places.clone()), label, work)
    }

    /// Runs a function that blocks over the items of an iterator: a [`Map`], whose outcomes are read as they come, or
    /// [collected](Map::collect).
    ///
    /// Items are taken from the iterator as they can be begun, on the task that awaits: no more are under way than may run at once.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use untether::task::Offload;
    ///
    /// let blocking = Offload::new(rt);
    /// let lengths = blocking.map(["a", "bc", "def"], |text| text.len()).collect().await;
    /// assert_eq!(lengths.all().unwrap(), [1, 2, 3]);
    /// # });
    /// ```
    #[doc(alias = "offload_map")]
    #[track_caller]
    pub fn map<I, F, T>(&self, items: I, work: F) -> Map<S, I::IntoIter, T>
    where
        I: IntoIterator<Item: Send + 'static>,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        Map::new(self.clone(), Label::here(), items.into_iter(), Arc::new(work))
    }

    /// Reads an iterator that blocks, such as a file in chunks, as a stream, and a little ahead of who reads it.
    ///
    /// `open` makes the iterator, on a blocking thread as well. Nothing is done before the first poll. See [`ReadAhead`].
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use futures_util::StreamExt;
    /// use std::io::{BufRead, Cursor};
    /// use untether::task::Offload;
    ///
    /// let blocking = Offload::new(rt);
    /// let mut lines = blocking.stream(|| Cursor::new("one\ntwo\n").lines()).ahead(2);
    /// assert_eq!(lines.next().await.unwrap().unwrap().unwrap(), "one");
    /// # });
    /// ```
    #[doc(alias = "offload_stream")]
    #[track_caller]
    pub fn stream<F, I>(&self, open: F) -> ReadAhead<S, I::Item>
    where
        F: FnOnce() -> I + Send + 'static,
        I: IntoIterator<Item: Send + 'static, IntoIter: Send + 'static> + 'static,
    {
        ReadAhead::new(self.clone(), Label::here(), open)
    }
}

impl<S> Offload<S> {
    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let line = self.places.stats();
        let running = line.capacity.saturating_sub(line.available + line.granted);
        Stats { limit: self.limit, running, waiting: line.waiting, granted: line.granted }
    }
}

impl<S> fmt::Debug for Offload<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offload").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
