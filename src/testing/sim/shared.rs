//! What the executor, its handles and its wakers share during one run.

use super::recorder::Recorder;
use super::report::TaskReport;
use crate::spawn::{BoxBlocking, BoxTask, Label};
use crate::sys::lock::Lock;
use crate::time::{Instant, WakeQueue};
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::time::Duration;

pub(super) struct Shared {
    pub(super) state: Lock<State>,
    pub(super) timers: WakeQueue,
}

pub(super) struct State {
    pub(super) now: Instant,
    pub(super) recorder: Recorder,
    /// Tasks that were woken and not polled since, oldest first.
    pub(super) ready: Vec<usize>,
    pub(super) tasks: Vec<Status>,
    pub(super) arrived: Vec<(usize, Arrived)>,
    /// The task that is being polled.
    pub(super) current: Option<usize>,
    /// Nothing is started any more.
    pub(super) closed: bool,
}

pub(super) enum Arrived {
    Task(BoxTask),
    Blocking(BoxBlocking),
}

/// What is known of a task.
pub(super) struct Status {
    pub(super) label: Label,
    pub(super) polls: u32,
    pub(super) ended: bool,
    woken: bool,
    /// Polled for nothing since it was woken last: once is enough.
    bothered: bool,
    /// By which task it was woken last, if by a task.
    woken_by: Option<usize>,
    /// Wakes that came through a waker of an earlier poll and were ignored.
    stale_wakes: u32,
    /// The deadline it registered last.
    pub(super) sleeps_until: Option<Instant>,
}

/// A run begins one day after the origin of its clock, so that code which looks back has somewhere to look.
const START: Duration = Duration::from_secs(24 * 60 * 60);

impl Shared {
    pub(super) fn new(recorder: Recorder) -> Arc<Self> {
        let state = State {
            now: Instant::from_nanos(0).saturating_add(START),
            recorder,
            ready: Vec::new(),
            tasks: Vec::new(),
            arrived: Vec::new(),
            current: None,
            closed: false,
        };
        Arc::new(Self { state: Lock::new(state), timers: WakeQueue::new() })
    }
}

impl State {
    /// Makes a place for a new task, which is ready at once.
    pub(super) fn admit(&mut self, label: Label) -> usize {
        let task = self.tasks.len();
        self.tasks.push(Status {
            label,
            polls: 0,
            ended: false,
            woken: true,
            bothered: false,
            woken_by: self.current,
            stale_wakes: 0,
            sleeps_until: None,
        });
        self.ready.push(task);
        task
    }

    /// Takes the `index`-th of those that are ready for its next poll.
    pub(super) fn take_ready(&mut self, index: usize) -> usize {
        let task = self.ready.remove(index);
        self.tasks[task].woken = false;
        self.tasks[task].bothered = false;
        task
    }

    /// Tasks that wait and may be polled for nothing.
    pub(super) fn unbothered(&self) -> Vec<usize> {
        self.pending().filter(|task| !self.tasks[*task].woken && !self.tasks[*task].bothered).collect()
    }

    pub(super) fn bother(&mut self, task: usize) {
        self.tasks[task].bothered = true;
    }

    pub(super) fn is_woken(&self, task: usize) -> bool {
        self.tasks[task].woken
    }

    pub(super) fn end(&mut self, task: usize) {
        let status = &mut self.tasks[task];
        status.ended = true;
        if status.woken {
            // One that is cancelled, or ready, after it woke itself.
            self.ready.retain(|ready| *ready != task);
        }
    }

    fn wake(&mut self, task: usize, poll: Option<u32>) {
        let current = self.current;
        let status = &mut self.tasks[task];
        if status.ended {
            return;
        }
        if poll.is_some_and(|poll| poll != status.polls) {
            status.stale_wakes += 1;
            return;
        }
        if !core::mem::replace(&mut status.woken, true) {
            status.woken_by = current;
            self.ready.push(task);
        }
    }

    /// Tasks that have not ended.
    pub(super) fn pending(&self) -> impl Iterator<Item = usize> + '_ {
        self.tasks.iter().enumerate().filter(|(_, status)| !status.ended).map(|(task, _)| task)
    }

    /// Where the pending tasks stand.
    pub(super) fn reports(&self) -> Vec<TaskReport> {
        self.pending().map(|task| self.report(&self.tasks[task])).collect()
    }

    fn report(&self, status: &Status) -> TaskReport {
        TaskReport {
            label: status.label.clone(),
            polls: status.polls,
            woken_by: status.woken_by.map(|other| self.tasks[other].label.clone()),
            stale_wakes: status.stale_wakes,
            sleeps_until: status.sleeps_until.filter(|until| *until > self.now),
        }
    }
}

/// Wakes one task; a fresh one wakes it only until its next poll.
pub(super) struct SimWaker {
    pub(super) shared: Arc<Shared>,
    pub(super) task: usize,
    /// The poll it was made for. `None` for a waker that serves every poll.
    pub(super) poll: Option<u32>,
}

impl Wake for SimWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.shared.state.with(|state| state.wake(self.task, self.poll));
    }
}
