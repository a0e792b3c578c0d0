//! A function that blocks, over many items.

use super::core::Offload;
use super::run::Run;
use crate::spawn::{Label, SpawnBlocking, SpawnError};
use crate::sys::unwind;
use crate::task::{Outcome, Outcomes};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::iter::Fuse;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::stream::{FusedStream, Stream};
use futures_util::stream::FuturesUnordered;

type Work<X, T> = Arc<dyn Fn(X) -> T + Send + Sync>;

/// The outcomes of a function over many items, as they come, each with the index of its item. Made by [`Offload::map`].
///
/// As many items are under way as may run at once; they wait in one line with all others. The next is taken from the iterator when one
/// of them has ended and its outcome was read: so much is in memory, and no more.
///
/// Where all outcomes are wanted in the order of the items, [`collect`](Self::collect) them.
///
/// # Cancel safety
/// Dropping it begins nothing more and never waits. What runs, runs on to its end; what has not begun is dropped.
/// # Fairness
/// Each item waits in line by itself. One that has come to its turn keeps its place from others until this is polled again: whoever takes long
/// over an outcome does so better in a task of its own.
/// # Panics
/// If the iterator does.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use futures_util::StreamExt;
/// use untether::task::Offload;
///
/// let blocking = Offload::new(rt);
/// let mut squares = blocking.map(1..=10_u32, |n| n * n);
/// let mut sum = 0;
/// while let Some((_index, outcome)) = squares.next().await {
///     sum += outcome.ok().unwrap();
/// }
/// assert_eq!(sum, 385);
/// # });
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Map<S, I: Iterator, T> {
    offload: Offload<S>,
    label: Label,
    items: Fuse<I>,
    index: usize,
    work: Work<I::Item, T>,
    running: FuturesUnordered<OfItem<S, I::Item, T>>,
    is_over: bool,
}

impl<S, I: Iterator, T> Map<S, I, T> {
    pub(super) fn new(offload: Offload<S>, label: Label, items: I, work: Work<I::Item, T>) -> Self {
        let (items, running) = (items.fuse(), FuturesUnordered::new());
        Self { offload, label, items, index: 0, work, running, is_over: false }
    }

    /// All outcomes, in the order of the items: as many as there are items.
    ///
    /// # Cancel safety
    /// As of [`Map`]: outcomes that have come are dropped with it.
    pub fn collect(self) -> Collect<S, I, T> {
        Collect { outcomes: Vec::with_capacity(self.items.size_hint().0.min(MOST)), map: self }
    }
}

/// No more room than this is made for outcomes because an iterator says so.
const MOST: usize = 1_024;

impl<S, I, T> Map<S, I, T>
where
    S: SpawnBlocking + Clone,
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
{
    /// As many under way as may run at once.
    fn fill(&mut self) {
        while self.running.len() < self.offload.limit {
            let Some(item) = self.items.next() else { return };
            let run = self.offload.run_labelled(self.label.clone(), item);
            self.running.push(OfItem { index: self.index, work: self.work.clone(), run: Some(run) });
            self.index += 1;
        }
    }
}

/// Nothing of it is pinned but what is boxed.
impl<S, I: Iterator, T> Unpin for Map<S, I, T> {}

impl<S, I, T> Stream for Map<S, I, T>
where
    S: SpawnBlocking + Clone,
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
{
    type Item = (usize, Outcome<T, SpawnError<I::Item>>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.fill();
        let next = ready!(Pin::new(&mut self.running).poll_next(cx));
        self.is_over = next.is_none();
        Poll::Ready(next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.items.size_hint();
        let running = self.running.len();
        (least.saturating_add(running), most.and_then(|most| most.checked_add(running)))
    }
}

impl<S, I, T> FusedStream for Map<S, I, T>
where
    S: SpawnBlocking + Clone,
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
{
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}

impl<S, I: Iterator, T> fmt::Debug for Map<S, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("begun", &self.index).finish_non_exhaustive()
    }
}

/// One item under way.
struct OfItem<S, X, T> {
    index: usize,
    work: Work<X, T>,
    /// Until it is dropped.
    run: Option<Run<S, X, T>>,
}

/// An item that panics as it is dropped takes nobody along: the set that all are in would leave those behind it, and their places in line, for good.
impl<S, X, T> Drop for OfItem<S, X, T> {
    fn drop(&mut self) {
        unwind::keep_going(|| self.run = None);
    }
}

impl<S: SpawnBlocking, X: Send + 'static, T: Send + 'static> Future for OfItem<S, X, T> {
    type Output = (usize, Outcome<T, SpawnError<X>>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { index, work, run } = &mut *self;
        let work = work.clone();
        let run = run.as_mut().expect("it is there until this is dropped");
        let result = ready!(run.poll_by(cx, move |item| work(item)));
        Poll::Ready((*index, result.map_or_else(Outcome::from, Outcome::Ok)))
    }
}

/// All outcomes of a [`Map`], in the order of its items. Made by [`Map::collect`].
///
/// # Cancel safety
/// As of [`Map`].
/// # Panics
/// If the iterator does. When polled after it was ready, it is of no outcomes.
#[must_use = "futures do nothing unless polled"]
pub struct Collect<S, I: Iterator, T> {
    map: Map<S, I, T>,
    /// By index; those that have not come are nothing.
    outcomes: Vec<Option<Outcome<T, SpawnError<I::Item>>>>,
}

impl<S, I: Iterator, T> Unpin for Collect<S, I, T> {}

impl<S, I, T> Future for Collect<S, I, T>
where
    S: SpawnBlocking + Clone,
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
{
    type Output = Outcomes<T, SpawnError<I::Item>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        while let Some((index, outcome)) = ready!(Pin::new(&mut self.map).poll_next(cx)) {
            while self.outcomes.len() <= index {
                self.outcomes.push(None);
            }
            self.outcomes[index] = Some(outcome);
        }
        Poll::Ready(mem::take(&mut self.outcomes).into_iter().flatten().collect())
    }
}

impl<S, I: Iterator, T> fmt::Debug for Collect<S, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collect").field("map", &self.map).finish_non_exhaustive()
    }
}
