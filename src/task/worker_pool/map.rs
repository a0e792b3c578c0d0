//! Many inputs, and their outcomes: as they come, or in the order of the inputs.

use super::answers::Answers;
use super::core::Core;
use super::source::{QueueOf, Ticketed};
use super::submission::{Reply, Submission};
use crate::queue::{Queue, RecvStream, Send, SendError};
use crate::sys::unwind::keep_going;
use crate::sys::waits::waits;
use crate::task::progress::Progress;
use crate::task::{Outcome, Outcomes};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::stream::Stream;

/// Submits inputs one after the other and gives their outcomes, as a `Stream`, in the order in which they come, each with the index of its
/// input. Made by [`WorkerPool::map`](super::WorkerPool::map).
///
/// Inputs are pulled when there is room for them: no more than the queue holds and the workers run are out at a time and yet to be read. There
/// are as many outcomes as inputs; those for which the pool was stopped too early, or that its queue refused, were cancelled. Where the iterator
/// [knows of no end](Iterator::size_hint), that is of those that were pulled: after the first that a stopped pool refuses no other is. Who hands in
/// `&mut inputs` has the rest back.
///
/// # Cancel safety
/// Nothing is lost between two outcomes. Dropped, what was submitted is done all the same, and what does not end well is heard of by the
/// [observer](super::Builder::observer) of the pool; the input that waits for room is dropped.
/// # Examples
/// ```
/// # untether::rt::threads::block_on(async |rt| {
/// use untether::task::WorkerPool;
///
/// let pool = WorkerPool::new(&rt, async |n: u32| if n == 2 { Err("two") } else { Ok(n * 10) }).unwrap();
/// let mut told = Vec::new();
/// let outcomes = pool.map(1..=3).progress(|completed, total| told.push((completed, total))).collect().await;
/// assert_eq!(outcomes.oks().values, [10, 30]);
/// assert_eq!(told, [(1, 3), (2, 3), (3, 3)]);
/// # });
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Map<'p, Q: Ticketed, It: Iterator<Item = Q::Item>, P = fn(usize, usize)> {
    inputs: Inputs<'p, Q, It>,
    outcomes: Reading<Q>,
    progress: Progress<P>,
}

/// What is yet to be submitted.
struct Inputs<'p, Q: Ticketed, It> {
    core: &'p Core<Q>,
    iter: It,
    /// The one that waits for room.
    send: Option<Send<&'p QueueOf<Q>>>,
    pulled: usize,
    all_pulled: bool,
    /// How many may be out at a time.
    most: usize,
}

/// What has come of those that were submitted. Left alone, when it is dropped, by those that are yet to end.
struct Reading<Q: Ticketed> {
    answers: Arc<Answers<Q::Value, Q::Error>>,
    stream: RecvStream<Arc<AnswersOf<Q>>>,
    read: usize,
}

type AnswersOf<Q> = Queue<(usize, Outcome<<Q as Ticketed>::Value, <Q as Ticketed>::Error>)>;

impl<'p, Q: Ticketed, It: Iterator<Item = Q::Item>> Map<'p, Q, It> {
    pub(super) fn new(core: &'p Core<Q>, iter: It, most: usize) -> Self {
        let answers = Arc::new(Answers::new(Q::teller(&core.teller).clone()));
        let stream = Queue::stream_owned(answers.queue.clone());
        Self {
            inputs: Inputs { core, iter, send: None, pulled: 0, all_pulled: false, most },
            outcomes: Reading { answers, stream, read: 0 },
            progress: Progress::new(|_, _| ()),
        }
    }

    /// Tells how many outcomes were read and how many inputs there are in all, as far as the iterator [says](Iterator::size_hint): once for
    /// each outcome, never backwards, the last time `(n, n)`. A panic in it goes no further, and is heard of by the
    /// [observer](super::Builder::observer).
    #[doc(alias = "progress_callback")]
    pub fn progress<P: FnMut(usize, usize)>(self, tell: P) -> Map<'p, Q, It, P> {
        let Self { inputs, outcomes, .. } = self;
        let progress = Progress::after(outcomes.read, tell);
        Map { inputs, outcomes, progress }
    }
}

impl<'p, Q: Ticketed, It: Iterator<Item = Q::Item>, P: FnMut(usize, usize)> Map<'p, Q, It, P> {
    /// All outcomes, in the order of the inputs.
    ///
    /// # Cancel safety
    /// As of the stream; and the outcomes that were read are dropped with it.
    #[doc(alias = "gather_results")]
    pub const fn collect(self) -> Collect<'p, Q, It, P> {
        Collect { map: self, outcomes: Vec::new() }
    }
}

impl<Q: Ticketed, It: Iterator<Item = Q::Item>> Inputs<'_, Q, It> {
    /// Submits as many as there is room for.
    fn submit(&mut self, out: &Reading<Q>, cx: &mut Context<'_>) {
        loop {
            if let Some(send) = &mut self.send {
                let Poll::Ready(sent) = send.poll_send(cx) else { return };
                self.send = None;
                if let Err(refused) = sent {
                    // Otherwise an iterator without an end would be run through for nothing.
                    let is_closed = matches!(refused, SendError::Closed(_));
                    self.all_pulled |= is_closed && self.iter.size_hint().1.is_none();
                    let input = refused.into_inner().refused();
                    out.answers.put(self.pulled - 1, Outcome::Cancelled(None));
                    drop(input);
                }
            }
            if self.all_pulled || self.pulled - out.read >= self.most {
                return;
            }
            let Some(input) = self.iter.next() else {
                self.all_pulled = true;
                return;
            };
            let reply = Reply::Answers(self.pulled, out.answers.clone());
            self.pulled += 1;
            self.send = Some(self.core.source.queue().send(Submission::new(input, reply)));
        }
    }

    /// How many there are in all, as far as is known.
    fn total(&self) -> usize {
        let left = if self.all_pulled { 0 } else { self.iter.size_hint().0 };
        self.pulled.saturating_add(left)
    }
}

impl<Q: Ticketed, It: Iterator<Item = Q::Item>, P> Unpin for Map<'_, Q, It, P> {}

impl<Q, It, P> Stream for Map<'_, Q, It, P>
where
    Q: Ticketed,
    It: Iterator<Item = Q::Item>,
    P: FnMut(usize, usize),
{
    type Item = (usize, Outcome<Q::Value, Q::Error>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { inputs, outcomes, progress } = &mut *self;
        inputs.submit(outcomes, cx);
        if inputs.all_pulled && inputs.pulled == outcomes.read {
            return Poll::Ready(None);
        }
        let read = ready!(Pin::new(&mut outcomes.stream).poll_next(cx));
        if read.is_some() {
            outcomes.read += 1;
            let total = inputs.total();
            match Q::teller(&inputs.core.teller) {
                Some(teller) => progress.step(total, &teller.observer()),
                None => progress.step(total, &()),
            }
        }
        Poll::Ready(read)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let out = self.inputs.pulled - self.outcomes.read;
        if self.inputs.all_pulled {
            return (out, Some(out));
        }
        let (least, most) = self.inputs.iter.size_hint();
        (least.saturating_add(out), most.and_then(|most| most.checked_add(out)))
    }
}

impl<Q: Ticketed, It> Drop for Inputs<'_, Q, It> {
    fn drop(&mut self) {
        if let Some(submission) = self.send.take().and_then(Send::into_inner) {
            // It was not accepted: nobody hears of it.
            let input = submission.refused();
            keep_going(|| drop(input));
        }
    }
}

impl<Q: Ticketed> Drop for Reading<Q> {
    fn drop(&mut self) {
        self.answers.leave();
    }
}

impl<Q: Ticketed, It: Iterator<Item = Q::Item>, P> fmt::Debug for Map<'_, Q, It, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("pulled", &self.inputs.pulled)
            .field("read", &self.outcomes.read)
            .finish_non_exhaustive()
    }
}

/// All outcomes in the order of the inputs. Made by [`Map::collect`].
///
/// # Cancel safety
/// See [`Map`].
#[must_use = "futures do nothing unless polled"]
pub struct Collect<'p, Q: Ticketed, It: Iterator<Item = Q::Item>, P = fn(usize, usize)> {
    map: Map<'p, Q, It, P>,
    outcomes: Vec<Option<Outcome<Q::Value, Q::Error>>>,
}

impl<Q: Ticketed, It: Iterator<Item = Q::Item>, P: FnMut(usize, usize)> Collect<'_, Q, It, P> {
    waits!(pinned);
}

impl<Q: Ticketed, It: Iterator<Item = Q::Item>, P> Unpin for Collect<'_, Q, It, P> {}

impl<Q, It, P> Future for Collect<'_, Q, It, P>
where
    Q: Ticketed,
    It: Iterator<Item = Q::Item>,
    P: FnMut(usize, usize),
{
    type Output = Outcomes<Q::Value, Q::Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { map, outcomes } = &mut *self;
        while let Some((index, outcome)) = ready!(Pin::new(&mut *map).poll_next(cx)) {
            if outcomes.len() <= index {
                outcomes.resize_with(index + 1, || None);
            }
            outcomes[index] = Some(outcome);
        }
        Poll::Ready(core::mem::take(outcomes).into_iter().flatten().collect())
    }
}

impl<Q: Ticketed, It: Iterator<Item = Q::Item>, P> fmt::Debug for Collect<'_, Q, It, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collect").field("map", &self.map).finish_non_exhaustive()
    }
}
