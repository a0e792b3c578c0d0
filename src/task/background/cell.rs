//! What a running job shares with those who hold its handle: wishes one way, counts the other.

use super::status::{LastRun, RunError, State, Status};
use crate::sync::Event;
use crate::sync::oneshot::{self, oneshot};
use crate::sys::atomic::AtomicWaker;
use crate::sys::lock::Lock;
use crate::time::Instant;
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;
use core::ops::Deref;
use core::task::Waker;

/// To be told how a run ended. Dropped, it says that there was none.
pub(super) type Ticket = oneshot::Sender<Result<(), RunError>>;

pub(super) struct Cell {
    name: Cow<'static, str>,
    /// Of the task that runs the job.
    runner: AtomicWaker,
    inner: Lock<Inner>,
    /// Set when the job is gone, and its name free.
    over: Event,
}

#[derive(Default)]
struct Inner {
    wishes: Wishes,
    counts: Counts,
}

/// What is wanted of the job.
#[derive(Default)]
pub(super) struct Wishes {
    pub(super) stop: bool,
    pub(super) abort: bool,
    pub(super) pause: bool,
    pub(super) tickets: Vec<Ticket>,
}

/// What has become of it, as far as its task has said.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) running: usize,
    pub(super) runs: u64,
    pub(super) failures: u64,
    pub(super) failures_in_a_row: u64,
    pub(super) skipped: u64,
    pub(super) last: Option<LastRun>,
    pub(super) next: Option<Instant>,
    pub(super) backing_off: bool,
    /// Runs were dropped.
    pub(super) aborted: bool,
    pub(super) over: bool,
}

impl Cell {
    pub(super) fn new(name: Cow<'static, str>, next: Instant) -> Arc<Self> {
        let counts = Counts { next: Some(next), ..Counts::default() };
        let inner = Lock::new(Inner { counts, wishes: Wishes::default() });
        Arc::new(Self { name, runner: AtomicWaker::new(), inner, over: Event::new() })
    }

    pub(super) const fn name(&self) -> &Cow<'static, str> {
        &self.name
    }

    /// Wishes something, and has the job see it.
    pub(super) fn wish(&self, wish: impl FnOnce(&mut Wishes)) {
        self.inner.with(|inner| wish(&mut inner.wishes));
        self.runner.wake();
    }

    /// Wishes for a run now: what will tell how it ended.
    pub(super) fn wish_a_run(&self) -> oneshot::Receiver<Result<(), RunError>> {
        let (ticket, answer) = oneshot();
        let refused = self.inner.with(|inner| {
            if inner.counts.over || inner.wishes.stop || inner.wishes.abort {
                return Some(ticket);
            }
            inner.wishes.tickets.push(ticket);
            None
        });
        drop(refused);
        self.runner.wake();
        answer
    }

    /// For the task of the job: sees to it that a wish from now on wakes it.
    pub(super) fn register(&self, waker: &Waker) {
        self.runner.register(waker);
    }

    /// For the task of the job, at its end: nobody is to be woken any more. What comes back is foreign.
    #[must_use = "a waker is dropped where it harms nobody"]
    pub(super) fn forget_runner(&self) -> Option<Waker> {
        self.runner.take()
    }

    /// For the task of the job: what is wished, and the tickets that came since the last look, into this empty list.
    pub(super) fn wishes(&self, tickets: &mut Vec<Ticket>) -> Wishes {
        self.inner.with(|inner| {
            let Wishes { stop, abort, pause, .. } = inner.wishes;
            mem::swap(&mut inner.wishes.tickets, tickets);
            Wishes { stop, abort, pause, tickets: Vec::new() }
        })
    }

    /// For the task of the job: says what has become of it.
    pub(super) fn publish(&self, publish: impl FnOnce(&mut Counts)) {
        self.inner.with(|inner| publish(&mut inner.counts));
    }

    /// For the task of the job, at its end. Whoever wants a run from now on is refused; those who did are in the list.
    #[must_use = "those who wait are told outside of the lock"]
    pub(super) fn end(&self, aborted: bool) -> Vec<Ticket> {
        self.inner.with(|inner| {
            inner.counts.over = true;
            inner.counts.aborted |= aborted;
            inner.counts.running = 0;
            mem::take(&mut inner.wishes.tickets)
        })
    }

    /// After that, when the name is free: those who wait for it are woken.
    pub(super) fn open(&self) {
        self.over.set();
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.is_set()
    }

    pub(super) fn was_aborted(&self) -> bool {
        self.inner.with(|inner| inner.counts.aborted)
    }

    pub(super) fn status(&self) -> Status {
        let name = self.name.clone();
        self.inner.with(|inner| {
            let (wishes, counts) = (&inner.wishes, &inner.counts);
            let state = match () {
                () if counts.over => State::Stopped,
                () if wishes.stop || wishes.abort => State::Stopping,
                () if counts.running > 0 => State::Running,
                () if wishes.pause => State::Paused,
                () if counts.backing_off => State::BackingOff,
                () => State::Waiting,
            };
            let plans = !(counts.over || wishes.stop || wishes.abort || wishes.pause);
            Status {
                name,
                state,
                running: counts.running,
                runs: counts.runs,
                failures: counts.failures,
                failures_in_a_row: counts.failures_in_a_row,
                skipped: counts.skipped,
                last: counts.last.clone(),
                next_due: counts.next.filter(|next| plans && !next.is_far_future()),
            }
        })
    }
}

/// Holds a cell for whoever waits for its end.
pub(super) struct Over(pub(super) Arc<Cell>);

impl Deref for Over {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.0.over
    }
}
