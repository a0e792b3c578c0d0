//! What a future shares with its closure at the runtime: the closure until it begins, and then what came of it.
//!
//! Whoever comes first takes the closure out: the runtime, which runs it, or the future that is dropped, which drops it. The place goes with what
//! lies at the runtime, whatever becomes of the future, so that there are never more there than may be.

use super::core::Place;
use crate::spawn::{Label, Panicked};
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::unseen;
use crate::sys::unwind;
use crate::sys::wake;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::mem;
use core::task::{Poll, Waker};

/// What came of it; no panic, where it was never run.
pub(super) type Came<T> = Result<T, Option<Box<Panicked>>>;

pub(super) struct Call<W, T> {
    state: Lock<State<W, T>>,
    label: Label,
}

struct State<W, T> {
    stage: Stage<W, T>,
    /// Of the future.
    waiter: Option<Waker>,
}

enum Stage<W, T> {
    /// It lies at the runtime. Without the work, if its future was dropped.
    Passed(Option<W>, Place),
    Running,
    /// Running, and its future is gone.
    Unwatched,
    Ended(Came<T>),
    /// There is nothing left to give.
    Over,
}

impl<W, T> Call<W, T> {
    pub(super) fn new(work: W, place: Place, label: Label) -> Arc<Self> {
        let state = State { stage: Stage::Passed(Some(work), place), waiter: None };
        Arc::new(Self { state: Lock::new(state), label })
    }

    pub(super) fn poll(&self, waker: &Waker) -> Poll<Came<T>> {
        with_waker(&self.state, waker, false, |state, own| {
            if matches!(state.stage, Stage::Ended(_)) {
                return match mem::replace(&mut state.stage, Stage::Over) {
                    Stage::Ended(came) => Some(Poll::Ready(came)),
                    _ => unreachable!("it was seen in the lines above"),
                };
            }
            if !state.waiter.as_ref().is_some_and(|waiter| waiter.will_wake(waker)) {
                let new = own.take()?;
                *own = state.waiter.replace(new);
            }
            Some(Poll::Pending)
        })
    }

    /// The runtime did not take it: the work, and its place is free.
    pub(super) fn take_back(&self) -> Option<W> {
        let (work, place) = self.state.with(|state| state.begin(Stage::Over))?;
        give_back(place);
        work
    }

    /// The future is dropped. The work goes now, if it has not begun.
    pub(super) fn leave(&self) {
        let (waiter, work, came) = self.state.with(|state| {
            let waiter = state.waiter.take();
            match mem::replace(&mut state.stage, Stage::Over) {
                Stage::Passed(work, place) => {
                    state.stage = Stage::Passed(None, place);
                    (waiter, work, None)
                }
                Stage::Running | Stage::Unwatched => {
                    state.stage = Stage::Unwatched;
                    (waiter, None, None)
                }
                Stage::Ended(came) => (waiter, None, Some(came)),
                Stage::Over => (waiter, None, None),
            }
        });
        wake::outside(None, waiter);
        drop(work);
        came.into_iter().for_each(|came| self.let_go(came));
    }

    fn finish(&self, came: Came<T>) {
        let (waiter, unwatched) = self.state.with(|state| {
            let unwatched = match mem::replace(&mut state.stage, Stage::Over) {
                Stage::Running => {
                    state.stage = Stage::Ended(came);
                    None
                }
                _ => Some(came),
            };
            (state.waiter.take(), unwatched)
        });
        // Whatever either of them does, the thread is not ours.
        unwind::keep_going(|| wake::outside(waiter, None));
        unwind::keep_going(|| unwatched.into_iter().for_each(|came| self.let_go(came)));
    }

    /// Lets the simulator know of a panic that ends with nobody.
    fn let_go(&self, came: Came<T>) {
        if let Err(Some(panicked)) = &came {
            unseen::note(&self.label, panicked.message());
        }
    }
}

impl<W, T> State<W, T> {
    /// Takes out what lies at the runtime.
    fn begin(&mut self, stage: Stage<W, T>) -> Option<(Option<W>, Place)> {
        match mem::replace(&mut self.stage, Stage::Over) {
            Stage::Passed(work, place) => {
                self.stage = if work.is_some() { stage } else { Stage::Over };
                Some((work, place))
            }
            other => {
                self.stage = other;
                None
            }
        }
    }
}

/// What is passed to the runtime.
pub(super) struct Passed<W, T>(pub(super) Arc<Call<W, T>>);

impl<W, T> Passed<W, T> {
    /// Runs the work, unless its future was dropped. The place is free before anybody sees what came of it.
    pub(super) fn run(self, call: impl FnOnce(W) -> T) {
        let Some((work, place)) = self.0.state.with(|state| state.begin(Stage::Running)) else { return };
        let came = work.map(|work| unwind::catch(|| call(work)));
        give_back(place);
        if let Some(came) = came {
            self.0.finish(came.map_err(|panic| Some(Box::new(Panicked::new(panic)))));
        }
    }
}

/// One that the runtime did not run lets its future know.
impl<W, T> Drop for Passed<W, T> {
    fn drop(&mut self) {
        let Some((work, place)) = self.0.state.with(|state| state.begin(Stage::Running)) else { return };
        let was_wanted = work.is_some();
        let dropped = unwind::catch(|| drop(work));
        give_back(place);
        if was_wanted {
            self.0.finish(Err(dropped.err().map(|panic| Box::new(Panicked::new(panic)))));
        }
    }
}

/// Wakers of others are called here. What one of them does is no concern of this closure.
pub(super) fn give_back(place: Place) {
    unwind::keep_going(|| drop(place));
}
