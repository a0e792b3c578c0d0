//! How often a job is tried, when, and for how long.

use super::core::{Core, WorkQueue};
use crate::queue::Queue;
use crate::queue::delay::state::State;
use crate::sync::Semaphore;
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::unwind;
use crate::time::Timer;
use alloc::boxed::Box;
use core::fmt;
use core::num::NonZeroU32;
use core::time::Duration;

pub(super) struct Rules<T, K> {
    pub(super) key: Option<fn(&T) -> K>,
    pub(super) visibility: Option<Visibility<T>>,
    backoff: Option<Backoff>,
}

/// How long a lease is, and how to keep a job beside it.
pub(super) struct Visibility<T> {
    pub(super) limit: Duration,
    pub(super) copy: fn(&T) -> T,
}

/// The pause after so many attempts.
type Backoff = Box<dyn Fn(u32) -> Duration + Send + Sync>;

pub(super) const THRICE: NonZeroU32 = NonZeroU32::MIN.saturating_add(2);
pub(super) const DEAD_LETTERS: usize = 1_000;

impl<T, K> Rules<T, K> {
    pub(super) const fn new() -> Self {
        Self { key: None, visibility: None, backoff: None }
    }

    /// What is to pass after this attempt. Asked outside of every lock; none, should it panic, since a lease ends in a drop.
    pub(super) fn pause_after(&self, attempt: u32) -> Duration {
        let Some(backoff) = &self.backoff else { return Duration::ZERO };
        unwind::catch(|| backoff(attempt)).unwrap_or_else(|panic| {
            unwind::discard(panic);
            Duration::ZERO
        })
    }
}

/// Says how a [`WorkQueue`] treats its jobs. Made by [`WorkQueue::builder`].
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::queue::WorkQueue;
///
/// untether::rt::threads::block_on(async |rt| {
///     let pauses = [1, 2, 4].map(Duration::from_millis);
///     let queue = WorkQueue::builder(rt).attempts(2).backoff(pauses).build();
///     queue.push("hopeless").await.unwrap();
///     queue.close();
///     while let Some(job) = queue.lease().await {
///         job.nack();
///     }
///     let letter = queue.dead_letters().try_recv().unwrap();
///     assert_eq!((letter.item, letter.attempts), ("hopeless", 2));
/// });
/// ```
#[must_use = "a builder does nothing until it builds"]
pub struct Builder<T, Tm, K = ()> {
    timer: Tm,
    rules: Rules<T, K>,
    most_attempts: NonZeroU32,
    dead_letters: usize,
    capacity: Option<usize>,
}

impl<T, Tm: Timer> Builder<T, Tm> {
    pub(super) const fn new(timer: Tm) -> Self {
        Self { timer, rules: Rules::new(), most_attempts: THRICE, dead_letters: DEAD_LETTERS, capacity: None }
    }

    /// Of all jobs that have the same key, one is tried at a time, in the order in which they were put in: the next when that one is done or dead.
    /// Jobs of other keys go on meanwhile.
    ///
    /// The key is computed where a job is put in. Its `Eq` is asked under the lock: it must not use the queue.
    pub fn key<K>(self, key: fn(&T) -> K) -> Builder<T, Tm, K> {
        let Self { timer, rules, most_attempts, dead_letters, capacity } = self;
        let Rules { visibility, backoff, .. } = rules;
        let rules = Rules { key: Some(key), visibility, backoff };
        Builder { timer, rules, most_attempts, dead_letters, capacity }
    }
}

impl<T, Tm: Timer, K> Builder<T, Tm, K> {
    /// At most so many jobs that have not ended, leased ones included: whoever puts in one more waits. No bound without it.
    ///
    /// # Panics
    /// If it is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub const fn capacity(mut self, jobs: usize) -> Self {
        assert!(jobs > 0, "a queue of no jobs would take none");
        assert!(jobs <= Semaphore::MAX_PERMITS, "more jobs than can be counted; say nothing for no bound");
        self.capacity = Some(jobs);
        self
    }

    /// How often a job is leased at most, the first time included; 3 without it.
    ///
    /// # Panics
    /// If it is 0.
    pub const fn attempts(mut self, most: u32) -> Self {
        assert!(most > 0, "a job that may not be tried would never end");
        self.most_attempts = NonZeroU32::MIN.saturating_add(most - 1);
        self
    }

    /// How long a lease is. After that the job is leased again, to anybody, as if it had failed, whatever becomes of the worker that has it. No
    /// limit without it.
    ///
    /// For that the queue keeps a clone of each job that is leased.
    ///
    /// # Panics
    /// If it is zero.
    pub fn visibility(mut self, limit: Duration) -> Self
    where
        T: Clone,
    {
        assert!(!limit.is_zero(), "a lease of no time would run out before the job is looked at");
        self.rules.visibility = Some(Visibility { limit, copy: T::clone });
        self
    }

    /// What is to pass before a job that failed is tried again: the first after the first attempt, and the last for all after it. None without
    /// it.
    ///
    /// It is begun anew for each job.
    pub fn backoff<I>(mut self, pauses: I) -> Self
    where
        I: IntoIterator<Item = Duration> + Clone + Send + Sync + 'static,
    {
        self.rules.backoff = Some(Box::new(move |attempt| {
            let pauses = pauses.clone().into_iter().zip(0..attempt);
            pauses.last().map_or(Duration::ZERO, |(pause, _)| pause)
        }));
        self
    }

    /// How many dead letters are kept; the oldest goes where there is no room. 1,000 without it.
    ///
    /// # Panics
    /// If it is 0.
    pub const fn dead_letters(mut self, most: usize) -> Self {
        assert!(most > 0, "a dead letter has to lie somewhere");
        self.dead_letters = most;
        self
    }

    /// The queue.
    #[must_use]
    pub fn build(self) -> WorkQueue<T, Tm, K> {
        let Self { timer, rules, most_attempts, dead_letters, capacity } = self;
        WorkQueue {
            state: Lock::new(State::new(Core::new(most_attempts, capacity.is_some()))),
            timer,
            rules,
            dead: Queue::bounded(dead_letters),
            room: capacity.map(Semaphore::new),
            is_timed: AtomicBool::new(false),
        }
    }
}

impl<T, Tm, K> fmt::Debug for Builder<T, Tm, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("attempts", &self.most_attempts)
            .field("capacity", &self.capacity)
            .field("dead_letters", &self.dead_letters)
            .finish_non_exhaustive()
    }
}
