//! An input in the queue, and where its outcome goes.

use super::answers::Answers;
use super::cell::Cell;
use super::source::seal::{Feeds, Settles, Teller};
use super::source::{EndsWith, Inputs, QueueOf, Source, Ticketed};
use crate::queue::{Queue, RecvStream, Storage};
use crate::sys::unwind::keep_going;
use crate::task::Outcome;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::stream::Stream;

/// An input that waits in the queue of a [`WorkerPool`](super::WorkerPool). It dereferences to the input, for a queue that asks for its
/// priority or its weight.
///
/// Dropped, it was cancelled, and its ticket says so: by a queue that [drops what it has no room for](crate::queue::Overflow), for instance.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(async |rt| {
/// use untether::queue::Queue;
/// use untether::task::WorkerPool;
/// use untether::task::worker_pool::Submission;
///
/// let urgent_first = Queue::builder(100).priority(|job: &Submission<(u8, &str), _, _>| job.0).build();
/// let pool = WorkerPool::builder(&rt).queue(urgent_first);
/// let pool = pool.build(async |(_, name)| Ok::<_, ()>(name)).unwrap();
/// assert_eq!(pool.submit((3, "sweep")).await.unwrap().await.ok(), Some("sweep"));
/// # });
/// ```
#[must_use = "dropped, it is cancelled"]
pub struct Submission<I, T, E> {
    /// Until it is begun.
    item: Option<I>,
    /// Until it has ended.
    reply: Option<Reply<T, E>>,
}

/// Where an outcome goes.
pub(super) enum Reply<T, E> {
    Ticket(Arc<Cell<T, E>>),
    /// Among others, by this index.
    Answers(usize, Arc<Answers<T, E>>),
}

impl<I, T, E> Submission<I, T, E> {
    pub(super) const fn new(item: I, reply: Reply<T, E>) -> Self {
        Self { item: Some(item), reply: Some(reply) }
    }

    /// The input, of one that was not accepted: nobody hears of it.
    pub(super) fn refused(mut self) -> I {
        self.reply = None;
        self.item.take().expect("it is there until it is begun")
    }

    /// The input, of one that was accepted and not begun: it was cancelled.
    fn taken_back(mut self) -> Option<I> {
        let item = self.item.take();
        keep_going(|| drop(self));
        item
    }

    fn begin(&mut self) -> Option<I> {
        let goes_on = match &self.reply {
            Some(Reply::Ticket(cell)) => cell.begin(),
            _ => true,
        };
        // Dropped outside of every lock, by whoever holds this.
        if goes_on { self.item.take() } else { None }
    }

    fn settle(&mut self, outcome: Outcome<T, E>) {
        match self.reply.take() {
            Some(Reply::Ticket(cell)) => cell.settle(outcome),
            Some(Reply::Answers(index, answers)) => answers.put(index, outcome),
            None => {}
        }
    }
}

impl<I, T, E> Deref for Submission<I, T, E> {
    type Target = I;

    fn deref(&self) -> &I {
        self.item.as_ref().expect("it is there until it is begun")
    }
}

impl<I, T, E> Drop for Submission<I, T, E> {
    fn drop(&mut self) {
        if self.reply.is_some() {
            // A waker that panics goes no further: it may be a queue that drops this, on the way to something else.
            keep_going(|| self.settle(Outcome::Cancelled(None)));
        }
    }
}

impl<I, T, E, S> Feeds for Inputs<S>
where
    I: Send,
    T: Send,
    E: Send,
    S: Storage<Item = Submission<I, T, E>> + Send,
{
    type Item = I;
    type Work = Submission<I, T, E>;
    type Next = RecvStream<Arc<Queue<Submission<I, T, E>, S>>>;
    type Teller = Teller<E>;

    fn next(source: &Arc<Self>) -> Self::Next {
        Queue::stream_owned(source.0.clone())
    }

    fn poll_next(next: Pin<&mut Self::Next>, cx: &mut Context<'_>) -> Poll<Option<Self::Work>> {
        next.poll_next(cx)
    }

    fn begin(work: &mut Self::Work) -> Option<I> {
        work.begin()
    }

    fn is_aborted(work: &Self::Work) -> bool {
        matches!(&work.reply, Some(Reply::Ticket(cell)) if cell.is_aborted())
    }

    fn poll_abort(work: &Self::Work, cx: &mut Context<'_>) -> Poll<()> {
        match &work.reply {
            Some(Reply::Ticket(cell)) => cell.poll_abort(cx),
            _ => Poll::Pending,
        }
    }

    fn close(&self) {
        self.0.close();
    }

    fn take_back(&self) -> Vec<I> {
        self.0.close_now().filter_map(Submission::taken_back).collect()
    }

    fn abandon(&self) -> Vec<I> {
        self.take_back()
    }

    fn waiting(&self) -> (usize, Option<usize>) {
        let stats = self.0.stats();
        (stats.len, stats.capacity)
    }
}

impl<I, T, E, S> Settles<T, E> for Inputs<S>
where
    I: Send,
    T: Send,
    E: Send,
    S: Storage<Item = Submission<I, T, E>> + Send,
{
    fn keep(teller: &Teller<E>) -> Teller<E> {
        teller.clone()
    }

    fn settle(mut work: Submission<I, T, E>, outcome: Outcome<T, E>, _: &Teller<E>) {
        work.settle(outcome);
    }
}

impl<I, T, E, S> Source for Inputs<S>
where
    I: Send,
    T: Send,
    E: Send,
    S: Storage<Item = Submission<I, T, E>> + Send,
{
}

impl<I, T, E, S> EndsWith<T, E> for Inputs<S>
where
    I: Send,
    T: Send,
    E: Send,
    S: Storage<Item = Submission<I, T, E>> + Send,
{
}

impl<I, T, E, S> Ticketed for Inputs<S>
where
    I: Send,
    T: Send,
    E: Send,
    S: Storage<Item = Submission<I, T, E>> + Send,
{
    type Value = T;
    type Error = E;
    type Storage = S;

    fn queue(&self) -> &QueueOf<Self> {
        &self.0
    }

    fn teller(teller: &Teller<E>) -> &Teller<E> {
        teller
    }
}

impl<I, T, E> fmt::Debug for Submission<I, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission").field("begun", &self.item.is_none()).finish_non_exhaustive()
    }
}
