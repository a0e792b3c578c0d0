//! The queue and its verbs.

use super::builder::{Builder, Overflow};
use super::core::{Core, Refusal, UNBOUNDED};
use super::fifo::Fifo;
use super::halves::{self, Receiver, Sender};
use super::stats::Stats;
use super::storage::{AskedOf, Drained, Storage};
use super::told::{Others, Told};
use super::until::{Until, What};
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::{unwind, wake};
use core::fmt;
use core::task::Waker;

/// Items that go from any number of senders to any number of receivers, each to one of them.
///
/// One object for both sides, `const` to make, to be shared by reference, in a `static`, or in an `Arc`; or [`split`](Self::split) into
/// halves that are counted, so that the queue is closed when one side is gone.
///
/// # Fairness
/// Strict, on both sides: who waits is served in the order in which it came, and nobody overtakes, not even by
/// [`try_send`](Self::try_send) or [`try_recv`](Self::try_recv).
///
/// A receiver in line is *granted* an item when one comes, and takes it when it is polled again. One that was granted an item and is neither polled
/// nor dropped keeps one item from all others; [`stats`](Self::stats) counts those. A sender in line leaves its item in the line, so one
/// that is not polled again holds nobody up.
///
/// # Examples
/// ```
/// use untether::queue::Queue;
/// use untether::spawn::SpawnExt;
///
/// static JOBS: Queue<u32> = Queue::bounded(2);
///
/// untether::rt::threads::block_on(async |rt| {
///     let sender = rt.spawn_task(async {
///         for job in 1..=4 {
///             JOBS.send(job).await.unwrap();
///         }
///         JOBS.close();
///     });
///     let mut sum = 0;
///     while let Some(job) = JOBS.recv().await {
///         sum += job;
///     }
///     assert_eq!(sum, 10);
///     sender.unwrap().await.unwrap();
/// });
/// ```
#[doc(alias = "channel")]
#[doc(alias = "asyncio.Queue")]
#[doc(alias = "mpmc")]
pub struct Queue<T, S: Storage<Item = T> = Fifo<T>> {
    pub(super) core: Lock<Core<S>>,
    pub(super) overflow: Overflow,
    /// What the storage has to know about an item.
    pub(super) ask: fn(&T) -> AskedOf<S>,
    pub(super) goes_from_hand_to_hand: bool,
    /// The last who waited for an item left none. A guess for those who come next: it spares them a look under the lock.
    pub(super) runs_dry: AtomicBool,
}

impl<T> Queue<T> {
    /// A queue of at most `capacity` items; whoever sends one more waits.
    ///
    /// # Panics
    /// If `capacity` is 0: that is [`rendezvous`](Self::rendezvous), or [`unbounded`](Self::unbounded), whichever was meant.
    #[must_use]
    #[doc(alias = "maxsize")]
    pub const fn bounded(capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "a queue of capacity 0: Queue::rendezvous goes from hand to hand, Queue::unbounded has no bound"
        );
        Self::of(capacity)
    }

    /// A queue without a bound: nobody waits to send, and memory is the limit.
    #[must_use]
    pub const fn unbounded() -> Self {
        Self::of(UNBOUNDED)
    }

    /// A queue that holds nothing: an item goes from hand to hand, and its sender waits until somebody is there to take it.
    ///
    /// A receiver that is dropped after it was granted an item leaves that item to the next.
    #[must_use]
    #[doc(alias = "zero-capacity")]
    pub const fn rendezvous() -> Self {
        Self::of(0)
    }

    /// For another order, a bound by weight, or something else to do than to wait where there is no room.
    ///
    /// # Panics
    /// If `capacity` is 0.
    pub const fn builder(capacity: usize) -> Builder<Fifo<T>> {
        Builder::new(capacity)
    }

    const fn of(capacity: usize) -> Self {
        Self {
            core: Lock::new(Core::new(Fifo::new(), capacity)),
            overflow: Overflow::Wait,
            ask: |_| (),
            goes_from_hand_to_hand: capacity == 0,
            runs_dry: AtomicBool::new(false),
        }
    }
}

impl<T, S: Storage<Item = T>> Queue<T, S> {
    /// Refuses every new item, and who waits to send. What is in the queue is still received, and what has room reserved may still be sent.
    #[doc(alias = "shutdown")]
    pub fn close(&self) {
        self.core.with(Core::close);
        self.settle();
    }

    /// Closes the queue for both sides at once. Gives what was in it.
    pub fn close_now(&self) -> Drained<S> {
        let left = self.core.with(Core::end);
        self.hand_over_all(left)
    }

    /// The same where nobody is left who could take it: it goes, whoever panics when it is told.
    pub(super) fn end(&self) {
        let left = self.core.with(Core::end);
        let told = unwind::catch(|| self.settle());
        drop(left);
        if let Err(panic) = told {
            unwind::resume_unless_unwinding(panic);
        }
    }

    /// Waits until the queue is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub const fn closed(&self) -> Until<&Self> {
        Until::new(self, What::Closed)
    }

    /// Waits until nothing is in the queue. What was received from it may still be worked on.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub const fn empty(&self) -> Until<&Self> {
        Until::new(self, What::Empty)
    }

    /// Whether it was closed. Items may still be in it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.core.with(|core| core.is_closed())
    }

    /// How many items are in it.
    #[must_use]
    #[doc(alias = "qsize")]
    pub fn len(&self) -> usize {
        self.core.with(|core| core.len())
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a sender of one item would wait now.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.core.with(|core| core.refusal(1) == Some(Refusal::Full))
    }

    /// What may be in it; `None` where there is no bound.
    #[must_use]
    pub fn capacity(&self) -> Option<usize> {
        self.stats().capacity
    }

    /// Sets what may be in it from now on. What is in it stays; what waits and is heavier than that goes in alone.
    ///
    /// # Panics
    /// If `capacity` is 0, or the queue is one from hand to hand.
    pub fn set_capacity(&self, capacity: usize) {
        assert!(capacity > 0, "a queue of capacity 0: close it, or take its items out");
        let was = self.core.with(|core| core.set_capacity(capacity));
        assert!(was > 0, "a queue that goes from hand to hand has no capacity to set");
        self.settle();
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.core.with(|core| core.stats())
    }

    /// Two halves: when the last sender is gone the queue is closed, and when the last receiver is gone what is in it is dropped.
    ///
    /// # Examples
    /// ```
    /// use untether::queue::Queue;
    ///
    /// let (sender, receiver) = Queue::bounded(10).split();
    /// sender.try_send(1).unwrap();
    /// drop(sender);
    /// assert_eq!(receiver.recv().wait(), Some(1));
    /// assert_eq!(receiver.recv().wait(), None);
    /// ```
    #[must_use]
    pub fn split(self) -> (Sender<T, S>, Receiver<T, S>) {
        halves::split(self)
    }

    /// Wakes who is to be told.
    #[inline]
    pub(super) fn tell(&self, told: Told) {
        told.tell(&self.core);
    }

    /// As `tell`, for one who leaves a line with its waker.
    pub(super) fn leave(&self, told: Told, waker: Option<Waker>) {
        if told.others == Others::Nobody {
            return wake::outside(told.waker, waker);
        }
        // A waker that panics when it is dropped keeps nobody from going, nor is it dropped by the panic of another.
        let telling = unwind::catch(|| self.tell(told));
        wake::outside(None, waker);
        if let Err(panic) = telling {
            unwind::resume_unless_unwinding(panic);
        }
    }

    /// Lets everybody go on who can.
    pub(super) fn settle(&self) {
        self.tell(Told::ANYBODY);
    }
}

impl<T, S: Storage<Item = T>> fmt::Debug for Queue<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.stats(), f)
    }
}
