//! What the two halves share: a value, who is still there, and who waits, behind one lock.
//!
//! Everything that leaves the state leaves the lock with it and is dropped or woken outside.

use super::error::{SendError, TryRecvError};
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::wake;
use alloc::sync::Arc;
use core::task::{Poll, Waker};

pub(super) struct Shared<T>(Lock<State<T>>);

struct State<T> {
    value: Option<T>,
    /// The sender has neither sent nor gone.
    sending: bool,
    /// The receiver takes a value that is sent from now on.
    receiving: bool,
    /// Waits for the value.
    receiver: Option<Waker>,
    /// Waits until nobody wants it.
    sender: Option<Waker>,
}

impl<T> Shared<T> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Lock::new(State {
            value: None,
            sending: true,
            receiving: true,
            receiver: None,
            sender: None,
        })))
    }

    pub(super) fn send(&self, value: T) -> Result<(), SendError<T>> {
        let receiver = self.0.with(|state| {
            state.sending = false;
            if !state.receiving {
                return Err(SendError(value));
            }
            state.value = Some(value);
            Ok(state.receiver.take())
        })?;
        wake::outside(receiver, None);
        Ok(())
    }

    /// The sender goes, with or without having sent.
    pub(super) fn drop_sender(&self) {
        let (receiver, sender) = self.0.with(|state| {
            state.sending = false;
            (state.receiver.take(), state.sender.take())
        });
        wake::outside(receiver, sender);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.with(|state| !state.receiving)
    }

    /// Waits until the receiver is closed. `is_new` if it has not been here.
    pub(super) fn poll_closed(&self, waker: &Waker, is_new: bool) -> Poll<()> {
        with_waker(&self.0, waker, is_new, |state, own| {
            if !state.receiving {
                return Some(Poll::Ready(()));
            }
            keep(&mut state.sender, waker, own)
        })
    }

    /// Waits for `closed` no more.
    pub(super) fn leave_closed(&self) {
        let waker = self.0.with(|state| state.sender.take());
        wake::outside(None, waker);
    }

    pub(super) fn try_recv(&self) -> Result<T, TryRecvError> {
        let (outcome, waker) = self.0.with(|state| state.take());
        wake::outside(None, waker);
        outcome
    }

    pub(super) fn poll_recv(&self, waker: &Waker, is_new: bool) -> Poll<Option<T>> {
        let mut gone = None;
        with_waker(&self.0, waker, is_new, |state, own| {
            let (outcome, waker_of_old) = state.take();
            gone = waker_of_old;
            match outcome {
                Ok(value) => Some(Poll::Ready(Some(value))),
                Err(TryRecvError::Closed) => Some(Poll::Ready(None)),
                Err(TryRecvError::Empty) => keep(&mut state.receiver, waker, own),
            }
        })
    }

    /// Takes no value that is sent from now on.
    pub(super) fn close(&self) {
        let sender = self.0.with(State::close);
        wake::outside(sender, None);
    }

    /// The receiver goes. Gives the value that was sent.
    pub(super) fn drop_receiver(&self) -> Option<T> {
        let (sender, value, receiver) =
            self.0.with(|state| (state.close(), state.value.take(), state.receiver.take()));
        wake::outside(sender, receiver);
        value
    }
}

impl<T> State<T> {
    fn close(&mut self) -> Option<Waker> {
        self.receiving = false;
        self.sender.take()
    }

    /// The value, and once there is nothing to wait for any more, the waker that waited.
    fn take(&mut self) -> (Result<T, TryRecvError>, Option<Waker>) {
        match self.value.take() {
            Some(value) => (Ok(value), self.receiver.take()),
            None if self.sending && self.receiving => (Err(TryRecvError::Empty), None),
            None => (Err(TryRecvError::Closed), self.receiver.take()),
        }
    }
}

/// Keeps the right waker in `slot`. `None` if it has yet to be cloned; an old one is handed out.
fn keep<R>(slot: &mut Option<Waker>, waker: &Waker, own: &mut Option<Waker>) -> Option<Poll<R>> {
    if !slot.as_ref().is_some_and(|current| current.will_wake(waker)) {
        let new = own.take()?;
        *own = slot.replace(new);
    }
    Some(Poll::Pending)
}
