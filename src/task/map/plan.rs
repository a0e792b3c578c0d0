//! What is to be done, and how many at a time.

use super::as_completed::AsCompleted;
use super::collect::Collect;
use super::items::Items;
use super::limit::LimitError;
use super::ordered::Ordered;
use super::tally::Tallying;
use super::try_collect::TryCollect;
use super::watch::{Told, Watch};
use crate::observe::Observer;
use core::fmt;
use core::num::NonZeroUsize;
use futures_core::Stream;

/// How many items are worked on at a time, unless it is [said](Map::limit).
pub const DEFAULT_LIMIT: usize = 10;

/// Does the same with each item, so many at a time: `work` makes a future of an item.
///
/// An item is taken, and its future made, when there is a place for it. It is done by what the [map](Map) is turned into: see there.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use std::time::Duration;
/// use untether::task::map;
/// use untether::time::Timer;
///
/// async fn fetch(rt: impl Timer, page: u32) -> Result<u32, &'static str> {
///     rt.sleep(Duration::from_millis(1)).await;
///     if page == 3 { Err("404") } else { Ok(page * 10) }
/// }
///
/// let pages = map(0..20, |page| fetch(&rt, page)).limit(5).collect().await;
/// assert_eq!(pages.len(), 20);
/// assert_eq!(pages.oks().left_out, 1);
/// # });
/// ```
#[doc(alias = "gather_with_concurrency")]
#[doc(alias = "bounded_process")]
#[doc(alias = "fetch_with_limit")]
#[doc(alias = "buffer_unordered")]
pub fn map<I, F, Fut>(items: I, work: F) -> Map<Items<I::IntoIter>, F>
where
    I: IntoIterator,
    F: FnMut(I::Item) -> Fut,
{
    map_stream(Items::new(items.into_iter()), work)
}

/// As [`map`](fn@map), of items that come one by one.
///
/// The stream is polled while there is a place for an item and not otherwise: what it comes from is held back by the work. It is not
/// polled again after it has ended.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use untether::queue::Queue;
/// use untether::task::map_stream;
///
/// let queue = Queue::bounded(4);
/// for number in 1..=3 {
///     queue.try_send(number).unwrap();
/// }
/// queue.close();
/// let doubled = map_stream(queue.stream(), async |number| Ok::<u32, ()>(2 * number));
/// assert_eq!(doubled.try_collect().await, Ok(vec![2, 4, 6]));
/// # });
/// ```
#[doc(alias = "for_each_concurrent")]
pub fn map_stream<S, F, Fut>(items: S, work: F) -> Map<S, F>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
{
    Map { source: items, work, watch: (), limit: DEFAULT_LIMIT, begun: 0, total: 0, is_over: false }
}

pin_project_lite::pin_project! {
    /// What is to be done with each of many items, so many at a time. Made by [`map`](fn@map) and [`map_stream`].
    ///
    /// It does nothing by itself: it is turned into a stream by [`ordered`](Self::ordered) or [`as_completed`](Self::as_completed), into a
    /// future by [`collect`](Self::collect), [`try_collect`](Self::try_collect) or [`tally`](Self::tally).
    ///
    /// | | order | one fails | one panics |
    /// |---|---|---|---|
    /// | `ordered`, `collect` | of the items | its outcome; the others go on | its outcome; the others go on |
    /// | `as_completed` | as they end | its outcome; the others go on | its outcome; the others go on |
    /// | `tally` | none | is counted | is counted |
    /// | `try_collect` | of the items | the others are dropped, then it is given | the others are dropped, then it goes on |
    ///
    /// A panic of the source is the caller's own and goes through the poll; those that were begun can be polled on, and no more are begun.
    #[must_use = "it does nothing until it is turned into a future or a stream that is polled"]
    pub struct Map<S, F, W = ()> {
        #[pin]
        pub(super) source: S,
        pub(super) work: F,
        pub(super) watch: W,
        pub(super) limit: usize,
        pub(super) begun: usize,
        // How many there are in all, as far as is known.
        pub(super) total: usize,
        pub(super) is_over: bool,
    }
}

impl<S, F, W> Map<S, F, W> {
    /// How many items are worked on at a time. [`DEFAULT_LIMIT`], 10, unless said.
    ///
    /// # Panics
    /// If that is 0. See [`try_limit`](Self::try_limit).
    #[doc(alias = "concurrency")]
    #[doc(alias = "max_concurrent")]
    #[track_caller]
    pub fn limit(self, items: usize) -> Self {
        match self.try_limit(items) {
            Ok(map) => map,
            Err(_) => panic!("a limit of 0 items at a time; `try_limit` gives an error instead"),
        }
    }

    /// As [`limit`](Self::limit).
    ///
    /// # Errors
    /// [`LimitError`] if that is 0.
    pub fn try_limit(mut self, items: usize) -> Result<Self, LimitError> {
        self.limit = NonZeroUsize::new(items).ok_or(LimitError::new())?.get();
        Ok(self)
    }
}

impl<S, F> Map<S, F> {
    /// Tells how many are done and how many there are in all.
    ///
    /// Called once for each item, in the poll in which it has ended, well or not; the count never goes back, and the last is
    /// `(n, n)`. How many there are in all is as the source says: where it does not know, it grows. Whoever is told too slowly holds up the work.
    ///
    /// A panic of `tell` is caught. It goes to the [observer](Map::observed), and the next is told again.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|_| async move {
    /// use untether::task::map;
    ///
    /// let mut last = (0, 0);
    /// let lengths = map(["ada", "bob", "cy"], async |name| if name == "bob" { Err(()) } else { Ok(name.len()) });
    /// let tally = lengths.on_progress(|done, total| last = (done, total)).tally().await;
    /// assert_eq!((tally.ok, tally.failed, last), (2, 1, (3, 3)));
    /// # });
    /// ```
    #[doc(alias = "progress_callback")]
    pub fn on_progress<P: FnMut(usize, usize)>(self, tell: P) -> Map<S, F, Told<P>> {
        self.watched_by(|()| Told::new(tell))
    }
}

impl<S, F, P: FnMut(usize, usize)> Map<S, F, Told<P>> {
    /// Tells an observer of panics of who is told of the progress: `progress_panicked`, with its `message`.
    pub fn observed<O: Observer>(self, observer: O) -> Map<S, F, Told<P, O>> {
        self.watched_by(|told| told.observed(observer))
    }
}

impl<S, F, W> Map<S, F, W> {
    fn watched_by<V>(self, watch: impl FnOnce(W) -> V) -> Map<S, F, V> {
        let Self { source, work, limit, begun, total, is_over, .. } = self;
        Map { source, work, watch: watch(self.watch), limit, begun, total, is_over }
    }
}

impl<S, F, Fut, W, T, E> Map<S, F, W>
where
    S: Stream,
    F: FnMut(S::Item) -> Fut,
    Fut: Future<Output = Result<T, E>>,
    W: Watch,
{
    /// How each ended, as a stream in the order of the items.
    ///
    /// The first of the line holds up the others: what has ended before it is kept, and keeps its place, so that no more items are taken
    /// than the limit says. Where the order does not matter [`as_completed`](Self::as_completed) keeps every place at work.
    ///
    /// # Cancel safety
    /// What is not given yet is dropped with the stream. Between two items nothing is lost.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|_| async move {
    /// use futures_util::StreamExt;
    /// use untether::task::{Outcome, map};
    ///
    /// let mut squares = map(1..=3, async |n: u32| Ok::<_, ()>(n * n)).ordered();
    /// while let Some(outcome) = squares.next().await {
    ///     let Outcome::Ok(square) = outcome else { continue };
    ///     println!("{square}");
    /// }
    /// # });
    /// ```
    #[doc(alias = "buffered")]
    pub fn ordered(self) -> Ordered<Self> {
        Ordered::new(self)
    }

    /// The index of each item and how it ended, as a stream, as they end.
    ///
    /// # Cancel safety
    /// What is not given yet is dropped with the stream. Between two items nothing is lost.
    /// # Fairness
    /// Those that were woken are polled in that order. New ones begin first, so that no place is idle; after one that has ended as soon as it
    /// began, those that were woken have their turn.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|rt| async move {
    /// use futures_util::StreamExt;
    /// use std::time::Duration;
    /// use untether::task::map;
    /// use untether::time::Timer;
    ///
    /// let naps = map([50, 1], async |ms| Ok::<_, ()>(rt.sleep(Duration::from_millis(ms)).await));
    /// let order: Vec<usize> = naps.as_completed().map(|(index, _)| index).collect().await;
    /// assert_eq!(order, [1, 0]);
    /// # });
    /// ```
    #[doc(alias = "buffer_unordered")]
    pub fn as_completed(self) -> AsCompleted<Self> {
        AsCompleted::new(self)
    }

    /// How each ended, when all have: as many outcomes as there were items, in their order.
    ///
    /// One that fails or panics is an outcome as any other, and the others go on.
    ///
    /// # Cancel safety
    /// Dropping the future drops what is being done and what is done. Who wants to keep that takes [`as_completed`](Self::as_completed).
    #[doc(alias = "gather_results")]
    pub fn collect(self) -> Collect<Self> {
        Collect::new(self)
    }

    /// All values in the order of the items, or the first error.
    ///
    /// # Cancel safety
    /// Dropping the future drops what is being done and what is done.
    /// # Errors
    /// The first that comes, whichever item's. No more items are taken, and those that were begun are dropped before it is given.
    /// # Panics
    /// If what is done with an item panics; the others are dropped first.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(|_| async move {
    /// use untether::task::map;
    ///
    /// let numbers = map(["1", "2", "x"], async |text| text.parse::<u32>());
    /// assert!(numbers.try_collect().await.is_err());
    /// # });
    /// ```
    pub fn try_collect(self) -> TryCollect<Self> {
        TryCollect::new(self)
    }

    /// Counts how they ended, and keeps nothing else: a million items need no more memory than ten.
    ///
    /// # Cancel safety
    /// Dropping the future drops what is being done.
    pub fn tally(self) -> Tallying<Self> {
        Tallying::new(self)
    }
}

impl<S, F, W> fmt::Debug for Map<S, F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("limit", &self.limit).field("begun", &self.begun).finish_non_exhaustive()
    }
}
