//! How a semaphore works: one word for those who need not wait, a line behind a lock for those who do.
//!
//! The word holds the free permits and two flags. While nobody waits, acquiring and releasing are one compare-and-swap each. The flag
//! `QUEUED` says that somebody waits or that a debt is to be paid: from then on whoever comes goes to the line, so nobody overtakes,
//! and the permits in the word change only under its lock.

use super::core::{CLOSED, ONE, QUEUED, Semaphore};
use super::error::{AcquireError, TryAcquireError};
use super::line::{Line, Need};
use crate::sys::arena::Key;
use crate::sys::unwind;
use crate::sys::wait_list::Turn;
use crate::sys::wake::{self, Round, WakeBatch};
use core::sync::atomic::Ordering;
use core::task::Waker;

impl Semaphore {
    #[inline]
    pub(super) fn try_take(&self, min: usize, max: usize) -> Result<usize, TryAcquireError> {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word & CLOSED != 0 {
                return Err(TryAcquireError::Closed);
            }
            // Nobody overtakes those who wait; of nothing there is always enough.
            let free = if word & QUEUED == 0 { word / ONE } else { 0 };
            if free < min {
                return Err(TryAcquireError::NoPermits);
            }
            let taken = free.min(max);
            // ORDERING: Acquire, pairs with the Release of `release`: what the last holder did is seen by this one.
            match self.word.compare_exchange_weak(
                word,
                word - taken * ONE,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(taken),
                Err(now) => word = now,
            }
        }
    }

    /// Takes what is free, or joins the line with `waker`, which was cloned for it outside of the lock and comes back if it is not
    /// needed.
    #[inline(always)] // what it gives would go through memory
    pub(super) fn join(&self, need: Need, waker: Waker) -> Result<Key, (Result<usize, AcquireError>, Waker)> {
        self.line.with(|line| {
            loop {
                let word = self.word.load(Ordering::Acquire);
                if word & (QUEUED | CLOSED) == 0 && word / ONE >= need.min {
                    let taken = (word / ONE).min(need.max);
                    if self.exchange(word, word - taken * ONE) {
                        return Err((Ok(taken), waker));
                    }
                    continue;
                }
                if word & CLOSED != 0 {
                    return Err((Err(AcquireError::Closed), waker));
                }
                if line.is_full() {
                    return Err((Err(AcquireError::QueueFull), waker));
                }
                // Until the flag says that there is a line, others may release past it.
                if word & QUEUED != 0 || self.exchange(word, word | QUEUED) {
                    return Ok(line.push(need, waker));
                }
            }
        })
    }

    /// Asks for the turn of a waiter. Gives the permits it was granted.
    #[inline(always)] // as `join`
    pub(super) fn poll_turn(&self, key: Key, waker: &Waker) -> Option<Result<usize, AcquireError>> {
        let mut turn = self.line.with(|line| line.poll(key, waker));
        if turn == Turn::Stale {
            let new = waker.clone();
            let old = self.line.with(|line| line.replace_waker(key, new));
            // Before the second look: should it panic, what was granted is still in the line and goes with the future.
            drop(old);
            // Once is enough: there are wakers that are not even equal to their own clone.
            turn = self.line.with(|line| line.poll(key, waker));
        }
        match turn {
            Turn::Granted(need) => Some(Ok(need.max)),
            Turn::Unknown => Some(Err(AcquireError::Closed)),
            Turn::Waiting | Turn::Stale => None,
        }
    }

    /// A waiter gives up: what it was granted is passed on, and the next may be able to go.
    pub(super) fn leave(&self, key: Key) {
        let (freed, goes_on, waker) = self.line.with(|line| {
            let (granted, waker) = line.remove(key);
            let word = self.word.load(Ordering::Acquire);
            let goes_on = granted > 0 || line.head_can_go(word / ONE);
            if !goes_on && word & QUEUED != 0 && !line.is_needed() {
                self.word.store(word & !QUEUED, Ordering::Release);
            }
            (granted, goes_on, waker)
        });
        if goes_on {
            self.pass_on_from(waker, freed);
        } else {
            wake::outside(None, waker);
        }
    }

    /// Gives permits to the line, in the name of one who leaves it with its waker.
    #[cold]
    fn pass_on_from(&self, waker: Option<Waker>, freed: usize) {
        // A waker that panics when it is dropped keeps nobody from going, nor is it dropped by the panic of another.
        let passed_on = unwind::catch(|| self.pass_on(freed));
        wake::outside(None, waker);
        if let Err(panic) = passed_on {
            unwind::resume_unless_unwinding(panic);
        }
    }

    /// Gives permits back.
    #[inline]
    pub(crate) fn release(&self, n: usize) {
        if n == 0 {
            return;
        }
        let mut word = self.word.load(Ordering::Relaxed);
        while word & QUEUED == 0 {
            // ORDERING: Release, pairs with the Acquire of `try_take`.
            match self.word.compare_exchange_weak(word, word + n * ONE, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(now) => word = now,
            }
        }
        self.pass_on(n);
    }

    /// Gives permits to the line, which may be there.
    fn pass_on(&self, mut freed: usize) {
        wake::drain(|batch| self.line.with(|line| self.settle(line, core::mem::take(&mut freed), batch)));
    }

    /// Permits that were held are gone for good.
    pub(super) fn forgotten(&self, n: usize) {
        self.line.with(|line| {
            line.forgotten(n);
            self.unflag_unless_needed(line);
        });
    }

    fn unflag_unless_needed(&self, line: &Line) {
        if !line.is_needed() {
            self.change(|word| word & !QUEUED);
        }
    }

    /// Gives up a permit that is held, if one is owed. `false` if none is: it is held still.
    pub(crate) fn pay(&self) -> bool {
        let owes = self.word.load(Ordering::Acquire) & QUEUED != 0;
        owes && self.line.with(|line| {
            let pays = line.debt() > 0;
            if pays {
                line.forgotten(1);
                self.unflag_unless_needed(line);
            }
            pays
        })
    }

    /// Adds permits and deals out what is free, under the lock.
    fn settle(&self, line: &mut Line, freed: usize, batch: &mut WakeBatch<'_>) -> Round {
        let mut word = self.word.load(Ordering::Acquire);
        while word & QUEUED == 0 {
            if freed == 0 || self.exchange(word, word + freed * ONE) {
                return Round::Last;
            }
            word = self.word.load(Ordering::Acquire);
        }
        // With the flag set nobody else changes the word.
        let (free, round) = line.deal(word / ONE + freed, batch);
        let queued = if line.is_needed() { QUEUED } else { 0 };
        self.word.store((free * ONE) | queued | (word & CLOSED), Ordering::Release);
        round
    }

    pub(super) fn reduce(&self, line: &mut Line, n: usize) {
        let mut gone = 0;
        // In one step: a release between the two would slip past the debt.
        self.change(|word| {
            gone = (word / ONE).min(n);
            (word - gone * ONE) | if gone < n { QUEUED } else { 0 }
        });
        line.shrink(gone, n - gone);
    }

    /// Takes up to `n` free permits out of the word, under the lock, also from before the head of the line.
    pub(super) fn take_away(&self, n: usize) -> usize {
        let mut gone = 0;
        self.change(|word| {
            gone = (word / ONE).min(n);
            word - gone * ONE
        });
        gone
    }

    pub(super) fn change(&self, mut change: impl FnMut(usize) -> usize) {
        loop {
            let word = self.word.load(Ordering::Acquire);
            if self.exchange(word, change(word)) {
                return;
            }
        }
    }

    fn exchange(&self, word: usize, new: usize) -> bool {
        self.word.compare_exchange_weak(word, new, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
