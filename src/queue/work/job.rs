//! A job that was leased, and what its worker says about it.

use super::core::WorkQueue;
use super::dead::{DeadLetter, Why};
use super::error::LeaseLost;
use super::holder::Holder;
use super::ledger::{Ended, Leased};
use crate::sys::arena::Key;
use crate::sys::unwind::keep_going;
use crate::time::{Clock, Instant, Timer};
use alloc::borrow::Cow;
use core::fmt;
use core::ops::{Deref, DerefMut};
use core::time::Duration;

/// Names a job of one queue, as long as it has not ended. No later one ever has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub(super) Key);

impl fmt::Debug for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobId").field("index", &self.0.index()).finish_non_exhaustive()
    }
}

/// A job that was leased to you. Dropped, however that comes about, it has failed, and is tried again.
///
/// Changes to it stay if it fails. If its lease [runs out](super::Builder::visibility), it is tried again as it was when it was leased.
///
/// A job that is leaked, by [`forget`](core::mem::forget), stays leased until its lease runs out, or for ever.
#[must_use = "a job that is dropped has failed"]
pub struct Job<Q: Holder> {
    holder: Q,
    key: Key,
    attempt: u32,
    /// Until its end.
    item: Option<Q::Item>,
}

impl<Q: Holder> Job<Q> {
    #[inline(always)] // as all on the way of a job
    pub(super) fn new(holder: Q, leased: Leased<Q::Item>) -> Self {
        Self::unlent(holder, leased).lent_if_it_can_run_out()
    }

    #[inline(always)] // as `new`
    pub(super) fn lent_if_it_can_run_out(self) -> Self {
        if self.holder.rules.visibility.is_some() { self.lent() } else { self }
    }

    /// One that is yet to be lent, which is done outside of the lock.
    #[inline(always)] // as `new`
    pub(super) fn unlent(holder: Q, leased: Leased<Q::Item>) -> Self {
        let Leased { key, attempt, item } = leased;
        Self { holder, key, attempt, item: Some(item) }
    }

    /// The same job, in the hands of another holder.
    #[inline(always)] // as `new`
    pub(super) fn held_by<P>(mut self, holder: P) -> Job<P>
    where
        P: Holder<Item = Q::Item, Timer = Q::Timer, Key = Q::Key>,
    {
        Job { holder, key: self.key, attempt: self.attempt, item: self.item.take() }
    }

    #[cold] // and by value: what is pointed to is not kept in registers
    fn lent(self) -> Self {
        self.lend();
        self
    }

    /// Leaves a copy in the queue, should the lease run out.
    pub(super) fn lend(&self) {
        let (queue, key) = (&*self.holder, self.key);
        if let (Some(visibility), Some(item)) = (&queue.rules.visibility, &self.item) {
            let copy = (visibility.copy)(item);
            let pause = queue.rules.pause_after(self.attempt);
            let pause = u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX);
            let deadline = queue.timer.now().saturating_add(visibility.limit);
            let left = queue.change(|core| core.ledger.lend(key, copy, deadline, pause));
            if left.is_some() {
                // A holder whose clone holds another queue.
                keep_going(|| drop(left));
            }
        }
    }

    /// What it is called.
    pub const fn id(&self) -> JobId {
        JobId(self.key)
    }

    /// Which attempt this is; the first is 1.
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// It is done. `false` if the lease had run out: then it is tried again, or was already.
    #[inline]
    pub fn ack(mut self) -> bool {
        let item = self.item.take();
        let (key, attempt) = (self.key, self.attempt);
        let ended = self.holder.change(|core| core.ledger.done(key, attempt));
        // The job itself last: should its drop panic, nothing else is to be dropped.
        let was_leased = discard(ended);
        drop(item);
        was_leased
    }

    /// It is done, and yours; also if the lease had run out, which [`extend`](Self::extend) would have told.
    #[inline]
    pub fn take(mut self) -> Q::Item {
        let Some(item) = self.item.take() else { unreachable!("it is there until its end") };
        let (key, attempt) = (self.key, self.attempt);
        let ended = self.holder.change_and_keep(|state| state.book.ledger.done(key, attempt));
        discard(ended);
        item
    }

    /// It has failed, and is tried again: after the pause that [is due](super::Builder::backoff), if it may be.
    pub fn nack(self) {
        drop(self);
    }

    /// It has failed, and is tried again after so long, if it may be.
    pub fn nack_after(mut self, pause: Duration) {
        let again = self.holder.timer.now().saturating_add(pause);
        if let Some(item) = self.item.take() {
            fail(&self.holder, self.key, self.attempt, item, Some(again));
        }
    }

    /// It is not to be tried again: it is found among the [dead letters](super::WorkQueue::dead_letters). `false` if the lease had run out.
    pub fn reject(mut self, reason: impl Into<Cow<'static, str>>) -> bool {
        let why = Why::Rejected(reason.into());
        let (queue, key, attempt) = (&*self.holder, self.key, self.attempt);
        let Some(item) = self.item.take() else { return false };
        let ended = queue.change_and_keep(|state| state.book.ledger.reject(key, attempt));
        let was_leased = ended.is_some();
        if was_leased {
            queue.lay_out(DeadLetter { item, attempts: attempt, why });
            queue.change(|core| core.ledger.buried(1));
        }
        discard(ended);
        was_leased
    }

    /// Lets the lease run out so long after this call, if it would before. Without a [limit](super::Builder::visibility) it never does.
    ///
    /// # Errors
    /// [`LeaseLost`] if it has run out already.
    pub fn extend(&self, by: Duration) -> Result<(), LeaseLost> {
        let (queue, key, attempt) = (&*self.holder, self.key, self.attempt);
        if queue.rules.visibility.is_none() {
            return Ok(());
        }
        let deadline = queue.timer.now().saturating_add(by);
        if queue.change(|core| core.ledger.extend(key, attempt, deadline)) {
            Ok(())
        } else {
            Err(LeaseLost(()))
        }
    }
}

fn fail<T, Tm: Timer, K>(
    queue: &WorkQueue<T, Tm, K>,
    key: Key,
    attempt: u32,
    item: T,
    again: Option<Instant>,
) {
    let left = queue.change(|core| core.ledger.failed(key, attempt, item, again));
    if left.is_some() {
        keep_going(|| drop(left));
    }
}

/// The same, by a drop: after the pause that is due.
fn fail_by_drop<T, Tm: Timer, K>(queue: &WorkQueue<T, Tm, K>, key: Key, attempt: u32, item: T) {
    let pause = queue.rules.pause_after(attempt);
    let mut again = None;
    if pause > Duration::ZERO {
        // A clock that panics takes no job along, nor the program where the thread is unwinding: then there is no pause.
        keep_going(|| again = Some(queue.timer.now().saturating_add(pause)));
    }
    fail(queue, key, attempt, item, again);
}

/// Drops what is left of a job. Whether there was one.
#[inline]
fn discard<T, K>(ended: Option<Ended<T, K>>) -> bool {
    let Some(Ended { item, key }) = ended else { return false };
    if core::mem::needs_drop::<T>() || core::mem::needs_drop::<K>() {
        keep_going(|| drop(item));
        keep_going(|| drop(key));
    }
    true
}

impl<Q: Holder> Drop for Job<Q> {
    #[inline]
    fn drop(&mut self) {
        if let Some(item) = self.item.take() {
            // In pieces, so that a job that is done need not lie in memory.
            fail_by_drop(&self.holder, self.key, self.attempt, item);
        }
    }
}

impl<Q: Holder> Deref for Job<Q> {
    type Target = Q::Item;

    fn deref(&self) -> &Q::Item {
        self.item.as_ref().expect("it is there until its end")
    }
}

impl<Q: Holder> DerefMut for Job<Q> {
    fn deref_mut(&mut self) -> &mut Q::Item {
        self.item.as_mut().expect("it is there until its end")
    }
}

impl<Q: Holder> fmt::Debug for Job<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("id", &self.id()).field("attempt", &self.attempt).finish_non_exhaustive()
    }
}
