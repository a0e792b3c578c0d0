//! The look for lost wake-ups: where nobody is ready, everybody who waits is polled once more.

use super::executor::Executor;
use super::kind::FailureKind;
use super::purpose::Purpose;
use super::report::TaskReport;
use super::steps::begin;
use crate::time::Instant;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::pin::Pin;

/// Who is polled for nothing, and where everybody stood before.
pub(super) struct Probe {
    pub(super) task: String,
    pub(super) tasks: Vec<TaskReport>,
    pub(super) timers: Vec<Instant>,
}

/// So many times, when time is about to move, a run may be spent on looking for a lost wake-up.
const PROBED_PAUSES: u32 = 8;

impl Executor<'_> {
    /// Asks the tape whether this run is spent on a look for lost wake-ups, now that time is about to move.
    pub(super) fn is_probed_here(&mut self) -> bool {
        self.pauses += 1;
        self.pauses <= PROBED_PAUSES && self.shared.state.with(|state| state.recorder.ask(Purpose::Probe))
    }

    /// Nobody is ready: does a task go on if it is polled all the same? Then a wake-up was lost.
    ///
    /// What follows is no longer what would have happened, so this is the end of the run.
    pub(super) fn probe(&mut self, mut main: Pin<&mut impl Future<Output = ()>>) -> Result<(), FailureKind> {
        let timers = self.shared.timers.deadlines();
        // Who sleeps late on purpose would go on.
        let (pending, tasks, drifts) = self.shared.state.with(|state| {
            let pending: Vec<_> = state.pending().filter(|task| !state.is_late(*task)).collect();
            (pending, state.reports(), !state.drifts.is_empty())
        });
        let stalled = timers.is_empty();
        // A future that makes its sleep anew at each poll: elsewhere it has the same deadline, here another lateness.
        let timers_stay = stalled || (self.shared.faults.jitter.is_zero() && !drifts);
        self.probe = Some(Probe { task: String::new(), tasks, timers });
        for task in pending {
            let (poll, label) =
                self.shared.state.with(|state| (begin(state, task), state.tasks[task].label.to_string()));
            if let Some(probe) = &mut self.probe {
                probe.task.clone_from(&label);
            }
            self.poll(task, poll, main.as_mut())?;
            // At a stall whoever becomes ready shows that something moved. Before a timer only the task itself does: a poll may wake
            // others for reasons of its own.
            let moved = self.shared.state.with(|state| {
                let another = stalled && !state.ready.is_empty();
                state.tasks[task].ended || state.is_woken(task) || another
            });
            let before = self.probe.as_ref().filter(|_| timers_stay).map(|probe| &probe.timers);
            if moved || before.is_some_and(|before| *before != self.shared.timers.deadlines()) {
                return Err(FailureKind::LostWakeup { task: label });
            }
        }
        Ok(())
    }
}
