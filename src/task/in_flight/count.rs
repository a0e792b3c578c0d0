//! The count: one word for those who come and go, a crowd behind a lock for those who wait.
//!
//! The word is the count, and two bits: closed, and whether somebody waits. Coming in and going out are one step on the word. The last one to
//! go while somebody waits takes its step within the lock, and whoever waits joins the crowd within the lock: so those who are woken are
//! those who came before that very moment, and nobody else.

use super::entry::Entry;
use super::error::{Closed, TrackError};
use super::track::Track;
use super::wait::WaitIdle;
use crate::sys::arena::Key;
use crate::sys::atomic::AtomicUsize;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake;
use core::fmt;
use core::ops::Deref;
use core::sync::atomic::Ordering;
use core::task::Waker;

const CLOSED: usize = 1;
const WAITED: usize = 2;
const ONE: usize = 4;

/// Counts what is in flight, refuses what comes after [`close`](Self::close), and says when all are gone.
///
/// `const`, without an allocation before somebody waits.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use std::sync::Arc;
/// use untether::spawn::SpawnExt;
/// use untether::task::InFlight;
///
/// let requests = Arc::new(InFlight::new());
/// for _ in 0..3 {
///     let request = InFlight::track_owned(requests.clone(), async { "answered" }).unwrap();
///     rt.spawn_task(request).unwrap().detach_with(drop);
/// }
/// requests.close();
/// assert!(requests.enter().is_err());
/// requests.wait_idle().await;
/// assert_eq!(requests.len(), 0);
/// # });
/// ```
#[doc(alias = "TaskTracker")]
#[doc(alias = "WaitGroup")]
pub struct InFlight {
    word: AtomicUsize,
    crowd: Lock<WaitSet>,
}

impl InFlight {
    /// Nothing is in flight, and all may come.
    #[must_use]
    pub const fn new() -> Self {
        Self { word: AtomicUsize::new(0), crowd: Lock::new(WaitSet::new()) }
    }

    /// Comes in, until the entry is dropped.
    ///
    /// # Errors
    /// [`Closed`] from the moment of [`close`](Self::close) on.
    /// # Panics
    /// If more are in than can be counted: a quarter of what a `usize` holds.
    #[inline]
    pub fn enter(&self) -> Result<Entry<&Self>, Closed> {
        Self::enter_owned(self)
    }

    /// As [`enter`](Self::enter), with a holder of its own, such as an `Arc`.
    ///
    /// # Errors
    /// As [`enter`](Self::enter).
    /// # Panics
    /// As [`enter`](Self::enter).
    #[inline]
    pub fn enter_owned<H: Deref<Target = Self>>(holder: H) -> Result<Entry<H>, Closed> {
        if holder.come(CLOSED) { Ok(Entry::new(holder)) } else { Err(Closed(())) }
    }

    /// Counts a future from now on, until it has ended or is dropped.
    ///
    /// # Errors
    /// [`TrackError`] gives the future back if this is closed.
    /// # Panics
    /// As [`enter`](Self::enter).
    pub fn track<F: Future>(&self, future: F) -> Result<Track<&Self, F>, TrackError<F>> {
        Self::track_owned(self, future)
    }

    /// As [`track`](Self::track), with a holder of its own, such as an `Arc`.
    ///
    /// # Errors
    /// As [`track`](Self::track).
    /// # Panics
    /// As [`enter`](Self::enter).
    pub fn track_owned<H, F>(holder: H, future: F) -> Result<Track<H, F>, TrackError<F>>
    where
        H: Deref<Target = Self>,
        F: Future,
    {
        match Self::enter_owned(holder) {
            Ok(entry) => Ok(Track::new(entry, future)),
            Err(Closed(())) => Err(TrackError(future)),
        }
    }

    /// Lets nobody in any more; who is in stays in. `false` if it was closed before.
    ///
    /// Whoever comes in does so before this, or not at all.
    pub fn close(&self) -> bool {
        self.change(|word| word | CLOSED) & CLOSED == 0
    }

    /// Lets all in again. `false` if it was open.
    pub fn reopen(&self) -> bool {
        self.change(|word| word & !CLOSED) & CLOSED != 0
    }

    /// Whether it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.load() & CLOSED != 0
    }

    /// How many are in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.load() / ONE
    }

    /// Whether nobody is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.load() < ONE
    }

    /// Waits until nobody is in.
    ///
    /// It need not be closed for that; then there was a moment, after the first poll began, at which nobody was in. What was done by those who
    /// went is seen by whoever waited.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub const fn wait_idle(&self) -> WaitIdle<&Self> {
        WaitIdle::new(self)
    }

    /// As [`wait_idle`](Self::wait_idle), with a holder of its own, such as an `Arc`.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub const fn wait_idle_owned<H: Deref<Target = Self>>(holder: H) -> WaitIdle<H> {
        WaitIdle::new(holder)
    }

    fn load(&self) -> usize {
        // ORDERING: Acquire, pairs with the Release of `leave`, through whatever others did to the word in between.
        self.word.load(Ordering::Acquire)
    }

    fn change(&self, to: impl Fn(usize) -> usize) -> usize {
        // ORDERING: Release, so that whoever is refused sees what was done before; Acquire for whoever waits.
        let changed = self.word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| Some(to(word)));
        changed.unwrap_or_else(|word| word)
    }

    /// One more, unless one of these bits is set.
    #[inline]
    pub(super) fn come(&self, unless: usize) -> bool {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word & unless != 0 {
                // ORDERING: pairs with `close`.
                crate::sys::atomic::fence(Ordering::Acquire);
                return false;
            }
            let more = word.checked_add(ONE).expect("more are in flight than can be counted");
            // Whoever comes brings nothing that another has to see.
            match self.word.compare_exchange_weak(word, more, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
    }

    /// One less. `true` for the last.
    #[inline]
    pub(crate) fn leave(&self) -> bool {
        let mut word = self.word.load(Ordering::Relaxed);
        while word & WAITED == 0 || word >= 2 * ONE {
            // ORDERING: Release for whoever waits, also if this is one of many.
            match self.word.compare_exchange_weak(word, word - ONE, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return word < 2 * ONE,
                Err(now) => word = now,
            }
        }
        self.leave_waited_for()
    }

    #[cold]
    fn leave_waited_for(&self) -> bool {
        let (mut mark, mut was_last) = (None, true);
        wake::drain(|batch| {
            self.crowd.with(|crowd| {
                let first = mark.is_none();
                let mark = *mark.get_or_insert_with(|| crowd.mark());
                // ORDERING: Acquire as well: those who are woken see what all others did.
                if first && self.word.fetch_sub(ONE, Ordering::AcqRel) >= 2 * ONE {
                    was_last = false;
                    return wake::Round::Last; // Somebody came meanwhile.
                }
                if first {
                    self.change(|word| word & !WAITED);
                }
                crowd.take_before(mark, batch)
            })
        });
        was_last
    }

    pub(super) fn poll_idle(&self, place: &mut Option<Key>, waker: &Waker) -> bool {
        if place.is_none() && self.is_empty() {
            return true;
        }
        let is_idle = with_waker(&self.crowd, waker, place.is_none(), |crowd, own| match *place {
            Some(key) => Some(crowd.ask(key, waker, own)? == Turn::Unknown),
            None if self.change(|word| word | WAITED) < ONE => Some(true),
            None => {
                *place = Some(crowd.register(own.take()?));
                Some(false)
            }
        });
        if is_idle {
            *place = None;
        }
        is_idle
    }

    pub(super) fn stop_waiting(&self, place: &mut Option<Key>) {
        if let Some(key) = place.take() {
            let waker = self.crowd.with(|crowd| crowd.remove(key));
            wake::outside(None, waker);
        }
    }
}

impl Default for InFlight {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.load();
        f.debug_struct("InFlight").field("len", &(word / ONE)).field("closed", &(word & CLOSED != 0)).finish()
    }
}
