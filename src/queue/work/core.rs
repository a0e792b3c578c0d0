//! The queue, and how it is changed: under its lock, and then whom that concerns is told outside of it.

use super::dead::{DeadLetter, Why};
use super::job::JobId;
use super::ledger::{Dead, Ledger};
use super::rules::{Builder, DEAD_LETTERS, Rules, THRICE};
use super::stats::Stats;
use crate::queue::Queue;
use crate::queue::delay::seat::dismiss;
use crate::queue::delay::state::{Book, State};
use crate::queue::told::{Others, Told};
use crate::sync::Semaphore;
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::unwind::keep_going;
use crate::sys::wait_set::WaitSet;
use crate::sys::{unwind, wake};
use crate::time::{Instant, Timer};
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;
use core::sync::atomic::Ordering;
use core::task::Waker;

/// Jobs that are done at least once, whatever becomes of those who do them.
///
/// A job is [pushed](Self::push), and [leased](Self::lease) to a worker, who says that it is done. If it is not, since the worker failed, panicked, was cancelled, or
/// took [too long](Builder::visibility), it is leased again, to anybody: up to [three times](Builder::attempts), after which it is found among the
/// [dead letters](Self::dead_letters). [`join`](Self::join) waits until nothing is left to be done.
///
/// A shared object: in a `static`, an `Arc`, or a struct of yours. Its time is that of the [`Timer`] it is given; the clock is asked only where
/// there is a delay or a limit.
///
/// # Fairness
/// Workers are served in the order in which they came, and so are jobs: one that is tried again stands behind those that are ready by then, but before those
/// of [its key](Builder::key). A worker whose turn it is and that is neither polled nor dropped keeps one job at most from all others, but if it was
/// the first in line and kept the time, those that are delayed as well: drop it, or keep polling it.
/// # Examples
/// ```
/// use untether::queue::WorkQueue;
///
/// untether::rt::threads::block_on(async |rt| {
///     let queue = WorkQueue::new(rt);
///     for n in 1..=3 {
///         queue.push(n).await.unwrap();
///     }
///     queue.close();
///     let mut sum = 0;
///     while let Some(job) = queue.lease().await {
///         if *job == 2 && job.attempt() == 1 {
///             continue; // Dropped: it comes again.
///         }
///         sum += *job;
///         job.ack();
///     }
///     assert_eq!(sum, 6);
///     assert_eq!(queue.stats().failed, 1);
/// });
/// ```
#[doc(alias = "task_done")]
#[doc(alias = "at-least-once")]
pub struct WorkQueue<T, Tm: Timer, K = ()> {
    pub(super) state: Lock<State<Core<T, K>>>,
    pub(super) timer: Tm,
    pub(super) rules: Rules<T, K>,
    pub(super) dead: Queue<DeadLetter<T>>,
    /// One permit for each job that may yet be put in.
    pub(super) room: Option<Semaphore>,
    /// Whether there was something on the timeline at the last change: then whoever leases asks the clock first, or what is ready would go
    /// before what is due for ever. A guess: what it misses is seen at the next lease.
    pub(super) is_timed: AtomicBool,
}

pub(super) struct Core<T, K> {
    pub(super) ledger: Ledger<T, K>,
    pub(super) when_idle: WaitSet,
    /// Whether it is to be told when there is room.
    is_bounded: bool,
}

/// What is to be seen to outside of the lock.
struct News<T, K> {
    /// Nothing is left to be done, and somebody waits for that.
    is_idle: bool,
    /// Nothing will come any more, and somebody waits for it.
    is_over: bool,
    /// Nothing will be left behind any more.
    is_done: bool,
    /// So many have ended, and left room.
    freed: usize,
    dead: Vec<Dead<T, K>>,
}

impl<T, Tm: Timer> WorkQueue<T, Tm> {
    /// An empty queue without a bound, whose time is that of `timer`. Jobs are tried three times, the second and third time at once.
    #[must_use]
    pub const fn new(timer: Tm) -> Self {
        Self {
            state: Lock::new(State::new(Core::new(THRICE, false))),
            timer,
            rules: Rules::new(),
            dead: Queue::bounded(DEAD_LETTERS),
            room: None,
            is_timed: AtomicBool::new(false),
        }
    }

    /// One with other rules.
    pub const fn builder(timer: Tm) -> Builder<T, Tm> {
        Builder::new(timer)
    }
}

impl<T, Tm: Timer, K> WorkQueue<T, Tm, K> {
    /// The timer it was given.
    pub const fn timer(&self) -> &Tm {
        &self.timer
    }

    /// What was tried as often as it may be, or was [rejected](super::Job::reject): the last thousand of them, unless
    /// [something else was said](Builder::dead_letters). It is a queue as others, and is closed when nothing will come into it any more.
    pub const fn dead_letters(&self) -> &Queue<DeadLetter<T>> {
        &self.dead
    }

    /// Takes a job out that is not leased. `None` if it is, or has ended.
    pub fn cancel(&self, id: JobId) -> Option<T> {
        let ended = self.change_and_keep(|state| state.book.ledger.cancel(id.0))?;
        keep_going(|| drop(ended.key));
        ended.item
    }

    /// Takes no more jobs. What is there is given out, and tried again where that is due; when all of it has ended, workers get `None`.
    #[doc(alias = "shutdown")]
    pub fn close(&self) {
        let closing = unwind::catch(|| self.change_state(|state| state.closed = true));
        let refusing = unwind::catch(|| self.room.as_ref().map_or((), Semaphore::close));
        go_on([closing, refusing]);
    }

    /// Takes no more jobs and gives none out: workers get `None` at once. Gives back what was not leased, in the order in which it was put in.
    ///
    /// What is leased counts until it has ended, also for [`join`](Self::join). If it fails, it is found among the dead letters.
    #[doc(alias = "shutdown")]
    pub fn close_now(&self) -> impl ExactSizeIterator<Item = T> + use<T, Tm, K> {
        let left = self.change_and_keep(|state| {
            state.closed = true;
            state.book.ledger.end()
        });
        let mut items = Vec::with_capacity(left.len());
        for ended in left {
            items.extend(ended.item);
            keep_going(|| drop(ended.key));
        }
        if let Some(room) = &self.room {
            keep_going(|| room.close());
        }
        items.into_iter()
    }

    /// What the clock shows, if there is something that it decides.
    #[inline]
    pub(super) fn now_if_timed(&self) -> Option<Instant> {
        self.is_timed.load(Ordering::Relaxed).then(|| self.timer.now())
    }

    /// Whether it was closed. There may still be jobs.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state.with(|state| state.closed)
    }

    /// How many jobs have not ended: those that are ready, delayed, leased, or blocked by one of their key.
    #[must_use]
    #[doc(alias = "unfinished_tasks")]
    pub fn len(&self) -> usize {
        self.state.with(|state| state.book.ledger.open())
    }

    /// Whether nothing is left to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How it stands, at one moment.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.state.with(|state| Stats::of(&state.book.ledger, state.line.len(), state.closed))
    }

    /// Changes something under the lock, and tells whom that concerns.
    #[inline(always)] // so are all on the way of a job: what they give would go through memory
    pub(super) fn change<R>(&self, body: impl FnOnce(&mut Core<T, K>) -> R) -> R {
        self.change_state(|state| body(&mut state.book))
    }

    /// The same, where what comes of it must not be lost with a waker that panics: then that goes no further.
    #[inline]
    pub(super) fn change_and_keep<R>(&self, body: impl FnOnce(&mut State<Core<T, K>>) -> R) -> R {
        let (result, told) = self.change_quietly(body);
        if !told.is_nobody() {
            let Told { mut waker, others } = told;
            keep_going(|| self.tell(waker.take(), others));
        }
        result
    }

    #[inline(always)] // as `change`
    pub(super) fn change_state<R>(&self, body: impl FnOnce(&mut State<Core<T, K>>) -> R) -> R {
        let (result, told) = self.change_quietly(body);
        if !told.is_nobody() {
            self.tell(told.waker, told.others);
        }
        result
    }

    #[inline(always)] // as `change`
    fn change_quietly<R>(&self, body: impl FnOnce(&mut State<Core<T, K>>) -> R) -> (R, Told) {
        self.state.with(|state| {
            let result = body(state);
            self.is_timed.store(state.book.ledger.is_timed(), Ordering::Relaxed);
            (result, after(state))
        })
    }

    fn tell(&self, waker: Option<Waker>, others: Others) {
        if others == Others::Nobody {
            return wake::outside(waker, None);
        }
        let telling = unwind::catch(|| wake::outside(waker, None));
        let seeing = unwind::catch(|| self.see_to_it());
        go_on([telling, seeing]);
    }

    /// Sees to all that a change has brought about.
    #[cold]
    pub(super) fn see_to_it(&self) {
        let News { is_idle, is_over, is_done, freed, dead } = self.state.with(|state| News::of(state));
        let making_room = unwind::catch(|| {
            if let Some(room) = self.room.as_ref().filter(|_| freed > 0) {
                room.release(freed);
            }
        });
        let burying = unwind::catch(|| {
            if !dead.is_empty() {
                self.bury(dead);
            }
        });
        let closing = unwind::catch(|| {
            if is_done {
                self.dead.close();
            }
        });
        let dismissing = unwind::catch(|| {
            if is_over {
                dismiss(&self.state);
            }
        });
        let telling = unwind::catch(|| {
            if is_idle {
                wake::drain(|batch| self.state.with(|state| state.book.when_idle.take_all(batch)));
            }
        });
        go_on([making_room, burying, closing, dismissing, telling]);
    }

    fn bury(&self, dead: Vec<Dead<T, K>>) {
        let count = dead.len();
        for Dead { item, attempts, key } in dead {
            self.lay_out(DeadLetter { item, attempts, why: Why::Exhausted });
            keep_going(|| drop(key));
        }
        self.change(|core| core.ledger.buried(count));
    }

    /// Puts a job among the dead letters; the oldest goes where there is no room.
    pub(super) fn lay_out(&self, letter: DeadLetter<T>) {
        keep_going(|| drop(self.dead.force_send(letter)));
    }
}

impl<T, K> Core<T, K> {
    pub(super) const fn new(most_attempts: NonZeroU32, is_bounded: bool) -> Self {
        Self { ledger: Ledger::new(most_attempts), when_idle: WaitSet::new(), is_bounded }
    }
}

/// Lets the first panic go on.
fn go_on(outcomes: impl IntoIterator<Item = Result<(), unwind::Panic>>) {
    let mut panics = outcomes.into_iter().filter_map(Result::err);
    if let Some(first) = panics.next() {
        panics.for_each(unwind::discard);
        unwind::resume_unless_unwinding(first);
    }
}

/// Whom a change concerns.
#[inline(always)] // as `change`
fn after<T, K>(state: &mut State<Core<T, K>>) -> Told {
    let waker = state.tell();
    let Core { ledger, when_idle, is_bounded } = &state.book;
    let is_empty = ledger.open() == 0;
    let others = (is_empty && (when_idle.len() > 0 || state.closed))
        || (state.closed && !state.line.is_empty() && state.is_over())
        || ledger.has_dead()
        || (*is_bounded && ledger.has_freed());
    Told { waker, others: if others { Others::Somebody } else { Others::Nobody } }
}

impl<T, K> Core<T, K> {
    /// Whether a lease has brought about something that is to be seen to.
    #[inline]
    pub(super) fn has_news(&self) -> bool {
        self.ledger.has_dead()
    }
}

impl<T, K> News<T, K> {
    fn of(state: &mut State<Core<T, K>>) -> Self {
        let is_over = !state.line.is_empty() && state.is_over();
        let Core { ledger, when_idle, .. } = &mut state.book;
        let is_empty = ledger.open() == 0;
        let (freed, dead) = ledger.take_news();
        let is_done = is_empty && state.closed;
        Self { is_idle: is_empty && when_idle.len() > 0, is_over, is_done, freed, dead }
    }
}

impl<T, K> Book for Core<T, K> {
    #[inline]
    fn is_empty(&self) -> bool {
        self.ledger.is_empty()
    }

    #[inline]
    fn ready(&self) -> usize {
        self.ledger.ready()
    }

    #[inline]
    fn earliest(&mut self) -> Option<Instant> {
        self.ledger.earliest()
    }

    #[inline]
    fn note(&mut self, now: Instant) {
        self.ledger.note(now);
    }
}

impl<T, Tm: Timer, K> fmt::Debug for WorkQueue<T, Tm, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkQueue").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
