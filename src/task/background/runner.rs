//! The task of a job: waits for what the [plan](super::plan) says, runs the job, tells how it went.
//!
//! 1. The waker is registered before wishes are looked at, so one that comes between is not missed.
//! 2. All that is not ours (the job, its factory, its drop, the observer, wakers of those who wait) is called outside of locks and with panics
//!    caught: whatever it does, the job goes on by its rules, and at its end the name is free.
//! 3. Dropped by its executor, it ends as if it was aborted.

use super::cell::{Cell, Ticket};
use super::plan::{Asked, How, Plan};
use super::registry::{Registry, Told};
use super::run::{JobOutput, Run};
use super::runs::{Runs, panicked};
use super::status::{LastRun, RunError};
use super::tell;
use crate::sys::lock::Lock;
use crate::sys::unwind;
use crate::time::{Instant, Seed, Timer};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

/// How many runs may begin in one poll, before others have their turn.
const TURNS: usize = 16;

/// Where the job lies until its task begins: from a task that is refused it is taken back.
pub(super) type Parcel<F> = Arc<Lock<Option<F>>>;

pin_project_lite::pin_project! {
    pub(super) struct Runner<T: Timer, F, J: Future> {
        shell: Shell<T, F, J>,
        // Armed for this moment.
        armed: Option<Instant>,
        #[pin]
        sleep: Option<T::Sleep>,
    }

    impl<T: Timer, F, J: Future> PinnedDrop for Runner<T, F, J> {
        fn drop(this: Pin<&mut Self>) {
            this.project().shell.finish();
        }
    }
}

/// All but the sleep, which must be pinned.
pub(super) struct Shell<T: Timer, F, J: Future> {
    pub(super) timer: T,
    /// Until the first poll.
    pub(super) parcel: Option<Parcel<F>>,
    pub(super) limit: Duration,
    pub(super) plan: Plan,
    pub(super) seed: Seed,
    pub(super) cell: Arc<Cell>,
    pub(super) registry: Arc<Registry>,
    pub(super) told: Told,
    pub(super) runs: Runs<J, T>,
    pub(super) state: Inner<F>,
}

/// What is of no concern to who makes one.
pub(super) struct Inner<F> {
    job: Option<F>,
    pauses: bool,
    stopping: bool,
    finished: bool,
    /// A run that was asked for and waited may begin.
    begins: bool,
    /// Of those who wait for it.
    waiting: Vec<Ticket>,
    /// Empty: for those who come.
    coming: Vec<Ticket>,
}

impl<F> Inner<F> {
    pub(super) const fn new() -> Self {
        Self {
            job: None,
            pauses: false,
            stopping: false,
            finished: false,
            begins: false,
            waiting: Vec::new(),
            coming: Vec::new(),
        }
    }
}

impl<T: Timer, F, J: Future> Runner<T, F, J> {
    pub(super) const fn new(shell: Shell<T, F, J>) -> Self {
        Self { shell, armed: None, sleep: None }
    }
}

impl<T, F, J> Future for Runner<T, F, J>
where
    T: Timer + Clone,
    F: FnMut() -> J,
    J: Future<Output: JobOutput>,
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let shell = this.shell;
        shell.cell.register(cx.waker());
        shell.unpack();
        for _ in 0..TURNS {
            if shell.follow_wishes() || shell.poll_runs(cx) {
                shell.finish();
                return Poll::Ready(());
            }
            if shell.begin_asked() {
                continue;
            }
            let at = shell.wakes_at();
            if *this.armed != Some(at) {
                match this.sleep.as_mut().as_pin_mut() {
                    Some(sleep) => shell.timer.reset(sleep, at),
                    None => this.sleep.set(Some(shell.timer.sleep_until(at))),
                }
                *this.armed = Some(at);
            }
            let sleep = this.sleep.as_mut().as_pin_mut().expect("set in the lines above");
            if sleep.poll(cx).is_pending() {
                return Poll::Pending;
            }
            *this.armed = None;
            shell.begin_due();
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<T, F, J> Shell<T, F, J>
where
    T: Timer + Clone,
    F: FnMut() -> J,
    J: Future<Output: JobOutput>,
{
    fn unpack(&mut self) {
        if let Some(parcel) = self.parcel.take() {
            self.state.job = parcel.with(Option::take);
        }
    }

    /// Whether the job is to be aborted.
    fn follow_wishes(&mut self) -> bool {
        let mut coming = mem::take(&mut self.state.coming);
        let wishes = self.cell.wishes(&mut coming);
        self.state.stopping |= wishes.stop || wishes.abort;
        if wishes.pause != self.state.pauses {
            self.state.pauses = wishes.pause;
            match wishes.pause {
                true => self.plan.pause(),
                false => self.plan.resume(self.timer.now(), &self.seed),
            }
            self.publish();
        }
        for ticket in coming.drain(..) {
            self.follow(ticket);
        }
        self.state.coming = coming;
        wishes.abort
    }

    fn follow(&mut self, ticket: Ticket) {
        if self.state.stopping {
            return answer([ticket], &Err(RunError::Stopped));
        }
        match self.plan.ask() {
            Asked::Begins => self.begin(self.timer.now(), Vec::from([ticket])),
            Asked::Waits => self.state.waiting.push(ticket),
            Asked::Busy => answer([ticket], &Err(RunError::Busy)),
        }
    }

    /// Whether the job is over.
    fn poll_runs(&mut self, cx: &mut Context<'_>) -> bool {
        let mut index = 0;
        while index < self.runs.len() {
            match self.runs.poll(index, cx) {
                Poll::Ready((going, result)) => self.settle(going.began, going.tickets, result),
                Poll::Pending => index += 1,
            }
        }
        self.state.stopping && self.runs.len() == 0
    }

    fn wakes_at(&self) -> Instant {
        if self.state.stopping { Instant::FAR_FUTURE } else { self.plan.wakes_at() }
    }

    /// The moment of the next run has come.
    fn begin_due(&mut self) {
        let now = self.timer.now();
        let missed = self.plan.begin(now, &self.seed);
        self.skip(missed, "late");
        self.begin(now, Vec::new());
    }

    /// Begins the run that waited for another one, if there is one.
    fn begin_asked(&mut self) -> bool {
        let begins = mem::take(&mut self.state.begins) && !self.state.stopping;
        if begins {
            let tickets = mem::take(&mut self.state.waiting);
            self.begin(self.timer.now(), tickets);
        }
        begins
    }

    /// Begins a run that the plan has counted.
    fn begin(&mut self, now: Instant, tickets: Vec<Ticket>) {
        let Some(job) = &mut self.state.job else { return };
        match unwind::catch(job) {
            Ok(job) => {
                let run = Run::new(job, self.limit, || self.timer.clone());
                self.runs.insert(run, now, tickets);
                self.publish();
            }
            Err(panic) => self.settle(now, tickets, Err(panicked(panic))),
        }
    }

    /// A run is over, and its future gone.
    fn settle(&mut self, began: Instant, tickets: Vec<Ticket>, result: Result<(), RunError>) {
        let now = self.timer.now();
        let how = match &result {
            Ok(()) => How::Well,
            Err(RunError::Panicked(_)) => How::Panicked,
            Err(_) => How::Failed,
        };
        let after = self.plan.end(now, how, &self.seed);
        let mut in_a_row = 0;
        self.cell.publish(|counts| {
            counts.runs = counts.runs.saturating_add(1);
            counts.failures = counts.failures.saturating_add(u64::from(result.is_err()));
            let before = counts.failures_in_a_row;
            counts.failures_in_a_row = if result.is_ok() { 0 } else { before.saturating_add(1) };
            in_a_row = counts.failures_in_a_row;
            let took = now.saturating_duration_since(began);
            counts.last = Some(LastRun { result: result.clone(), ended: now, took });
        });
        let ends = after.stop && !self.state.stopping;
        self.state.begins |= after.begins;
        self.state.stopping |= after.stop;
        self.publish();
        if let Err(error) = &result {
            tell::failed(&self.told, self.cell.name(), error, in_a_row, after.delay);
            if ends {
                self.cell.wish(|wishes| wishes.stop = true);
                tell::stopped(&self.told, self.cell.name(), error);
            }
        }
        self.skip(after.skipped, "running");
        answer(tickets, &result);
    }

    fn skip(&self, beats: u64, why: &'static str) {
        if beats > 0 {
            self.cell.publish(|counts| counts.skipped = counts.skipped.saturating_add(beats));
            tell::skipped(&self.told, self.cell.name(), beats, why);
        }
    }

    fn publish(&self) {
        let (running, next) = (self.runs.len(), self.plan.next());
        let backing_off = self.plan.is_backing_off();
        self.cell.publish(|counts| {
            counts.running = running;
            counts.next = Some(next);
            counts.backing_off = backing_off;
        });
    }
}

impl<T: Timer, F, J: Future> Shell<T, F, J> {
    /// The job is over: what is left of it is dropped, its name is free, and those who wait are told.
    fn finish(&mut self) {
        if mem::replace(&mut self.state.finished, true) {
            return;
        }
        let aborted = self.runs.len() > 0;
        let mut tickets = Vec::new();
        let (told, name) = (&self.told, self.cell.name());
        self.runs.clear(|going, panicked| {
            tickets.extend(going.tickets);
            tell::aborted(told, name);
            if let Some(RunError::Panicked(message)) = panicked {
                tell::drop_panicked(told, name, &message);
            }
        });
        // It is in one of the two, unless its task was refused.
        let (job, parcel) = (self.state.job.take(), self.parcel.take());
        if let Err(panic) = unwind::catch(|| drop((job, parcel))) {
            if let RunError::Panicked(message) = panicked(panic) {
                tell::drop_panicked(told, name, &message);
            }
        }
        let unseen = self.cell.end(aborted);
        self.registry.leave(&self.cell);
        unwind::keep_going(|| self.cell.open());
        unwind::keep_going(|| drop(self.cell.forget_runner()));
        answer(tickets, &Err(RunError::Aborted));
        answer(unseen, &Err(RunError::Stopped));
        answer(mem::take(&mut self.state.waiting), &Err(RunError::Stopped));
    }
}

/// Tells those who wait for a run how it ended, whichever of their wakers panics.
fn answer(tickets: impl IntoIterator<Item = Ticket>, result: &Result<(), RunError>) {
    for ticket in tickets {
        unwind::keep_going(|| drop(ticket.send(result.clone())));
    }
}
