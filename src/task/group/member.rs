//! A task on its executor, to its group.
//!
//! When it ends it does these things, in this order: it leaves the roster; it leaves its result, and has its siblings cancelled, if it is the first
//! that failed and they are to be; it gives up its slot; it is no longer counted. So who finds nobody counted finds every result.

use super::core::Core;
use super::results::Left;
use super::seat::Seat;
use crate::spawn::{Cause, Report};
use crate::sys::unwind;
use crate::sys::wake;
use crate::task::Outcome;
use alloc::sync::Arc;
use core::task::Waker;

pub(super) struct Member<T, E> {
    pub(super) core: Arc<Core<T, E>>,
    /// Given to its result at the end.
    pub(super) seat: Option<Arc<Seat>>,
}

const SEATED: &str = "asked and told nothing after its end";

impl<T, E> Report<Result<T, E>> for Member<T, E> {
    fn abort_requested(&self) -> bool {
        let seat = self.seat.as_ref().expect(SEATED);
        let is_cancelled = || !seat.asked && self.core.token.is_cancelled();
        seat.is_aborted() || is_cancelled() || self.core.roster.is_aborted()
    }

    fn register(&self, waker: &Waker) {
        let seat = self.seat.as_ref().expect(SEATED);
        if !seat.register(waker) {
            self.core.roster.enter(seat);
        }
    }

    fn finish(&mut self, ended: Result<Result<T, E>, Cause>) {
        let (core, seat) = (&self.core, self.seat.take().expect(SEATED));
        let (waker, place) = seat.rise();
        if let Some(place) = place {
            core.roster.leave(place);
        }
        let outcome = match ended {
            Ok(Ok(value)) => Outcome::Ok(value),
            // It was asked to stop, and this is what came of its clean-up.
            Ok(Err(error)) if seat.asked && core.token.is_cancelled() => Outcome::Cancelled(Some(error)),
            Ok(Err(error)) => Outcome::Err(error),
            Err(Cause::Cancelled) => Outcome::Cancelled(None),
            Err(Cause::Panicked(panicked)) => Outcome::Panicked(panicked),
        };
        let settled = unwind::catch(|| core.settle(Left { seat, outcome }));
        if let Some(slots) = &core.slots {
            unwind::keep_going(|| slots.release(1));
        }
        if core.inside.leave() {
            wake::outside(core.results.take_joiner(), waker);
        } else {
            drop(waker);
        }
        if let Err(panic) = settled {
            unwind::resume_unless_unwinding(panic);
        }
    }
}
