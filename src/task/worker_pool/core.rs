//! What a pool and its workers share: how many there are to be, what they are to do, and who waits for them.
//!
//! A worker asks before each piece of work, and is woken when the answer changes. It counts as busy from before it looks for work until it has
//! found none: so where nobody is busy and nothing waits, all that was accepted before has ended.

use super::source::Source;
use super::state::{Berth, Order, Phase, Seat, State, join};
use super::stats::{Ended, Stats, Tally};
use crate::spawn::SpawnErrorKind;
use crate::sys::arena::Key;
use crate::sys::atomic::AtomicU64;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::unwind::{self, keep_going};
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;
use core::task::{Poll, Waker};

pub(super) struct Core<Q: Source> {
    pub(super) source: Arc<Q>,
    pub(super) teller: Q::Teller,
    state: Lock<State<Q::Item>>,
    counts: [AtomicU64; 4],
    /// Starts a worker.
    start: Start<Q>,
}

/// Starts the worker of this berth.
pub(super) type Start<Q> = Box<dyn Fn(&Arc<Core<Q>>, Berth) -> Result<(), SpawnErrorKind> + Send + Sync>;

impl<Q: Source> Core<Q> {
    pub(super) fn new(source: Arc<Q>, teller: Q::Teller, workers: usize, start: Start<Q>) -> Self {
        let counts = [const { AtomicU64::new(0) }; 4];
        Self { source, teller, state: Lock::new(State::new(workers)), counts, start }
    }

    /// Asks what to do. Whoever asks is told from now on when that changes.
    pub(super) fn ask(&self, seat: &mut Seat, waker: &Waker, has_work: bool) -> Order {
        let mut left = None;
        let order = with_waker(&self.state, waker, seat.place.is_none(), |state, own| {
            let order = state.order(has_work);
            if order == Order::Leave {
                left = state.cross_out(seat);
                return Some(order);
            }
            state.note(seat, waker, own)?;
            state.set_busy(seat, order != Order::Hold);
            Some(order)
        });
        keep_going(|| drop(left));
        if matches!(order, Order::Leave | Order::Hold) {
            keep_going(|| self.tell());
        }
        order
    }

    /// It found no work.
    pub(super) fn rest(&self, seat: &mut Seat) {
        let is_last = self.state.with(|state| {
            state.set_busy(seat, false);
            state.busy == 0 && state.when_idle.len() > 0
        });
        if is_last {
            keep_going(|| self.tell());
        }
    }

    /// There is no more work, nor will there be.
    pub(super) fn end_of_work(&self, seat: &mut Seat) {
        let left = self.state.with(|state| {
            let left = state.cross_out(seat);
            // The last one puts out the light: none is started after it.
            let phase = if state.alive == 0 { Phase::Finishing } else { Phase::Draining };
            state.phase = state.phase.max(phase);
            left
        });
        keep_going(|| drop(left));
        keep_going(|| self.tell());
    }

    /// It is dropped before it was told to leave. Another takes its place.
    pub(super) fn lost(self: &Arc<Self>, seat: &mut Seat, was_polled: bool) {
        if seat.gone {
            return;
        }
        let (left, replaced, is_dead) = self.state.with(|state| {
            let left = state.cross_out(seat);
            let replaced = state.phase < Phase::Finishing
                && state.alive < state.target
                && (was_polled || seat.berth.spare);
            let replaced = replaced.then(|| state.sign_on(was_polled));
            let is_dead = state.alive == 0 && state.phase < Phase::Finishing;
            if is_dead {
                // In one step, so that nobody hears of the end before what waits has come back.
                state.begin_taking_back(Phase::Finishing);
            }
            (left, replaced, is_dead)
        });
        keep_going(|| drop(left));
        if let Some(berth) = replaced {
            // Should it not be started, it is lost in turn.
            keep_going(|| _ = (self.start)(self, berth));
        }
        if is_dead {
            // Nobody waits for workers that will not come.
            self.finish_taking_back(Q::abandon);
        }
        keep_going(|| self.tell());
    }

    /// Starts as many as are missing. Those that go meanwhile are not counted again: their executor may be one that drops all that it takes.
    pub(super) fn start(self: &Arc<Self>) -> Result<(), SpawnErrorKind> {
        let missing = self.state.with(|state| state.target.saturating_sub(state.alive));
        for _ in 0..missing {
            let berth = self.state.with(|state| {
                let missing = state.phase < Phase::Finishing && state.alive < state.target;
                missing.then(|| state.sign_on(true))
            });
            let Some(berth) = berth else { return Ok(()) };
            if let Err(kind) = (self.start)(self, berth) {
                self.state.with(|state| state.target = state.alive.max(1));
                return Err(kind);
            }
        }
        Ok(())
    }

    pub(super) fn set_target(&self, workers: usize) {
        self.state.with(|state| state.target = workers);
        self.tell_workers();
    }

    pub(super) fn set_paused(&self, paused: bool) {
        self.state.with(|state| state.paused = paused && state.phase == Phase::Open);
        self.tell_workers();
    }

    /// Begins the end, or goes on with it.
    pub(super) fn stop(&self, phase: Phase) {
        if phase == Phase::Draining {
            self.state.with(|state| {
                state.phase = state.phase.max(phase);
                state.paused = false;
            });
            keep_going(|| self.source.close());
        } else {
            self.take_back(phase, Q::take_back);
        }
        one_after_the_other([&|| self.tell_workers(), &|| self.tell()]);
    }

    fn take_back(&self, phase: Phase, how: fn(&Q) -> Vec<Q::Item>) {
        self.state.with(|state| state.begin_taking_back(phase));
        self.finish_taking_back(how);
    }

    fn finish_taking_back(&self, how: fn(&Q) -> Vec<Q::Item>) {
        let items = unwind::catch(|| how(&self.source));
        let items = items.unwrap_or_else(|panic| {
            unwind::discard(panic);
            Vec::new()
        });
        self.state.with(|state| {
            state.unstarted.extend(items);
            state.taking_back -= 1;
        });
    }

    /// The end of the pool itself: nobody will ask for anything.
    pub(super) fn abandon(&self) {
        self.take_back(Phase::Aborting, Q::abandon);
        // One by one: of two that panic in one drop of all the second would be the end of the program.
        self.unstarted().into_iter().for_each(|input| keep_going(|| drop(input)));
        one_after_the_other([&|| self.tell_workers(), &|| self.tell()]);
    }

    pub(super) fn unstarted(&self) -> Vec<Q::Item> {
        self.state.with(|state| core::mem::take(&mut state.unstarted))
    }

    pub(super) fn count(&self, ended: Ended) {
        // ORDERING: Relaxed, what was counted is published by the outcome.
        self.counts[ended as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn tally(&self) -> Tally {
        let [done, failed, cancelled, panicked] =
            self.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        Tally { done, failed, cancelled, panicked }
    }

    pub(super) fn stats(&self) -> Stats {
        let (waiting, tally) = (self.source.waiting().0, self.tally());
        self.state.with(|state| Stats {
            workers: state.alive,
            size: state.target,
            busy: state.busy,
            waiting,
            tally,
            paused: state.paused,
            stopped: state.phase != Phase::Open,
        })
    }

    /// Waits until nobody works and nothing waits, or did so once since it came. The line is joined first and the queue asked then: whoever ends
    /// after that tells.
    pub(super) fn poll_idle(&self, place: &mut Option<Key>, waker: &Waker) -> Poll<()> {
        let was_told = with_waker(&self.state, waker, place.is_none(), |state, own| {
            let Some(key) = *place else {
                *place = Some(state.when_idle.register(own.take()?));
                return Some(false);
            };
            let told = state.when_idle.ask(key, waker, own)? == Turn::Unknown;
            place.take_if(|_| told);
            Some(told)
        });
        if was_told {
            return Poll::Ready(());
        }
        let is_empty = self.source.waiting().0 == 0;
        let (is_idle, left) = self.state.with(|state| {
            let is_idle = state.is_idle(is_empty);
            let place = place.take_if(|_| is_idle);
            (is_idle, place.and_then(|place| state.when_idle.remove(place)))
        });
        keep_going(|| drop(left));
        if is_idle { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Waits until all workers have gone, and what was not begun has come back.
    pub(super) fn poll_stopped(&self, place: &mut Option<Key>, waker: &Waker) -> Poll<()> {
        let mut left = None;
        let polled = with_waker(&self.state, waker, place.is_none(), |state, own| {
            if state.has_stopped() {
                left = place.take().and_then(|place| state.when_stopped.remove(place));
                return Some(Poll::Ready(()));
            }
            join(&mut state.when_stopped, place, waker, own)?;
            Some(Poll::Pending)
        });
        keep_going(|| drop(left));
        polled
    }

    pub(super) fn leave_idle(&self, place: Option<Key>) {
        let left = place.and_then(|place| self.state.with(|state| state.when_idle.remove(place)));
        wake::outside(None, left);
    }

    pub(super) fn leave_stopped(&self, place: Option<Key>) {
        let left = place.and_then(|place| self.state.with(|state| state.when_stopped.remove(place)));
        wake::outside(None, left);
    }

    fn tell_workers(&self) {
        self.wake(|_| true, |state| &mut state.workers);
    }

    /// Wakes who waits for what has come about.
    fn tell(&self) {
        let (idle, stopped) = self.state.with(|state| {
            let idle = state.busy == 0 && state.when_idle.len() > 0;
            (idle, state.has_stopped() && state.when_stopped.len() > 0)
        });
        one_after_the_other([
            &|| {
                if idle {
                    // Asked first, as by those who come.
                    let is_empty = self.source.waiting().0 == 0;
                    self.wake(|state| state.is_idle(is_empty), |state| &mut state.when_idle);
                }
            },
            &|| {
                if stopped {
                    self.wake(State::has_stopped, |state| &mut state.when_stopped);
                }
            },
        ]);
    }

    /// Wakes all who are there now, if that is so now. It is asked once: they go on, whatever the first of them does.
    fn wake(&self, is_so: impl Fn(&State<Q::Item>) -> bool, set: fn(&mut State<Q::Item>) -> &mut WaitSet) {
        let mut mark = None;
        wake::drain(|batch| {
            self.state.with(|state| {
                if mark.is_none() && is_so(state) {
                    mark = Some(set(state).mark());
                }
                mark.map_or(wake::Round::Last, |mark| set(state).take_before(mark, batch))
            })
        });
    }
}

/// Does both, whichever panics. The first panic goes on.
fn one_after_the_other(parts: [&dyn Fn(); 2]) {
    let [first, second] = parts.map(unwind::catch);
    match (first, second) {
        (Ok(()), Ok(())) => {}
        (Err(panic), Ok(())) | (Ok(()), Err(panic)) => unwind::resume_unless_unwinding(panic),
        (Err(panic), Err(another)) => {
            unwind::discard(another);
            unwind::resume_unless_unwinding(panic);
        }
    }
}
