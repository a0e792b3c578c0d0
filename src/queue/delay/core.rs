//! The queue, and what is done with its entries. How they are received stands in `receiving`.

use super::agenda::Agenda;
use super::error::InsertError;
use super::expired::DelayKey;
use super::leftovers::Leftovers;
use super::seat::dismiss;
use super::state::State;
use crate::sys::lock::Lock;
use crate::sys::unwind::keep_going;
use crate::sys::wake;
use crate::time::{Instant, Timer};
use core::fmt;
use core::time::Duration;

/// Items that come out when they are due, to tasks and threads that wait for them.
///
/// A shared object: in a `static`, an `Arc`, or a struct of yours; any number put in and any number take out. `const`, without an
/// allocation before the first entry. Its time is that of the [`Timer`] it is given.
///
/// However many wait, one sleep is armed: the first in line keeps the time for all. Whoever waits is woken when it is its turn: one task
/// for each item, one when something is due sooner than all before, and nobody when something is due later than it was. (A sleep that
/// is too soon is left as it is, and whoever it wakes sleeps on.) While nobody waits no sleep is armed, and [`insert_at`](Self::insert_at)
/// does not ask the clock.
///
/// An item is never early; it is late by as much as the timer's sleeps are. Items that are due at the same moment come out in the order
/// in which they were given that deadline. A clock that steps back makes items late and does no other harm.
///
/// # Fairness
/// First come, first served, by the first poll; nobody overtakes, not even by [`try_recv`](Self::try_recv). So a future that waits and is
/// neither polled nor dropped when it is its turn holds up all behind it: drop it, or keep polling it.
/// # Panics
/// No verb panics by itself. A waker that panics is heard of where nothing is in hand that would be lost with it; an item whose `Drop`
/// panics does so outside of the lock and leaves the queue whole.
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::queue::DelayQueue;
///
/// untether::rt::threads::block_on(async |rt| {
///     let queue = DelayQueue::new(rt);
///     queue.insert("second", Duration::from_millis(2)).unwrap();
///     let never = queue.insert("never", Duration::MAX).unwrap();
///     queue.insert("first", Duration::from_millis(1)).unwrap();
///     assert_eq!(queue.recv().await.unwrap().item, "first");
///     assert_eq!(queue.remove(&never), Some("never"));
///     queue.close();
///     assert_eq!(queue.recv().await.unwrap().item, "second");
///     assert!(queue.recv().await.is_none());
/// });
/// ```
#[doc(alias = "DelayedQueue")]
#[doc(alias = "ScheduledQueue")]
pub struct DelayQueue<T, Tm: Timer> {
    pub(super) state: Lock<State<Agenda<T>>>,
    pub(super) timer: Tm,
}

impl<T, Tm: Timer> DelayQueue<T, Tm> {
    /// An empty queue, whose time is that of `timer`.
    #[must_use]
    pub const fn new(timer: Tm) -> Self {
        Self { state: Lock::new(State::new(Agenda::new())), timer }
    }

    /// The timer it was given.
    pub const fn timer(&self) -> &Tm {
        &self.timer
    }

    /// Puts `item` in, due `after` this call. Zero is at once; what is too far away to be told, such as [`Duration::MAX`], is never.
    ///
    /// # Errors
    /// [`InsertError`], with the item, once the queue is closed.
    #[inline]
    pub fn insert(&self, item: T, after: Duration) -> Result<DelayKey, InsertError<T>> {
        self.insert_at(item, self.timer.now().saturating_add(after))
    }

    /// Puts `item` in, due at `deadline`. A deadline that has passed is at once, [`Instant::FAR_FUTURE`] is never. The clock is not asked.
    ///
    /// # Errors
    /// [`InsertError`], with the item, once the queue is closed.
    #[inline]
    pub fn insert_at(&self, item: T, deadline: Instant) -> Result<DelayKey, InsertError<T>> {
        let mut told = None;
        let inserted = self.state.with(|state| {
            if state.closed {
                return Err(InsertError(item));
            }
            let key = state.book.insert(item, deadline);
            told = state.tell();
            Ok(DelayKey(key))
        });
        wake::outside(told, None);
        inserted
    }

    /// Takes an entry out before it is due. `None` if it has left the queue already.
    #[inline]
    pub fn remove(&self, key: &DelayKey) -> Option<T> {
        let mut over = false;
        let removed = self.state.with(|state| {
            let removed = state.book.remove(key.0);
            over = state.is_over();
            removed
        });
        if over {
            // Who removed the last keeps it, whatever those do who have waited for it.
            keep_going(|| self.dismiss());
        }
        removed
    }

    /// Lets an entry be due `after` this call instead. `false` if it has left the queue already.
    ///
    /// What was said of [`reset_at`](Self::reset_at) holds.
    pub fn reset(&self, key: &DelayKey, after: Duration) -> bool {
        self.reset_at(key, self.timer.now().saturating_add(after))
    }

    /// Lets an entry be due at `deadline` instead: sooner, later, never, or at once. `false` if it has left the queue already.
    ///
    /// Among those that are due at the same moment it is the last then, unless that was its deadline before.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use core::time::Duration;
    /// use untether::queue::DelayQueue;
    /// use untether::time::Clock;
    ///
    /// let sessions = DelayQueue::new(&rt);
    /// let session = sessions.insert("expired", Duration::from_secs(60)).unwrap();
    /// assert!(sessions.reset(&session, Duration::from_secs(60)), "put off, once more");
    /// assert!(sessions.reset_at(&session, rt.now()), "due at once");
    /// assert_eq!(sessions.recv().await.unwrap().item, "expired");
    /// assert!(!sessions.reset(&session, Duration::ZERO), "it is gone");
    /// # });
    /// ```
    pub fn reset_at(&self, key: &DelayKey, deadline: Instant) -> bool {
        let (found, told) = self.state.with(|state| {
            let found = state.book.reset(key.0, deadline);
            (found, if found { state.tell() } else { None })
        });
        wake::outside(told, None);
        found
    }

    /// When an entry is due. `None` if it has left the queue already.
    #[must_use]
    pub fn deadline(&self, key: &DelayKey) -> Option<Instant> {
        self.state.with(|state| state.book.deadline(key.0))
    }

    /// The first entry, and when it is due: maybe already, maybe never.
    #[must_use]
    pub fn peek(&self) -> Option<(DelayKey, Instant)> {
        self.state.with(|state| state.book.first()).map(|(key, deadline)| (DelayKey(key), deadline))
    }

    /// Refuses items from now on. What is inside is due when it is due, and is received; then whoever waits gets `None`.
    pub fn close(&self) {
        let over = self.state.with(|state| {
            state.closed = true;
            state.is_over()
        });
        if over {
            self.dismiss();
        }
    }

    /// As [`close`](Self::close), and takes out what is inside: whoever waits gets `None` at once.
    ///
    /// # Examples
    /// ```
    /// # untether::rt::threads::block_on(async |rt| {
    /// use core::time::Duration;
    /// use untether::queue::DelayQueue;
    ///
    /// let queue = DelayQueue::new(rt);
    /// queue.insert("later", Duration::from_secs(2)).unwrap();
    /// queue.insert("soon", Duration::from_secs(1)).unwrap();
    /// let left: Vec<_> = queue.close_now().map(|(_deadline, item)| item).collect();
    /// assert_eq!(left, ["soon", "later"]);
    /// assert_eq!(queue.insert("too late", Duration::ZERO).unwrap_err().into_inner(), "too late");
    /// assert!(queue.recv().await.is_none());
    /// # });
    /// ```
    pub fn close_now(&self) -> Leftovers<T> {
        self.state.with(|state| state.closed = true);
        self.drain()
    }

    /// Takes out all that is inside.
    pub fn drain(&self) -> Leftovers<T> {
        let mut over = false;
        let all = self.state.with(|state| {
            let all = core::mem::replace(&mut state.book, Agenda::new());
            over = state.is_over();
            all
        });
        if over {
            keep_going(|| self.dismiss());
        }
        Leftovers(all)
    }

    /// Drops all that is inside.
    pub fn clear(&self) {
        drop(self.drain());
    }

    /// Whether it was closed. There may be items inside.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state.with(|state| state.closed)
    }

    /// How many items are inside, due or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state.with(|state| state.book.len())
    }

    /// Whether nothing is inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.state.with(|state| state.line.len())
    }

    /// Lets all go who wait: nothing will come.
    fn dismiss(&self) {
        dismiss(&self.state);
    }
}

impl<T, Tm: Timer + Default> Default for DelayQueue<T, Tm> {
    fn default() -> Self {
        Self::new(Tm::default())
    }
}

impl<T, Tm: Timer> fmt::Debug for DelayQueue<T, Tm> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, waiting, closed) =
            self.state.with(|state| (state.book.len(), state.line.len(), state.closed));
        f.debug_struct("DelayQueue")
            .field("len", &len)
            .field("waiting", &waiting)
            .field("closed", &closed)
            .finish_non_exhaustive()
    }
}
