//! How long it stays open: the schedule is somebody's code, so it is taken out of its slot to be asked.
//!
//! Who finds it taken leaves it to whoever has it, and that one looks again before it puts it back, in one step. So each opening gets
//! its length, and none is asked for under the lock.

use super::core::{CircuitBreaker, Shared};
use super::kernel::{Kernel, Opening};
use crate::retry::schedule::{Schedule, Step};
use crate::time::{Clock, Entropy};
use core::time::Duration;

/// Where the schedule says nothing at all.
const UNSAID: Duration = Duration::from_secs(30);

/// Where the schedule lies.
pub(super) struct Slot<S> {
    /// `None` before it is asked for the first time, and while it is out.
    row: Option<Row<S>>,
    is_out: bool,
}

/// A schedule in the course of openings in a row.
struct Row<S> {
    schedule: S,
    last: Option<Duration>,
    has_ended: bool,
}

impl<S> Slot<S> {
    pub(super) const fn new() -> Self {
        Self { row: None, is_out: false }
    }
}

impl<S: Schedule> Row<S> {
    const fn new(schedule: S) -> Self {
        Self { schedule, last: None, has_ended: false }
    }

    fn next(&mut self, opening: Opening, entropy: &dyn Entropy) -> Duration {
        if !self.has_ended {
            let step = Step::new(opening.number).after(opening.elapsed);
            let next = self.schedule.next_delay(&step, entropy);
            self.has_ended = next.is_none();
            self.last = next.or(self.last);
        }
        self.last.unwrap_or(UNSAID)
    }
}

/// The schedule, taken out. Whatever panics, every opening gets a length.
struct Taken<'b, S> {
    shared: &'b Shared<S>,
    row: Option<Row<S>>,
    is_back: bool,
}

impl<S> Drop for Taken<'_, S> {
    fn drop(&mut self) {
        if self.is_back {
            return;
        }
        // Where a row begins with it, the schedule is that of the row before: it is dropped outside.
        let stale = self.shared.with(|state| {
            let opening = state.kernel.opening();
            if let Some(opening) = opening {
                state.kernel.set_length(opening.id, UNSAID);
            }
            let stale =
                if opening.is_some_and(|opening| opening.number == 1) { self.row.take() } else { None };
            self.put_back(&mut state.slot);
            stale
        });
        drop(stale);
    }
}

impl<S> Taken<'_, S> {
    fn put_back(&mut self, slot: &mut Slot<S>) {
        slot.row = self.row.take();
        (slot.is_out, self.is_back) = (false, true);
    }
}

fn take<S>(kernel: &Kernel, slot: &mut Slot<S>) -> Option<(Opening, Option<Row<S>>)> {
    let opening = kernel.opening()?;
    if slot.is_out {
        return None;
    }
    slot.is_out = true;
    Some((opening, slot.row.take()))
}

impl<C: Clock, S: Schedule + Clone, E: Entropy> CircuitBreaker<C, S, E> {
    /// Gives the opening its length, if nobody else is about to. Says which it was.
    #[cold]
    pub(super) fn serve_opening(&self) -> Option<Duration> {
        // LOCK: the schedule is moved, and neither asked, cloned nor dropped.
        let (mut opening, row) = self.shared.with(|state| take(&state.kernel, &mut state.slot))?;
        let mut taken = Taken { shared: &self.shared, row, is_back: false };
        loop {
            let length = self.length_of(opening, &mut taken.row);
            let next = self.shared.with(|state| {
                state.kernel.set_length(opening.id, length);
                let next = state.kernel.opening();
                if next.is_none() {
                    taken.put_back(&mut state.slot);
                }
                next
            });
            match next {
                Some(next) => opening = next,
                None => return Some(length),
            }
        }
    }

    fn length_of(&self, opening: Opening, row: &mut Option<Row<S>>) -> Duration {
        if opening.number == 1 {
            *row = None;
        }
        let row = row.get_or_insert_with(|| Row::new(self.plan.schedule.clone()));
        row.next(opening, &self.plan.entropy)
    }
}
