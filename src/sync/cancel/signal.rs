//! The flag, and who waits for it: what a token and a flat flag have in common.
//!
//! The flag is set under the lock, together with the reason, and before anybody is woken. One who waits looks for the reason under the same
//! lock before joining the crowd: so either it finds the reason, or it is found by the one who wakes. Asking reads the flag alone.

use crate::sys::arena::Key;
use crate::sys::atomic::AtomicBool;
use crate::sys::lock::Lock;
use crate::sys::wait_list::Turn;
use crate::sys::wait_set::WaitSet;
use crate::sys::wake::{self, Round, WakeBatch};
use alloc::boxed::Box;
use core::sync::atomic::Ordering;
use core::task::{Poll, Waker};

pub(super) struct Signal<W, M> {
    set: AtomicBool,
    state: Lock<State<W, M>>,
}

pub(super) struct State<W, M> {
    why: Option<W>,
    /// Apart, and made when the first one comes: what is moved when a token is made is small without it.
    crowd: Option<Box<Crowd<M>>>,
}

struct Crowd<M> {
    waiting: WaitSet,
    /// What the owner keeps under the same lock.
    more: M,
}

impl<W, M> State<W, M> {
    pub(super) const fn why(&self) -> Option<&W> {
        self.why.as_ref()
    }

    pub(super) fn has_waiters(&self) -> bool {
        self.crowd.as_ref().is_some_and(|crowd| crowd.waiting.len() > 0)
    }

    pub(super) fn more(&self) -> Option<&M> {
        self.crowd.as_ref().map(|crowd| &crowd.more)
    }

    pub(super) fn more_mut(&mut self) -> Option<&mut M> {
        self.crowd.as_mut().map(|crowd| &mut crowd.more)
    }
}

impl<W, M: Default> State<W, M> {
    pub(super) fn make_more(&mut self) -> &mut M {
        &mut self.make_crowd().more
    }

    #[inline]
    fn make_crowd(&mut self) -> &mut Crowd<M> {
        self.crowd.get_or_insert_with(|| Box::new(Crowd { waiting: WaitSet::new(), more: M::default() }))
    }
}

impl<W, M> Signal<W, M> {
    #[inline]
    pub(super) const fn new() -> Self {
        Self { set: AtomicBool::new(false), state: Lock::new(State { why: None, crowd: None }) }
    }

    /// One that is set from the beginning.
    pub(super) const fn set_for(why: W) -> Self {
        Self { set: AtomicBool::new(true), state: Lock::new(State { why: Some(why), crowd: None }) }
    }

    #[inline]
    pub(super) fn is_set(&self) -> bool {
        // ORDERING: Acquire, pairs with the Release of `set`: what was done before the request is seen by whoever sees the request.
        self.set.load(Ordering::Acquire)
    }

    #[inline]
    pub(super) fn with<R>(&self, body: impl FnOnce(&mut State<W, M>) -> R) -> R {
        self.state.with(body)
    }

    /// Sets it, if that has not happened yet; to be called under the lock. What comes back was not needed.
    pub(super) fn set(&self, state: &mut State<W, M>, why: W) -> Result<(), W> {
        if state.why.is_some() {
            return Err(why);
        }
        state.why = Some(why);
        // ORDERING: Release, pairs with the Acquire of `is_set`.
        self.set.store(true, Ordering::Release);
        Ok(())
    }

    /// Moves those who wait into the batch. Nobody joins them any more once it is set.
    pub(super) fn take_waiters(&self, batch: &mut WakeBatch) -> Round {
        self.state.with(|state| {
            let Some(crowd) = &mut state.crowd else { return Round::Last };
            let everybody = crowd.waiting.mark();
            crowd.waiting.take_before(everybody, batch)
        })
    }

    /// Gives up the place among those who wait.
    #[inline]
    pub(super) fn leave(&self, place: &mut Option<Key>) {
        if let Some(key) = place.take() {
            let waker = self.state.with(|state| state.crowd.as_mut()?.waiting.remove(key));
            wake::outside(None, waker);
        }
    }
}

impl<W: Clone, M: Default> Signal<W, M> {
    pub(super) fn why(&self) -> Option<W> {
        self.state.with(|state| state.why.clone())
    }

    /// Waits until it is set, and gives the reason.
    #[inline]
    pub(super) fn poll(&self, place: &mut Option<Key>, waker: &Waker) -> Poll<W> {
        let is_set = self.is_set()
            || match *place {
                None => self.join(place, waker.clone()),
                Some(key) => self.poll_again(key, waker),
            };
        if !is_set {
            return Poll::Pending;
        }
        self.leave(place);
        // There is a reason for every flag that is set.
        self.why().map_or(Poll::Pending, Poll::Ready)
    }

    /// Joins the crowd; `true` if it is set already. The waker is a clone made outside of the lock, and dropped there if it is not needed.
    #[inline]
    fn join(&self, place: &mut Option<Key>, waker: Waker) -> bool {
        let unneeded = self.state.with(|state| {
            if state.why.is_some() {
                return Some(waker);
            }
            *place = Some(state.make_crowd().waiting.register(waker));
            None
        });
        unneeded.is_some()
    }

    /// `true` once it is set.
    fn poll_again(&self, key: Key, waker: &Waker) -> bool {
        match self.state.with(|state| state.make_crowd().waiting.poll(key, waker)) {
            Turn::Waiting => false,
            Turn::Unknown | Turn::Granted(()) => true,
            Turn::Stale => {
                let new = waker.clone();
                let unneeded = self.state.with(|state| state.make_crowd().waiting.replace_waker(key, new));
                drop(unneeded);
                // It was set after the old waker was seen, or by what was just dropped.
                self.is_set()
            }
        }
    }
}
