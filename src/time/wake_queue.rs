//! Who is to be woken when: the part of a driver that is the same for all of them.

use super::{Instant, WakeKey};
use crate::sys::arena::Key;
use crate::sys::heap::Heap;
use crate::sys::lock::Lock;
use crate::sys::ranks::Rank;
use crate::sys::unwind;
use crate::sys::wake::{self, Round, WakeBatch};
use alloc::vec::Vec;
use core::fmt;
use core::task::Waker;

/// Wakers by deadline: what a [`Driver`](super::Driver) keeps.
///
/// The driver's two calls are handed to [`schedule`](Self::schedule) and [`cancel`](Self::cancel); whatever tells it the time (a
/// thread, an interrupt, a test) calls [`fire`](Self::fire) and arms itself for the deadline that comes back. Wakers with the same
/// deadline are fired in the order in which they were scheduled. None is cloned, woken or dropped under the lock.
///
/// # Memory
/// Grows with the sleeps registered at the same time and gives the memory back when it runs empty. Scheduling and cancelling are
/// cheap at any number (O(log n) and O(1), amortised), without an allocation in steady state.
pub struct WakeQueue(Lock<Queue>);

struct Queue {
    /// Ranked by deadline, then by arrival.
    wakers: Heap<Waker>,
    arrivals: u64,
    /// By when `fire` will be called, as far as whoever calls it was told.
    promised: Instant,
    /// How many calls of `fire` are under way, and the latest moment of them.
    firing: (usize, Instant),
}

impl WakeQueue {
    /// An empty queue.
    #[must_use]
    pub const fn new() -> Self {
        Self(Lock::new(Queue {
            wakers: Heap::new(),
            arrivals: 0,
            promised: Instant::FAR_FUTURE,
            firing: (0, Instant::from_nanos(0)),
        }))
    }

    /// Schedules `waker` for `at`, or moves and replaces what `key` stands for.
    ///
    /// `true` if [`fire`](Self::fire) must be called sooner than it said last: then whoever calls it is to be told, once.
    pub fn schedule(&self, at: Instant, key: &mut WakeKey, waker: &Waker) -> bool {
        if at.is_far_future() {
            self.cancel(key);
            return false;
        }
        let kept = key.queued().and_then(|queued| self.0.with(|queue| queue.keep(queued, at, waker)));
        if let Some(sooner) = kept {
            return sooner;
        }
        let waker = waker.clone();
        let (replaced, sooner) = self.0.with(|queue| (queue.put(at, key, waker), queue.promise(at)));
        if let Err(panic) = unwind::catch(|| drop(replaced)) {
            // Nobody is told by this call, so the next one has to.
            self.0.with(|queue| queue.promised = Instant::FAR_FUTURE);
            unwind::resume(panic);
        }
        sooner
    }

    /// Forgets what `key` stands for and empties it.
    pub fn cancel(&self, key: &mut WakeKey) {
        if let Some(queued) = key.queued() {
            let removed = self.0.with(|queue| queue.wakers.remove(queued));
            drop(removed);
        }
        key.clear();
    }

    /// Wakes everybody whose deadline is at most `now`, earliest first, and says when to come again: at once, if somebody who is due
    /// came meanwhile.
    ///
    /// # Panics
    /// If a waker panics; all others are woken first. Whoever catches it calls again to learn the next deadline.
    pub fn fire(&self, now: Instant) -> Option<Instant> {
        let mut next = None;
        // Those that come while others are fired wait for the next call, so that this one ends.
        let _firing = Firing::begin(self, now);
        let last = self.0.with(|queue| queue.arrivals);
        wake::drain(|batch| {
            self.0.with(|queue| {
                let round = queue.take_due(now, last, batch);
                next = queue.earliest();
                queue.promised = next.unwrap_or(Instant::FAR_FUTURE);
                round
            })
        });
        next
    }

    /// The deadline of the one that `key` stands for, as long as it waits.
    #[must_use]
    pub fn deadline(&self, key: &WakeKey) -> Option<Instant> {
        let queued = key.queued()?;
        self.0.with(|queue| queue.wakers.rank(queued)).map(deadline_of)
    }

    /// The next deadline, if anybody waits.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.0.with(|queue| queue.earliest())
    }

    /// The deadlines of all who wait, earliest first.
    #[must_use]
    pub fn deadlines(&self) -> Vec<Instant> {
        let mut deadlines: Vec<Instant> =
            self.0.with(|queue| queue.wakers.ranks().map(deadline_of).collect());
        deadlines.sort_unstable();
        deadlines
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.with(|queue| queue.wakers.len())
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

const fn deadline_of(rank: Rank) -> Instant {
    Instant::from_nanos(rank.0)
}

impl Queue {
    fn earliest(&mut self) -> Option<Instant> {
        self.wakers.first().map(deadline_of)
    }

    /// Moves the entry of `key` if it is there and already has the right waker; else `None`.
    fn keep(&mut self, key: Key, at: Instant, waker: &Waker) -> Option<bool> {
        if !self.wakers.get_mut(key)?.will_wake(waker) {
            return None;
        }
        self.move_to(key, at);
        Some(self.promise(at))
    }

    /// Puts `waker` in, and gives back the one it replaces.
    fn put(&mut self, at: Instant, key: &mut WakeKey, waker: Waker) -> Option<Waker> {
        let queued = key.queued().filter(|queued| self.wakers.get_mut(*queued).is_some());
        let Some(queued) = queued else {
            let rank = self.next_rank(at);
            key.set_queued(self.wakers.push(rank, waker));
            return None;
        };
        self.move_to(queued, at);
        self.wakers.get_mut(queued).map(|current| core::mem::replace(current, waker))
    }

    fn move_to(&mut self, key: Key, at: Instant) {
        if self.wakers.rank(key).is_some_and(|rank| deadline_of(rank) != at) {
            let rank = self.next_rank(at);
            self.wakers.rerank(key, rank);
        }
    }

    /// The rank of one that comes now. While others are fired it stands behind them all, whatever its deadline: else one that comes back
    /// at once, and is due earlier, would keep them waiting for ever.
    fn next_rank(&mut self, at: Instant) -> Rank {
        self.arrivals += 1;
        let (calls, moment) = self.firing;
        Rank((if calls > 0 { at.max(moment) } else { at }).as_nanos(), self.arrivals)
    }

    /// Notes that `fire` will be called by `at`. `true` if that is sooner than was known.
    fn promise(&mut self, at: Instant) -> bool {
        let sooner = at < self.promised;
        self.promised = self.promised.min(at);
        sooner
    }

    /// Moves those that are due, and came no later than `last`, into the batch until it is full.
    fn take_due(&mut self, now: Instant, last: u64, batch: &mut WakeBatch) -> Round {
        while self.wakers.first().is_some_and(|rank| deadline_of(rank) <= now && rank.1 <= last) {
            if batch.is_full() {
                return Round::More;
            }
            if let Some(waker) = self.wakers.pop() {
                batch.push(waker);
            }
        }
        Round::Last
    }
}

/// One call of `fire`, to its end or to its panic.
struct Firing<'a>(&'a WakeQueue);

impl<'a> Firing<'a> {
    fn begin(queue: &'a WakeQueue, now: Instant) -> Self {
        queue.0.with(|queue| {
            let (calls, moment) = queue.firing;
            queue.firing = (calls + 1, if calls > 0 { moment.max(now) } else { now });
        });
        Self(queue)
    }
}

impl Drop for Firing<'_> {
    fn drop(&mut self) {
        self.0.0.with(|queue| queue.firing.0 -= 1);
    }
}

impl Default for WakeQueue {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for WakeQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, next) = self.0.with(|queue| (queue.wakers.len(), queue.earliest()));
        f.debug_struct("WakeQueue").field("len", &len).field("next", &next).finish()
    }
}
