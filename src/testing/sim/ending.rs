//! How a run ends: what is left is dropped, and what went wrong is told.

use super::executor::Executor;
use super::failure::Failure;
use super::kind::FailureKind;
use crate::sys::unwind::{self, Panic};
use alloc::boxed::Box;
use alloc::string::{String, ToString};

impl Executor<'_> {
    /// Fails if a task panicked and nobody will ever see it.
    pub(super) fn look_for_unseen(&self) -> Result<(), FailureKind> {
        match self.unseen.take() {
            Some(panicked) if self.settings.unseen_panics_fail => {
                Err(FailureKind::Panic { message: panicked.message, task: Some(panicked.task) })
            }
            _ => Ok(()),
        }
    }

    /// Fails if a sleep is registered although nobody is left who could wait for it.
    pub(super) fn look_for_timers(&self) -> Result<(), FailureKind> {
        match self.shared.timers.next_deadline() {
            Some(deadline) => Err(FailureKind::TimerLeak { deadline }),
            None => Ok(()),
        }
    }

    pub(super) fn explain_panic(&self, panic: Panic) -> FailureKind {
        if let Some(probe) = &self.probe {
            // It went on, if only to a panic.
            return FailureKind::LostWakeup { task: probe.task.clone() };
        }
        let message = panic.downcast_ref::<&str>().map(ToString::to_string);
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        let message = message.unwrap_or_else(|| "a value that is no text".to_string());
        let task = self.shared.state.with(|state| {
            state.current.filter(|task| *task != 0).map(|task| state.tasks[task].label.to_string())
        });
        FailureKind::Panic { message, task }
    }

    pub(super) fn fail(&self, kind: FailureKind) -> Box<Failure> {
        let now_waiting =
            || (self.shared.state.with(|state| state.reports()), self.shared.timers.deadlines());
        let before_probe = self.probe.as_ref().map(|probe| (probe.tasks.clone(), probe.timers.clone()));
        let (tasks, timers) = before_probe.unwrap_or_else(now_waiting);
        self.shared.state.with(|state| {
            let (tape, now) = (state.recorder.tape(), state.now);
            Box::new(Failure { kind, tape, shrunk: None, seed: None, schedules: 0, now, tasks, timers })
        })
    }

    /// Drops what is left: the test itself, what never began, then tasks, newest first. What their `Drop` spawns is refused. Gives
    /// the first panic; each is dropped by itself, so that two that panic do not end the process.
    pub(super) fn finish<M>(&mut self, main: M) -> Result<(), Panic> {
        let unseen = self.shared.state.with(|state| {
            state.closed = true;
            state.current = None;
            core::mem::take(&mut state.arrived)
        });
        let mut first = Ok(());
        let mut end = |outcome: Result<(), Panic>| match (&first, outcome) {
            (Ok(()), outcome) => first = outcome,
            (Err(_), Err(panic)) => unwind::discard(panic),
            (Err(_), Ok(())) => {}
        };
        end(unwind::catch(|| drop(main)));
        unseen.into_iter().for_each(|task| end(unwind::catch(|| drop(task))));
        self.inbox.arrived.take().into_iter().for_each(|task| end(unwind::catch(|| drop(task))));
        while let Some(task) = self.tasks.pop() {
            end(unwind::catch(|| drop(task)));
        }
        first
    }
}
