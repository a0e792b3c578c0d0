//! The event: one word for those who meet nobody, a line behind a lock for those who wait.
//!
//! As long as nobody is in the line each verb is one compare-and-swap of the word. The word says that there is a line before its lock is
//! left by the first who joins, so whoever changes the word after that goes to the lock. The flag is left standing when the line empties
//! and taken down by the next who finds it empty: a line that is used again and again costs nothing beside its lock.
//!
//! All are told at one moment, when the bell rings, and woken one batch after the other. Whoever comes to the line in between, to be let
//! through or to tell, goes by the bells: who was told before stands in nobody's way, and takes nothing that comes after.

use super::wait::Wait;
use super::word::Word;
use crate::sys::arena::Key;
use crate::sys::atomic::AtomicUsize;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::{Turn, WaitList};
use crate::sys::wake::{self, Round, WakeBatch};
use core::fmt;
use core::ops::Deref;
use core::sync::atomic::Ordering;
use core::task::Waker;

/// Tells tasks and threads that something happened: one of them or all, now or until it is cleared.
///
/// `const`, without an allocation before somebody waits. See the [module](super) for which verb tells whom.
///
/// Whoever waits first looks, then waits, and looks again:
/// [`wait`](Self::wait) counts from the call, so nothing that happens between the look and the first poll is missed.
///
/// # Fairness
/// First come, first served. A notification that is kept goes to the next who comes.
///
/// # Examples
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use untether::spawn::SpawnExt;
/// use untether::sync::Event;
///
/// static DONE: AtomicU32 = AtomicU32::new(0);
/// static PROGRESS: Event = Event::new();
///
/// untether::rt::threads::block_on(async |rt| {
///     for _ in 0..3 {
///         let step = async {
///             DONE.fetch_add(1, Ordering::Relaxed);
///             PROGRESS.notify_all();
///         };
///         rt.spawn_task(step).unwrap().detach();
///     }
///     loop {
///         let progress = PROGRESS.wait();
///         if DONE.load(Ordering::Relaxed) == 3 {
///             break;
///         }
///         progress.await;
///     }
/// });
/// ```
#[doc(alias = "Notify")]
#[doc(alias = "asyncio.Event")]
#[doc(alias = "ManualResetEvent")]
#[doc(alias = "AutoResetEvent")]
pub struct Event {
    word: AtomicUsize,
    line: Lock<Line>,
}

struct Line {
    waiting: WaitList<Told>,
    /// All who came no later than this were told by a bell. Some may be here still, to be woken.
    told: u64,
    /// That some may be here still.
    ringing: bool,
}

/// What becomes of a notification whose receiver is dropped before it saw it.
#[derive(Clone, Copy)]
enum Told {
    /// It goes to the next in line, or is kept.
    Kept,
    /// It goes to the next in line, or nowhere.
    Pulse,
}

/// Where a [`Wait`] stands.
pub(super) enum Place {
    Outside,
    InLine(Key),
    Passed,
}

impl Event {
    /// An event that is not set.
    #[must_use]
    pub const fn new() -> Self {
        let line = Line { waiting: WaitList::new(), told: 0, ringing: false };
        Self { word: AtomicUsize::new(Word::CLEAR.0), line: Lock::new(line) }
    }

    /// Sets it: all who wait are woken, and whoever comes is let through at once, until [`clear`](Self::clear). Who waits now is let
    /// through even if it is cleared before they are polled.
    pub fn set(&self) {
        self.ring(Word::set);
    }

    /// Takes back what [`set`](Self::set) did: from now on, whoever comes waits. A notification that is kept stays.
    pub fn clear(&self) {
        self.change(|word| Some(word.clear()));
    }

    /// Whether it is set. A notification that is kept does not count.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.load().is_set()
    }

    /// Lets the first in line through; if nobody is there, the next who comes. Several that nobody came for are one.
    #[inline]
    pub fn notify_one(&self) {
        if !self.change(|word| (!word.has_line()).then_some(word.keep_one())) {
            self.notify_line(Told::Kept);
        }
    }

    /// Lets the first in line through. Nothing is kept: if nobody is there it is `false`, and nothing happened.
    ///
    /// In the line is who was polled and still waits; a [`Wait`] that was made and never polled is not.
    #[inline]
    pub fn pulse_one(&self) -> bool {
        // Also to an empty line this publishes: who joins after it sees what was done before it.
        !self.change(|word| (!word.has_line()).then_some(word)) && self.notify_line(Told::Pulse)
    }

    /// Lets all through who wait at this moment, and nobody else: not those who come while these are being woken.
    ///
    /// A [`Wait`] waits from when it was made.
    pub fn notify_all(&self) {
        self.ring(|word| word);
    }

    /// Waits until it is set, or a notification comes, or takes the one that is kept.
    ///
    /// It counts for [`set`](Self::set) and [`notify_all`](Self::notify_all) from this call on, and joins the line at its first poll.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in line. A notification it was given and did not see goes to the next in line; if nobody is
    /// there, it is kept if it would have been.
    /// # Fairness
    /// First come, first served, by the first poll.
    pub fn wait(&self) -> Wait<&Self> {
        Wait::new(self, self.load().bells())
    }

    /// As [`wait`](Self::wait), with a holder of its own, such as an `Arc`.
    pub fn wait_owned<S: Deref<Target = Self>>(holder: S) -> Wait<S> {
        let bells = holder.load().bells();
        Wait::new(holder, bells)
    }

    /// Whether one who waits would pass at once. Takes the notification that is kept, unless the event is set.
    #[must_use]
    pub fn try_wait(&self) -> bool {
        self.pass(None)
    }

    /// How many are in the line.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.line.with(|line| line.waiting.queued())
    }

    /// Polls one who has been here since so many `bells`.
    pub(super) fn poll_wait(&self, place: &mut Place, bells: usize, waker: &Waker) -> bool {
        let passed = match *place {
            Place::Passed => true,
            Place::Outside if self.pass(Some(bells)) => true,
            // The line needs a waker in any case.
            Place::Outside => with_waker(&self.line, waker, true, |line, own| {
                if self.pass_or_say_that_there_is_a_line(bells) {
                    return Some(true);
                }
                *place = Place::InLine(line.waiting.push(Told::Kept, own.take()?));
                Some(false)
            }),
            Place::InLine(key) => {
                let waits = with_waker(&self.line, waker, false, |line, own| {
                    let turn = line.waiting.ask(key, waker, own)?;
                    Some(matches!(turn, Turn::Waiting).then_some(line.ringing))
                });
                waits.is_none_or(|ringing| ringing && self.leave_if_told(key, bells))
            }
        };
        if passed {
            *place = Place::Passed;
        }
        passed
    }

    /// One who waits while some are being woken may be of those, though it is not its turn yet.
    #[cold]
    fn leave_if_told(&self, key: Key, bells: usize) -> bool {
        let is_told = self.load().bells() != bells;
        if is_told {
            self.leave(key);
        }
        is_told
    }

    /// Lets the first in line through, if anybody is there.
    fn notify_line(&self, told: Told) -> bool {
        let granted = self.line.with(|line| self.grant(line, told));
        self.wake_outside(granted)
    }

    /// Gives up a place. What was given to it and not seen goes on.
    pub(super) fn leave(&self, key: Key) {
        let (next, gone) = self.line.with(|line| match line.waiting.remove(key) {
            Some(left) if left.granted => (self.grant(line, left.payload), None),
            Some(left) => (Ok(None), left.waker),
            None => (Ok(None), None),
        });
        wake::outside(None, gone);
        self.wake_outside(next);
    }

    /// Lets the first in line through, under the lock; if nobody is there, keeps the notification if it is one to be kept. Gives it back
    /// if those who are there may have been told already.
    #[inline]
    #[must_use = "who is let through has to be woken"]
    fn grant(&self, line: &mut Line, told: Told) -> Result<Option<Waker>, Told> {
        if line.ringing {
            return Err(told);
        }
        let first = line.waiting.grant_first_if(|kept| {
            *kept = told;
            true
        });
        if first.is_none() {
            self.change(|word| match told {
                Told::Kept => Some(word.without_line().keep_one()),
                Told::Pulse => Some(word.without_line()),
            });
        }
        Ok(first)
    }

    /// Wakes who was let through. Whether anybody was.
    #[inline]
    fn wake_outside(&self, granted: Result<Option<Waker>, Told>) -> bool {
        match granted {
            Ok(None) => false,
            Ok(waker) => {
                wake::outside(waker, None);
                true
            }
            Err(told) => self.notify_behind_those_told(told),
        }
    }

    /// Wakes those who were told already, so that the first in line is one who was not.
    #[cold]
    fn notify_behind_those_told(&self, told: Told) -> bool {
        let mut outcome = None;
        wake::drain(|batch| {
            self.line.with(|line| {
                if self.take_told(line, batch) == Round::More {
                    return Round::More;
                }
                // After the last round there is room in the batch, and nobody is left who was told.
                let first = self.grant(line, told).unwrap_or_default();
                outcome = Some(first.is_some());
                first.into_iter().for_each(|waker| batch.push(waker));
                Round::Last
            })
        });
        outcome == Some(true)
    }

    /// Takes those out of the line who were told by a bell, as far as the batch goes.
    fn take_told(&self, line: &mut Line, batch: &mut WakeBatch<'_>) -> Round {
        let round = line.waiting.take_up_to(line.told, batch);
        line.ringing = round == Round::More;
        if line.waiting.queued() == 0 {
            self.change(|word| Some(word.without_line()));
        }
        round
    }

    /// Changes the word by `and` and lets through all who were there by then.
    fn ring(&self, and: impl Fn(Word) -> Word) {
        if self.change(|word| (!word.has_line()).then(|| and(word).ring())) {
            return;
        }
        let mut rang = false;
        wake::drain(|batch| {
            self.line.with(|line| {
                if !core::mem::replace(&mut rang, true) {
                    self.change(|word| Some(and(word).ring()));
                    line.told = line.waiting.newest();
                }
                self.take_told(line, batch)
            })
        });
    }

    /// Takes what lets one through who counts since so many bells, or since now.
    fn pass(&self, bells: Option<usize>) -> bool {
        let mut word = self.load();
        loop {
            match word.pass(bells.unwrap_or(word.bells())) {
                None => return false,
                Some(same) if same == word => return true,
                Some(new) => match self.exchange(word, new) {
                    Ok(()) => return true,
                    Err(now) => word = now,
                },
            }
        }
    }

    /// As [`pass`](Self::pass); if nothing lets it through then the word says so before anything can.
    fn pass_or_say_that_there_is_a_line(&self, bells: usize) -> bool {
        let mut word = self.load();
        loop {
            let passed = word.pass(bells);
            let new = passed.unwrap_or(word.with_line());
            if new == word {
                return passed.is_some();
            }
            match self.exchange(word, new) {
                Ok(()) => return passed.is_some(),
                Err(now) => word = now,
            }
        }
    }

    /// Changes the word, unless `change` does not want to: then it is `false`. A change to the same is one as well: it publishes.
    #[inline]
    fn change(&self, change: impl Fn(Word) -> Option<Word>) -> bool {
        let mut word = Word(self.word.load(Ordering::Relaxed));
        while let Some(new) = change(word) {
            match self.exchange(word, new) {
                Ok(()) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    #[inline]
    fn load(&self) -> Word {
        // ORDERING: Acquire, pairs with the Release of `exchange`: who passes sees what was done before it was told.
        Word(self.word.load(Ordering::Acquire))
    }

    #[inline]
    fn exchange(&self, word: Word, new: Word) -> Result<(), Word> {
        // ORDERING: Release for who passes; Acquire because passing is taking, and a clear has to see what was set before.
        let outcome = self.word.compare_exchange_weak(word.0, new.0, Ordering::AcqRel, Ordering::Acquire);
        outcome.map(|_| ()).map_err(Word)
    }
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("is_set", &self.is_set())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}
