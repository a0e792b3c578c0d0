//! What the executor, its handles and its wakers share during one run.

use super::drifted::Drift;
use super::recorder::Recorder;
use super::report::{LastWake, TaskReport, WokenBy};
use super::settings::Faults;
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
    /// Who waits until nobody is ready.
    pub(super) idle: WakeQueue,
    pub(super) faults: Faults,
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
    /// Who wakes while no task is polled.
    pub(super) mover: Who,
    /// How many guards keep the time from moving.
    pub(super) holds: usize,
    /// Sleeps that end late: whose, when they were to end, and when they will.
    pub(super) late: Vec<(usize, Instant, Instant)>,
    /// The clocks that are off.
    pub(super) drifts: Vec<Drift>,
    /// Nothing is started any more.
    pub(super) closed: bool,
}

pub(super) enum Arrived {
    Task(BoxTask),
    Blocking(BoxBlocking),
}

/// Who wakes a task.
#[derive(Clone, Copy)]
pub(super) enum Who {
    Task(usize),
    Timer,
    Idle,
    Outside,
}

/// What is known of a task.
pub(super) struct Status {
    pub(super) label: Label,
    pub(super) polls: u32,
    pub(super) ended: bool,
    woken: bool,
    /// Polled for nothing since it was woken last: once is enough.
    bothered: bool,
    /// Its last wake, or how it was spawned: by whom, when, and before which poll.
    last_wake: (Who, Instant, u32),
    /// When it was polled last, or spawned.
    pub(super) since: Instant,
    /// Wakes that came through a waker of an earlier poll and were ignored.
    stale_wakes: u32,
    /// The deadline it registered last.
    pub(super) sleeps_until: Option<Instant>,
}

/// A run begins one day after the origin of its clock, so that code which looks back has somewhere to look.
const START: Duration = Duration::from_secs(24 * 60 * 60);

/// The first moment of every run.
pub(super) const fn start() -> Instant {
    Instant::from_nanos(0).saturating_add(START)
}

impl Shared {
    pub(super) fn new(recorder: Recorder, faults: Faults) -> Arc<Self> {
        let state = State {
            now: start(),
            recorder,
            ready: Vec::new(),
            tasks: Vec::new(),
            arrived: Vec::new(),
            current: None,
            mover: Who::Outside,
            holds: 0,
            late: Vec::new(),
            drifts: Vec::new(),
            closed: false,
        };
        Arc::new(Self { state: Lock::new(state), timers: WakeQueue::new(), idle: WakeQueue::new(), faults })
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
            last_wake: (self.waker(), self.now, 1),
            since: self.now,
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

    /// Notes that a sleep of the present task ends later than it was to.
    pub(super) fn note_late(&mut self, at: Instant, ends: Instant) {
        let now = self.now;
        self.late.retain(|(_, _, ends)| *ends > now);
        let late =
            self.current.map(|task| (task, at, ends)).filter(|late| at < ends && !self.late.contains(late));
        self.late.extend(late);
    }

    /// Whether a sleep of this task should have ended by now and has not, on purpose.
    pub(super) fn is_late(&self, task: usize) -> bool {
        self.late.iter().any(|(whose, at, ends)| *whose == task && *at <= self.now && self.now < *ends)
    }

    pub(super) fn end(&mut self, task: usize) {
        let status = &mut self.tasks[task];
        status.ended = true;
        if status.woken {
            // One that is cancelled, or ready, after it woke itself.
            self.ready.retain(|ready| *ready != task);
        }
    }

    /// Who wakes or spawns now.
    fn waker(&self) -> Who {
        self.current.map_or(self.mover, Who::Task)
    }

    fn wake(&mut self, task: usize, poll: Option<u32>) {
        let (by, now) = (self.waker(), self.now);
        let status = &mut self.tasks[task];
        if status.ended {
            return;
        }
        if poll.is_some_and(|poll| poll != status.polls) {
            status.stale_wakes += 1;
            return;
        }
        if !core::mem::replace(&mut status.woken, true) {
            status.last_wake = (by, now, status.polls.wrapping_add(1));
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
        let (by, at, before_poll) = status.last_wake;
        let by = match by {
            Who::Task(other) => WokenBy::Task(self.tasks[other].label.clone()),
            Who::Timer => WokenBy::Timer,
            Who::Idle => WokenBy::Idle,
            Who::Outside => WokenBy::Outside,
        };
        TaskReport {
            label: status.label.clone(),
            polls: status.polls,
            since: status.since,
            woken: LastWake { by, at, before_poll },
            ready: status.woken,
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
