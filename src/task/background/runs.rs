//! The runs of a job that are going on.

use super::cell::Ticket;
use super::run::{JobOutput, Run};
use super::status::RunError;
use crate::spawn::Panicked;
use crate::sys::slots::Slots;
use crate::sys::unwind::{self, Panic};
use crate::time::{Instant, Timer};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::task::{Context, Poll};

pub(super) struct Runs<J, T: Timer> {
    slots: Slots<Run<J, T>>,
    going: Vec<Going>,
}

/// What belongs to a run beside its future.
pub(super) struct Going {
    place: usize,
    pub(super) began: Instant,
    /// Of those who asked for it.
    pub(super) tickets: Vec<Ticket>,
}

impl<J: Future, T: Timer> Runs<J, T> {
    pub(super) const fn new() -> Self {
        Self { slots: Slots::new(), going: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.going.len()
    }

    pub(super) fn insert(&mut self, run: Run<J, T>, began: Instant, tickets: Vec<Ticket>) {
        let place = self.slots.vacancy();
        self.slots.fill(run);
        self.going.push(Going { place, began, tickets });
    }

    /// Polls one of them. When it has ended it is gone, its future dropped, and another one has its index.
    pub(super) fn poll(&mut self, index: usize, cx: &mut Context<'_>) -> Poll<(Going, Result<(), RunError>)>
    where
        J::Output: JobOutput,
    {
        let place = self.going[index].place;
        let polled = unwind::catch(|| match self.slots.poll(place, cx) {
            Some(Poll::Ready(Ok(output))) => Poll::Ready(output.into_text().map_err(failed)),
            Some(Poll::Ready(Err(elapsed))) => Poll::Ready(Err(RunError::TimedOut(elapsed.after()))),
            Some(Poll::Pending) => Poll::Pending,
            None => Poll::Ready(Err(RunError::Aborted)),
        });
        let result = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(result)) => result,
            Err(panic) => {
                // Of two panics the first is the cause.
                unwind::keep_going(|| _ = self.slots.remove(place));
                Err(panicked(panic))
            }
        };
        Poll::Ready((self.going.swap_remove(index), result))
    }

    /// Drops them all, whichever of them panics. `each` is given what belonged to it, when it is gone, and the panic.
    pub(super) fn clear(&mut self, mut each: impl FnMut(Going, Option<RunError>)) {
        for going in mem::take(&mut self.going) {
            let dropped = unwind::catch(|| self.slots.remove(going.place));
            each(going, dropped.err().map(panicked));
        }
    }
}

fn failed(text: String) -> RunError {
    RunError::Failed(Arc::from(text))
}

pub(super) fn panicked(panic: Panic) -> RunError {
    RunError::Panicked(Panicked::new(panic).message().into())
}
