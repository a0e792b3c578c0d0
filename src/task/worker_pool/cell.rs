//! What a ticket shares with its input: how far that is, and how it ended.

use super::source::seal::Teller;
use crate::sys::atomic::{AtomicBool, AtomicWaker};
use crate::sys::lock::Lock;
use crate::sys::two_steps::with_waker;
use crate::sys::unwind::keep_going;
use crate::sys::wake;
use crate::task::{Failure, Outcome};
use core::sync::atomic::Ordering;
use core::task::{Context, Poll, Waker};

/// Shared by an input and its ticket: the one allocation of both.
pub(super) struct Cell<T, E> {
    slot: Lock<Slot<T, E>>,
    /// Asked of one that runs.
    abort: AtomicBool,
    /// Of the worker that runs it.
    runner: AtomicWaker,
    teller: Teller<E>,
}

struct Slot<T, E> {
    stage: Stage<T, E>,
    /// Of whoever awaits the outcome.
    reader: Option<Waker>,
    /// Whether there is somebody who could read it.
    watched: bool,
}

enum Stage<T, E> {
    Waits,
    Runs,
    Ended(Outcome<T, E>),
    /// The outcome was handed out.
    Read,
}

impl<T, E> Cell<T, E> {
    pub(super) fn new(teller: Teller<E>) -> Self {
        let slot = Slot { stage: Stage::Waits, reader: None, watched: true };
        Self { slot: Lock::new(slot), abort: AtomicBool::new(false), runner: AtomicWaker::new(), teller }
    }

    /// Whether it is to be run. Not so if it was aborted before.
    pub(super) fn begin(&self) -> bool {
        self.slot.with(|slot| {
            let waits = matches!(slot.stage, Stage::Waits);
            if waits {
                slot.stage = Stage::Runs;
            }
            waits
        })
    }

    /// Publishes how it ended, if that is not known.
    pub(super) fn settle(&self, outcome: Outcome<T, E>) {
        let (reader, unread) = self.slot.with(|slot| {
            if matches!(slot.stage, Stage::Ended(_) | Stage::Read) {
                return (None, Some(outcome));
            }
            if !slot.watched {
                slot.stage = Stage::Read;
                return (None, Some(outcome));
            }
            slot.stage = Stage::Ended(outcome);
            (slot.reader.take(), None)
        });
        if let Some(outcome) = unread {
            self.tell(outcome);
        }
        wake::outside(reader, None);
    }

    /// Tells of a failure that nobody reads. One that was asked for is none.
    fn tell(&self, outcome: Outcome<T, E>) {
        let Err(failure) = outcome.into_result() else { return };
        let asked_for = matches!(failure, Failure::Cancelled(_)) && self.is_aborted();
        if let Some(teller) = self.teller.as_ref().filter(|_| !asked_for) {
            keep_going(|| teller.unread(&failure));
        }
    }

    /// Asks it to stop: at once if it was not begun, else in place of its next poll.
    pub(super) fn abort(&self) {
        // ORDERING: Release, pairs with the Acquire of `is_aborted`; the waker orders it before or after that one's registration.
        self.abort.store(true, Ordering::Release);
        let (reader, runs) = self.slot.with(|slot| {
            let runs = matches!(slot.stage, Stage::Runs);
            if !matches!(slot.stage, Stage::Waits) {
                return (None, runs);
            }
            slot.stage = Stage::Ended(Outcome::Cancelled(None));
            (slot.reader.take(), runs)
        });
        if runs {
            self.runner.wake();
        }
        wake::outside(reader, None);
    }

    /// Whether whoever runs it was asked to stop.
    pub(super) fn is_aborted(&self) -> bool {
        self.abort.load(Ordering::Acquire)
    }

    /// As above; told if that happens later.
    pub(super) fn poll_abort(&self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.is_aborted() {
            self.runner.register(cx.waker());
            if !self.is_aborted() {
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    }

    /// # Panics
    /// If the outcome was handed out before.
    pub(super) fn poll_read(&self, waker: &Waker) -> Poll<Outcome<T, E>> {
        let mut unneeded = None;
        let polled = with_waker(&self.slot, waker, false, |slot, own| match slot.stage {
            Stage::Waits | Stage::Runs => {
                if !slot.reader.as_ref().is_some_and(|reader| reader.will_wake(waker)) {
                    let new = own.take()?;
                    *own = slot.reader.replace(new);
                }
                Some(Poll::Pending)
            }
            Stage::Ended(_) | Stage::Read => {
                unneeded = slot.reader.take();
                Some(Poll::Ready(core::mem::replace(&mut slot.stage, Stage::Read)))
            }
        });
        keep_going(|| drop(unneeded));
        polled.map(|stage| match stage {
            Stage::Ended(outcome) => outcome,
            _ => panic!("a ticket was polled after it gave its outcome"),
        })
    }

    pub(super) fn has_ended(&self) -> bool {
        self.slot.with(|slot| matches!(slot.stage, Stage::Ended(_) | Stage::Read))
    }

    /// Nobody will read it.
    pub(super) fn leave(&self) {
        let (reader, unread) = self.slot.with(|slot| {
            slot.watched = false;
            let ended = matches!(slot.stage, Stage::Ended(_));
            let unread = ended.then(|| core::mem::replace(&mut slot.stage, Stage::Read));
            (slot.reader.take(), unread)
        });
        if let Some(Stage::Ended(outcome)) = unread {
            self.tell(outcome);
        }
        wake::outside(None, reader);
    }
}
