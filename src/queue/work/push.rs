//! Putting jobs in.

use super::core::WorkQueue;
use super::error::PushError;
use super::job::JobId;
use super::ledger::Ledger;
use super::list::NIL;
use crate::queue::keyed::hash::hash_of;
use crate::sync::Semaphore;
use crate::sync::semaphore::{Acquire, Permit, TryAcquireError};
use crate::sys::arena::Key;
use crate::sys::unwind::keep_going;
use crate::sys::waits::waits;
use crate::time::{Instant, Timer};
use core::fmt;
use core::hash::Hash;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

impl<T, Tm: Timer, K: Hash + Eq> WorkQueue<T, Tm, K> {
    /// Puts a job in, and waits for room where there is a [bound](super::Builder::capacity) and none.
    ///
    /// # Cancel safety
    /// A job that is in the queue stays there. One that is not is dropped with the future, or taken back by [`Push::into_inner`].
    /// # Fairness
    /// First come, first served.
    /// # Errors
    /// [`PushError::Closed`], with the job, when the queue is closed, also while it waits.
    pub const fn push(&self, job: T) -> Push<'_, T, Tm, K> {
        Push { queue: self, job: Some((job, None)), acquire: None }
    }

    /// The same for a job that is to be tried `after` this call and not before. Until then it is in nobody's way, also in that of its key.
    ///
    /// # Errors
    /// As of [`push`](Self::push).
    pub fn push_after(&self, job: T, after: Duration) -> Push<'_, T, Tm, K> {
        let deadline = self.timer.now().saturating_add(after);
        Push { queue: self, job: Some((job, Some(deadline))), acquire: None }
    }

    /// Puts a job in if there is room and nobody waits for it.
    ///
    /// # Errors
    /// [`PushError`] else, with the job.
    #[inline]
    pub fn try_push(&self, job: T) -> Result<JobId, PushError<T>> {
        self.try_put(job, None)
    }

    /// As [`try_push`](Self::try_push), for a job that is to be tried `after` this call and not before.
    ///
    /// # Errors
    /// As of [`try_push`](Self::try_push).
    pub fn try_push_after(&self, job: T, after: Duration) -> Result<JobId, PushError<T>> {
        self.try_put(job, Some(self.timer.now().saturating_add(after)))
    }

    #[inline]
    fn try_put(&self, job: T, deadline: Option<Instant>) -> Result<JobId, PushError<T>> {
        let Some(room) = &self.room else { return self.put(job, deadline, || ()) };
        match room.try_acquire() {
            Ok(permit) => Room::of(room, permit).taken_by(|is_in| self.put(job, deadline, is_in)),
            Err(TryAcquireError::Closed) => Err(PushError::Closed(job)),
            Err(_) => Err(PushError::Full(job)),
        }
    }

    /// Puts a job in, for which there is room. Calls `is_in` if it is, whatever comes of it then.
    #[inline]
    fn put(&self, job: T, deadline: Option<Instant>, is_in: impl FnOnce()) -> Result<JobId, PushError<T>> {
        if let Some(key_of) = self.rules.key {
            let key = key_of(&job);
            return self.put_keyed(job, key, deadline, is_in);
        }
        let put = self.change_state(|state| {
            if state.closed {
                return Err(job);
            }
            Ok(enter(&mut state.book.ledger, job, NIL, deadline, is_in))
        });
        put.map(JobId).map_err(PushError::Closed)
    }

    /// The same for a job that has a key.
    fn put_keyed(
        &self,
        job: T,
        key: K,
        deadline: Option<Instant>,
        is_in: impl FnOnce(),
    ) -> Result<JobId, PushError<T>> {
        let hash = hash_of(&key);
        // Out here: should a key panic that is compared, nothing is dropped under the lock.
        let (mut job, mut key) = (Some(job), Some(key));
        let put = self.change_state(|state| {
            if state.closed {
                return None;
            }
            let ledger = &mut state.book.ledger;
            let lane = match ledger.keys.find(hash, |other| key.as_ref() == Some(other)) {
                Some(lane) => lane,
                None => ledger.keys.open(hash, key.take()?),
            };
            Some(enter(ledger, job.take()?, lane, deadline, is_in))
        });
        if key.is_some() {
            // That of the lane is another one.
            keep_going(|| drop(key));
        }
        match (put, job) {
            (Some(key), _) => Ok(JobId(key)),
            (None, Some(job)) => Err(PushError::Closed(job)),
            (None, None) => unreachable!("it is taken where it is put in"),
        }
    }
}

/// Puts a job in, and says so under the lock: before a waker is told, which may panic.
#[inline(always)] // as `change`
fn enter<T, K>(
    ledger: &mut Ledger<T, K>,
    job: T,
    lane: u32,
    deadline: Option<Instant>,
    is_in: impl FnOnce(),
) -> Key {
    let key = match deadline {
        None => ledger.push(job, lane),
        Some(deadline) => ledger.push_at(job, lane, deadline),
    };
    is_in();
    key
}

/// Room for one job, given back unless one is put in: then it is given back when that has ended.
struct Room<'q>(&'q Semaphore);

impl<'q> Room<'q> {
    fn of(permits: &'q Semaphore, permit: Permit<&'q Semaphore>) -> Self {
        permit.into_count();
        Self(permits)
    }

    fn taken_by<R>(self, put: impl FnOnce(&mut dyn FnMut()) -> R) -> R {
        let mut room = Some(self);
        put(&mut || core::mem::forget(room.take()))
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.0.release(1);
    }
}

/// Puts a job in. Made by [`WorkQueue::push`] and [`WorkQueue::push_after`].
///
/// # Cancel safety
/// See [`WorkQueue::push`].
/// # Panics
/// When polled after it was ready.
#[must_use = "futures do nothing unless polled"]
pub struct Push<'q, T, Tm: Timer, K> {
    queue: &'q WorkQueue<T, Tm, K>,
    /// Until it is in the queue.
    job: Option<(T, Option<Instant>)>,
    /// Where there is a bound, from its first poll on.
    acquire: Option<Acquire<&'q Semaphore>>,
}

impl<T, Tm: Timer, K> Push<'_, T, Tm, K> {
    /// Takes the job back, unless it is in the queue already.
    pub fn into_inner(self) -> Option<T> {
        self.job.map(|(job, _)| job)
    }
}

impl<T, Tm: Timer, K: Hash + Eq> Push<'_, T, Tm, K> {
    waits!();
}

impl<T, Tm: Timer, K> Unpin for Push<'_, T, Tm, K> {}

impl<T, Tm: Timer, K: Hash + Eq> Future for Push<'_, T, Tm, K> {
    type Output = Result<JobId, PushError<T>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { queue, job, acquire } = &mut *self;
        assert!(job.is_some(), "a push was polled after it had ended");
        let Some(room) = &queue.room else {
            let (job, deadline) = job.take().expect("it is there until then");
            return Poll::Ready(queue.put(job, deadline, || ()));
        };
        let acquired = ready!(Pin::new(acquire.get_or_insert_with(|| room.acquire())).poll(cx));
        let (job, deadline) = job.take().expect("it is there until then");
        Poll::Ready(match acquired {
            Err(_) => Err(PushError::Closed(job)),
            Ok(permit) => Room::of(room, permit).taken_by(|is_in| queue.put(job, deadline, is_in)),
        })
    }
}

impl<T, Tm: Timer, K> fmt::Debug for Push<'_, T, Tm, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push").field("waits", &self.acquire.is_some()).finish_non_exhaustive()
    }
}
