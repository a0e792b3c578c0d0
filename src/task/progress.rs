//! How far the work has come, told to whoever wants to know.

use crate::observe::{Event, Observer, Value};
use crate::spawn::Panicked;
use crate::sys::unwind;

/// Counts pieces of work and tells the count: once for each, never backwards, the last time `(n, n)`.
///
/// A panic of who is told is caught and goes to the observer as `progress_panicked`; the work goes on, and the next count is told again.
pub(crate) struct Progress<P> {
    completed: usize,
    total: usize,
    tell: P,
}

impl<P: FnMut(usize, usize)> Progress<P> {
    pub(crate) const fn new(tell: P) -> Self {
        Self::after(0, tell)
    }

    /// For somebody who comes late: as many were done before.
    pub(crate) const fn after(completed: usize, tell: P) -> Self {
        Self { completed, total: completed, tell }
    }

    /// One more is done. `total` is how many there are in all, as far as is known by now. Never called under a lock.
    pub(crate) fn step(&mut self, total: usize, observer: &impl Observer) {
        self.completed += 1;
        self.total = self.total.max(total).max(self.completed);
        let (completed, total, tell) = (self.completed, self.total, &mut self.tell);
        if let Err(panic) = unwind::catch(|| tell(completed, total)) {
            let panicked = Panicked::new(panic);
            let message = Value::Text(panicked.message());
            unwind::keep_going(|| observer.on(&Event::new("progress_panicked").field("message", message)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_total_that_was_promised_too_low_grows_with_the_count() {
        let mut told = Vec::new();
        let mut progress = Progress::new(|completed, total| told.push((completed, total)));
        for total in [2, 1, 0] {
            progress.step(total, &());
        }
        assert_eq!(told, [(1, 2), (2, 2), (3, 3)]);
    }
}
