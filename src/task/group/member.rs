//! A task on its executor, to its group.
//!
//! When it ends it does these things, in this order: it leaves the roster; it leaves its result, and has its siblings cancelled, if it is the first
//! that failed and they are to be; it gives up its slot; the supervisor hears of it, if there is one; it is no longer counted. So who finds nobody
//! counted finds every result.

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
    /// It has waited, and so there is a waker in its seat.
    pub(super) has_waited: bool,
}

const SEATED: &str = "asked and told nothing after its end";

impl<T, E> Report<Result<T, E>> for Member<T, E> {
    fn abort_requested(&self) -> bool {
        let seat = self.seat.as_ref().expect(SEATED);
        let is_cancelled = || !seat.asked && self.core.token.is_cancelled();
        seat.is_aborted() || is_cancelled() || self.core.roster.is_aborted()
    }

    fn register(&mut self, waker: &Waker) {
        self.has_waited = true;
        let seat = self.seat.as_ref().expect(SEATED);
        if !seat.register(waker) {
            self.core.roster.enter(seat);
        }
    }

    #[inline]
    fn finish(&mut self, ended: Result<Result<T, E>, Cause>) {
        let (core, seat) = (&self.core, self.seat.take().expect(SEATED));
        let waker = if self.has_waited { core.roster.see_off(&seat) } else { None };
        let settled = unwind::catch(|| match ended {
            Ok(Ok(value)) => {
                wake::outside(core.results.put_value(seat, value), None);
                None
            }
            Ok(Err(error)) => {
                // Asked to stop, this is what came of its clean-up.
                let cleaned_up = seat.asked && core.token.is_cancelled();
                let outcome = if cleaned_up { Outcome::Cancelled(Some(error)) } else { Outcome::Err(error) };
                core.settle(Left { seat, outcome })
            }
            Err(Cause::Cancelled) => core.settle(Left { seat, outcome: Outcome::Cancelled(None) }),
            Err(Cause::Panicked(panicked)) => {
                core.settle(Left { seat, outcome: Outcome::Panicked(panicked) })
            }
        });
        if let Some(slots) = &core.roster.slots {
            unwind::keep_going(|| slots.release(1));
        }
        let told = settled.map(|supervised| supervised.into_iter().for_each(|left| core.hand_over(left)));
        // Those who wait for the end are woken in there.
        let left = unwind::catch(|| core.roster.inside.leave());
        let joiner = if matches!(left, Ok(false)) { None } else { core.results.take_joiner() };
        let woken = unwind::catch(|| wake::outside(joiner, waker));
        unwind::resume_first([told, left.map(drop), woken]);
    }
}
