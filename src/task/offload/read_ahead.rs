//! The stream of an iterator that blocks.

use super::builder::LimitError;
use super::core::{Offload, Place};
use super::shared::{Found, Leavings, Shared, Source};
use super::turn::{Turn, lazy};
use crate::spawn::{BoxBlocking, Label, SpawnBlocking, SpawnErrorKind};
use crate::sync::Semaphore;
use crate::sync::semaphore::Acquire;
use crate::sys::unwind;
use crate::sys::wake;
use crate::task::Failure;
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::stream::{FusedStream, Stream};

/// The items of an iterator that blocks. Made by [`Offload::stream`].
///
/// The iterator is advanced on blocking threads, in turns. A turn begins when no more than half of the items that may be [read
/// ahead](Self::ahead) are left, and ends when there are as many as may be: no thread waits for a reader that is slow, and one that is as quick
/// as the iterator costs a turn for many items. Each turn may run on another thread; there are never two at once.
///
/// A failure is the last item, after all that came before it: [`Panicked`](Failure::Panicked), if the iterator did, or what makes it;
/// [`Cancelled`](Failure::Cancelled), if the runtime went away; [`Error`](Failure::Error), if the runtime takes no closure, says why.
/// Errors of the iterator's own are items like others.
///
/// When the end is read, the iterator is gone: its file is closed.
///
/// # Cancel safety
/// Between two items nothing is lost. Dropping it never waits: the items that were read ahead are dropped here, the iterator on a
/// blocking thread, after the item that it is at, if any; it needs no place in line for that. It is dropped here only if it was never
/// begun, or the runtime takes no closure.
/// # Fairness
/// Each turn stands in one line with all else of its [`Offload`]. Where others wait, it is over after as many items as are read ahead.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use futures_util::TryStreamExt;
/// use untether::task::Offload;
///
/// let blocking = Offload::new(rt);
/// let numbers = blocking.stream(|| (1..=100_u32).filter(|n| n % 7 == 0)).ahead(4);
/// let numbers: Vec<u32> = numbers.try_collect().await.unwrap();
/// assert_eq!(numbers.len(), 14);
/// # });
/// ```
#[doc(alias = "AsyncDataStreamer")]
#[doc(alias = "read_large_file_in_chunks")]
#[must_use = "streams do nothing unless polled"]
pub struct ReadAhead<S: SpawnBlocking, X: Send + 'static> {
    offload: Offload<S>,
    shared: Arc<Shared<X>>,
    label: Label,
    ahead: usize,
    /// In line for a turn. Only while nothing is left: a place that is granted is taken at once.
    acquire: Option<Acquire<Arc<Semaphore>>>,
    is_over: bool,
}

impl<S: SpawnBlocking, X: Send + 'static> ReadAhead<S, X> {
    pub(super) fn new<F, I>(offload: Offload<S>, label: Label, open: F) -> Self
    where
        F: FnOnce() -> I + Send + 'static,
        I: IntoIterator<Item = X, IntoIter: Send + 'static> + 'static,
    {
        let shared = Arc::new(Shared::new(lazy(open)));
        Self { offload, shared, label, ahead: 16, acquire: None, is_over: false }
    }

    /// At most so many items are read ahead. 16, if nothing is said. With 1 each item is a turn by itself.
    ///
    /// # Panics
    /// If that is 0. See [`try_ahead`](Self::try_ahead).
    pub fn ahead(self, items: usize) -> Self {
        self.try_ahead(items).expect("`try_ahead` gives an error instead")
    }

    /// As [`ahead`](Self::ahead).
    ///
    /// # Errors
    /// [`LimitError`] if that is 0.
    pub fn try_ahead(mut self, items: usize) -> Result<Self, LimitError> {
        if items == 0 {
            return Err(LimitError(()));
        }
        self.ahead = items;
        Ok(self)
    }

    /// How many items lie there, read ahead.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.len()
    }

    /// Whether none lies there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn poll_place(&mut self, cx: &mut Context<'_>) -> Poll<Place> {
        let places = &self.offload.places;
        let acquire = self.acquire.get_or_insert_with(|| Semaphore::acquire_owned(places.clone()));
        let place = ready!(acquire.poll_acquire(cx)).expect("nobody closes it");
        self.acquire = None;
        Poll::Ready(place)
    }

    fn begin_turn(&self, place: Place) -> Result<(), SpawnErrorKind> {
        self.shared.ask();
        let turn = Turn::new(self.shared.clone(), self.ahead, place);
        let work = BoxBlocking::labelled(self.label.clone(), move || turn.run());
        match self.offload.spawn.spawn_blocking_boxed(work) {
            Err(refused) if self.shared.refused() => Err(refused.kind()),
            _ => Ok(()),
        }
    }

    /// There is something to give meanwhile, which a runtime that panics does not take along: what does not go now goes at one of the next items.
    fn begin_turn_if_there_is_a_place(&self) {
        if let Ok(place) = Semaphore::try_acquire_owned(self.offload.places.clone()) {
            unwind::keep_going(|| _ = self.begin_turn(place));
        }
    }

    /// Drops an iterator where it may block.
    fn drop_there(&self, source: Source<X>) {
        let work = BoxBlocking::labelled(self.label.clone(), move || drop(source));
        unwind::keep_going(|| drop(self.offload.spawn.spawn_blocking_boxed(work)));
    }
}

impl<S: SpawnBlocking, X: Send + 'static> Drop for ReadAhead<S, X> {
    fn drop(&mut self) {
        let Leavings { items, reader, source } = self.shared.close();
        match source {
            Some((source, true)) => self.drop_there(source),
            Some((source, false)) => unwind::keep_going(|| drop(source)),
            None => {}
        }
        wake::outside(None, reader);
        drop(items);
    }
}

/// Nothing of it is pinned.
impl<S: SpawnBlocking, X: Send + 'static> Unpin for ReadAhead<S, X> {}

impl<S: SpawnBlocking, X: Send + 'static> Stream for ReadAhead<S, X> {
    type Item = Result<X, Failure<SpawnErrorKind>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.shared.find(self.ahead / 2, cx.waker()) {
                Found::Item { item, low } => {
                    if low {
                        self.begin_turn_if_there_is_a_place();
                    }
                    return Poll::Ready(Some(Ok(item)));
                }
                Found::Idle => {
                    let place = ready!(self.poll_place(cx));
                    if let Err(kind) = self.begin_turn(place) {
                        unwind::keep_going(|| drop(self.shared.give_up()));
                        return Poll::Ready(Some(Err(Failure::Error(kind))));
                    }
                }
                Found::Wait => return Poll::Pending,
                Found::End(ending) => {
                    self.is_over = ending.is_none();
                    return Poll::Ready(ending.map(Err));
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len(), None)
    }
}

impl<S: SpawnBlocking, X: Send + 'static> FusedStream for ReadAhead<S, X> {
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}

impl<S: SpawnBlocking, X: Send + 'static> fmt::Debug for ReadAhead<S, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadAhead")
            .field("ahead", &self.ahead)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
