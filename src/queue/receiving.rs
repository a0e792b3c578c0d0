//! The verbs of those who receive.

use super::core::{Core, Taken};
use super::error::TryRecvError;
use super::holder::Holder;
use super::many::RecvMany;
use super::peek::{self, Peek};
use super::queue::Queue;
use super::recv::Recv;
use super::storage::{Drained, Entry, Storage};
use super::stream::RecvStream;
use super::told::{Others, Told};
use crate::sys::unwind;
use crate::time::{Timeout, Timer, timeout};
use alloc::vec::Vec;
use core::task::Waker;
use core::time::Duration;

impl<T, S: Storage<Item = T>> Queue<T, S> {
    /// Receives the next item; `None` once the queue is closed and empty.
    ///
    /// # Cancel safety
    /// Nothing is lost: an item leaves the queue in the poll that returns it, and what was granted is passed on.
    /// # Fairness
    /// First come, first served.
    pub const fn recv(&self) -> Recv<&Self> {
        Recv::new(self)
    }

    /// Receives the next item, if there is one that nobody was granted.
    ///
    /// # Errors
    /// [`TryRecvError`] else.
    #[inline]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        let taken = self.core.with(|core| {
            let taken = core.take_available();
            taken.ok_or_else(|| if core.is_over() { TryRecvError::Closed } else { TryRecvError::Empty })
        })?;
        Ok(self.hand_over(taken))
    }

    /// As [`recv`](Self::recv), for no longer than `limit`.
    ///
    /// The same as `timeout(limit, queue.recv(), timer)`: nothing is lost either way.
    ///
    /// # Errors
    /// [`Elapsed`](crate::time::Elapsed) if nothing came in time.
    pub fn recv_timeout<M: Timer>(&self, limit: Duration, timer: M) -> Timeout<Recv<&Self>, M> {
        timeout(limit, self.recv(), timer)
    }

    /// Waits for an item, then moves up to `most` into `into`: all there are, under one lock. Gives how many, 0 once the queue is closed and empty.
    ///
    /// # Cancel safety
    /// Nothing is lost, as with [`recv`](Self::recv).
    /// # Panics
    /// If `most` is 0.
    pub fn recv_many<'v>(&self, into: &'v mut Vec<T>, most: usize) -> RecvMany<'v, &Self> {
        RecvMany::new(self, into, most)
    }

    /// What comes, as a `Stream` that holds one place in line.
    pub const fn stream(&self) -> RecvStream<&Self> {
        RecvStream::new(self)
    }

    /// As [`stream`](Self::stream), owned: of an `Arc`, or a [`Receiver`](super::Receiver).
    pub const fn stream_owned<Q: Holder<Item = T, Storage = S>>(holder: Q) -> RecvStream<Q> {
        RecvStream::new(holder)
    }

    /// Takes the next item aside to look at it, if there is one that nobody was granted. It goes back when the guard is dropped, unless it is
    /// [taken](Peek::take).
    ///
    /// Meanwhile others go on with the one that comes after it. Of two that are looked at, the one that goes back last comes first.
    pub fn peek(&self) -> Option<Peek<&Self>> {
        Peek::new(self)
    }

    /// Keeps the items for which `keep` says so. Gives how many went.
    ///
    /// While they are judged, they are not in the queue: nobody receives them, their room is not given away, and `keep` may use the queue. Should it panic,
    /// what it has not condemned goes back.
    pub fn retain(&self, keep: impl FnMut(&T) -> bool) -> usize {
        peek::retain(self, keep)
    }

    /// Takes out everything that nobody was granted.
    pub fn drain(&self) -> Drained<S> {
        let drained = self.core.with(Core::drain);
        self.hand_over_all(drained)
    }

    /// Gives an item to the one who took it, and tells the others. A waker that panics does not take it along: it goes back.
    #[inline]
    pub(super) fn hand_over(&self, taken: Taken<S>) -> T {
        let Taken { entry, told } = taken;
        if told.is_nobody() {
            return entry.0;
        }
        self.hand_over_telling(entry, told.waker, told.others)
    }

    fn hand_over_telling(&self, entry: Entry<S>, mut waker: Option<Waker>, others: Others) -> T {
        // Taken out in there: what a closure owns is copied.
        match unwind::catch(|| self.tell(Told { waker: waker.take(), others })) {
            Ok(()) => entry.0,
            Err(panic) if unwind::is_unwinding() => {
                unwind::discard(panic);
                entry.0
            }
            Err(panic) => {
                let mut entry = Some(entry);
                if let Err(again) = unwind::catch(|| {
                    self.core.with(|core| core.put_back(&mut entry));
                    self.settle();
                }) {
                    unwind::discard(again);
                }
                unwind::resume(panic)
            }
        }
    }

    /// The same with all that was in the queue.
    pub(super) fn hand_over_all(&self, mut all: S) -> Drained<S> {
        match unwind::catch(|| self.settle()) {
            Ok(()) => {}
            Err(panic) if unwind::is_unwinding() => unwind::discard(panic),
            Err(panic) => {
                let mut back: Vec<_> = core::iter::from_fn(|| all.pop()).map(Some).collect();
                if let Err(again) = unwind::catch(|| {
                    self.core.with(|core| back.iter_mut().rev().for_each(|entry| core.put_back(entry)));
                    self.settle();
                }) {
                    unwind::discard(again);
                }
                unwind::resume(panic)
            }
        }
        Drained(all)
    }
}
