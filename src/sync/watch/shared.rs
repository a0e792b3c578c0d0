//! What the halves share: the value and its version, and who waits for either side, behind one lock.
//!
//! Under the lock a value is an `Arc` that is swapped. It is made, cloned, changed, compared and dropped outside.

use crate::sys::arena::Key;
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::{Mark, WaitSet};
use crate::sys::wake;
use alloc::sync::Arc;
use core::task::{Poll, Waker};

pub(super) struct Shared<T>(Lock<State<T>>);

pub(super) struct State<T> {
    value: Arc<T>,
    /// Counts from 1, so that a receiver that says 0 has seen nothing.
    pub(super) version: u64,
    pub(super) senders: usize,
    pub(super) receivers: usize,
    /// Wait for a new version, or for the last sender to go.
    watching: WaitSet,
    /// Wait for the last receiver to go.
    closing: WaitSet,
}

/// Where somebody waits.
pub(super) type Place = Option<Key>;

/// One of the two crowds.
type Crowd<T> = fn(&mut State<T>) -> &mut WaitSet;

impl<T> Shared<T> {
    /// With one sender.
    pub(super) fn new(value: T) -> Arc<Self> {
        Arc::new(Self(Lock::new(State {
            value: Arc::new(value),
            version: 1,
            senders: 1,
            receivers: 0,
            watching: WaitSet::new(),
            closing: WaitSet::new(),
        })))
    }

    /// What the numbers say.
    pub(super) fn with<R>(&self, body: impl FnOnce(&mut State<T>) -> R) -> R {
        self.0.with(body)
    }

    pub(super) fn get(&self) -> (Arc<T>, u64) {
        self.with(|state| (state.value.clone(), state.version))
    }

    /// Puts a new value in the place of the old one, if that `may` be, and wakes who waits for it. Gives back the one that is not needed.
    pub(super) fn replace(&self, new: Arc<T>, may: impl FnOnce(&State<T>) -> bool) -> Result<Arc<T>, Arc<T>> {
        let (old, mark) = self.with(|state| {
            if !may(state) {
                return Err(new);
            }
            state.version += 1;
            Ok((core::mem::replace(&mut state.value, new), state.watching.anybody()))
        })?;
        self.wake(mark, |state| &mut state.watching);
        Ok(old)
    }

    pub(super) fn drop_sender(&self) {
        let last = self.with(|state| {
            state.senders -= 1;
            if state.senders == 0 { state.watching.anybody() } else { None }
        });
        self.wake(last, |state| &mut state.watching);
    }

    pub(super) fn drop_receiver(&self) {
        let last = self.with(|state| {
            state.receivers -= 1;
            if state.receivers == 0 { state.closing.anybody() } else { None }
        });
        self.wake(last, |state| &mut state.closing);
    }

    /// Waits for a version other than `seen`, and says that it was seen. `None` once no other will come.
    pub(super) fn poll_other(
        &self,
        seen: &mut u64,
        place: &mut Place,
        waker: &Waker,
    ) -> Poll<Option<Arc<T>>> {
        let mut gone = None;
        with_waker(&self.0, waker, place.is_none(), |state, own| {
            let done = if state.version != *seen {
                *seen = state.version;
                Some(state.value.clone())
            } else if state.senders == 0 {
                None
            } else {
                return state.watching.wait(place, waker, own).map(|()| Poll::Pending);
            };
            gone = place.take().and_then(|key| state.watching.remove(key));
            Some(Poll::Ready(done))
        })
    }

    /// Waits until there is no receiver.
    pub(super) fn poll_closed(&self, place: &mut Place, waker: &Waker) -> Poll<()> {
        let mut gone = None;
        with_waker(&self.0, waker, place.is_none(), |state, own| {
            if state.receivers > 0 {
                return state.closing.wait(place, waker, own).map(|()| Poll::Pending);
            }
            gone = place.take().and_then(|key| state.closing.remove(key));
            Some(Poll::Ready(()))
        })
    }

    pub(super) fn stop_watching(&self, place: &mut Place) {
        self.leave(place, |state| &mut state.watching);
    }

    pub(super) fn stop_closing(&self, place: &mut Place) {
        self.leave(place, |state| &mut state.closing);
    }

    fn leave(&self, place: &mut Place, crowd: Crowd<T>) {
        if let Some(key) = place.take() {
            let waker = self.with(|state| crowd(state).remove(key));
            wake::outside(None, waker);
        }
    }

    fn wake(&self, mark: Option<Mark>, crowd: Crowd<T>) {
        if let Some(mark) = mark {
            wake::drain(|batch| self.with(|state| crowd(state).take_before(mark, batch)));
        }
    }
}

impl<T> State<T> {
    pub(super) fn holds(&self, value: &Arc<T>) -> bool {
        Arc::ptr_eq(&self.value, value)
    }
}

impl WaitSet {
    /// All who are there, if anybody is.
    fn anybody(&self) -> Option<Mark> {
        (self.len() > 0).then(|| self.mark())
    }

    /// Stays in `place`, or comes back to it if it was woken for what is over already. `None` if a waker has yet to be cloned.
    fn wait(&mut self, place: &mut Place, waker: &Waker, own: &mut Option<Waker>) -> Option<()> {
        if let Some(key) = *place {
            if self.ask(key, waker, own)? != Turn::Unknown {
                return Some(());
            }
        }
        *place = Some(self.register(own.take()?));
        Some(())
    }
}
