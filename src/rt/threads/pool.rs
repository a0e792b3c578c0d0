//! A bounded number of threads for closures that block.
//!
//! A closure is queued for an idle thread if there is one left for it; else a thread is started, up to the limit, and threads stay
//! until the end. A thread that is being started counts as idle from the moment its place is taken, so that closures which come
//! together get a thread each. Where the system refuses a thread, those that are there do the work; where there is none, the
//! closure is handed back.

use super::ThreadsStats;
use super::timer_thread::builder;
use crate::spawn::{BoxBlocking, SpawnError, SpawnErrorKind};
use crate::sys::lock::Lock;
use crate::sys::unwind;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use event_listener::{Event, IntoNotification, Listener};

pub(super) struct Pool {
    state: Lock<State>,
    /// Work has come, or it is time to stop.
    work: Event,
    max_threads: usize,
    max_waiting: usize,
    stack_size: Option<usize>,
}

struct State {
    /// Closures by ticket, in the order in which they came.
    waiting: VecDeque<(u64, BoxBlocking)>,
    next_ticket: u64,
    threads: usize,
    /// Threads that run no closure: they wait for one, or are about to take one, or are being started.
    idle: usize,
    stopped: bool,
}

/// What became of a closure that has come.
enum Admission {
    Refused(SpawnErrorKind, BoxBlocking),
    Queued,
    /// A thread has to be started for it: its place is taken.
    NeedsThread {
        ticket: u64,
    },
}

impl Pool {
    pub(super) fn new(max_threads: usize, max_waiting: usize, stack_size: Option<usize>) -> Arc<Self> {
        let state = State { waiting: VecDeque::new(), next_ticket: 0, threads: 0, idle: 0, stopped: false };
        let (state, work) = (Lock::new(state), Event::new());
        Arc::new(Self { state, work, max_threads, max_waiting, stack_size })
    }

    pub(super) fn push(self: &Arc<Self>, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        match self.state.with(|state| state.admit(work, self.max_threads, self.max_waiting)) {
            Admission::Refused(kind, work) => return Err(SpawnError::new(kind, work)),
            Admission::Queued => {}
            Admission::NeedsThread { ticket } => self.start_thread(ticket)?,
        }
        // One more, however many have been told and not looked yet.
        self.work.notify(1.additional());
        Ok(())
    }

    pub(super) fn stop(&self) {
        let unstarted = self.state.with(|state| {
            state.stopped = true;
            core::mem::take(&mut state.waiting)
        });
        self.work.notify(usize::MAX);
        drop(unstarted);
    }

    pub(super) fn stats(&self, sleepers: usize) -> ThreadsStats {
        self.state.with(|state| ThreadsStats {
            sleepers,
            blocking_threads: state.threads,
            idle: state.idle,
            waiting: state.waiting.len(),
        })
    }

    fn start_thread(self: &Arc<Self>, ticket: u64) -> Result<(), SpawnError<BoxBlocking>> {
        let pool = self.clone();
        if builder("untether-blocking", self.stack_size).spawn(move || pool.run()).is_ok() {
            return Ok(());
        }
        // With no thread at all nothing that is queued will ever run: this closure goes back, and the drop of any other, which
        // counted on this thread as well, is its report.
        let orphans = self.state.with(State::give_place_back);
        let mine = orphans.into_iter().find(|(other, _)| *other == ticket);
        mine.map_or(Ok(()), |(_, work)| Err(SpawnError::new(SpawnErrorKind::NoThread, work)))
    }

    fn run(&self) {
        while let Some(work) = self.next() {
            // A closure that panics has told the panic hook; the thread lives on.
            if let Err(panic) = unwind::catch(|| work.run()) {
                unwind::discard(panic);
            }
            self.state.with(|state| state.idle += 1);
        }
    }

    /// Waits for a closure. `None` when it is time to stop.
    fn next(&self) -> Option<BoxBlocking> {
        loop {
            // Listening begins before the queue is looked at, so that nothing that comes in between is missed.
            let work = self.work.listen();
            let (taken, stopped) = self.state.with(|state| (state.take(), state.stopped));
            if taken.is_some() || stopped {
                return taken;
            }
            work.wait();
        }
    }
}

impl State {
    fn admit(&mut self, work: BoxBlocking, max_threads: usize, max_waiting: usize) -> Admission {
        if self.stopped {
            return Admission::Refused(SpawnErrorKind::Shutdown, work);
        }
        let needs_thread = self.waiting.len() >= self.idle && self.threads < max_threads;
        // Those that idle threads are about to take do not wait.
        let must_wait = (self.waiting.len() + 1).saturating_sub(self.idle);
        if !needs_thread && (self.threads == 0 || must_wait > max_waiting) {
            return Admission::Refused(SpawnErrorKind::Full, work);
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiting.push_back((ticket, work));
        if !needs_thread {
            return Admission::Queued;
        }
        self.threads += 1;
        self.idle += 1;
        Admission::NeedsThread { ticket }
    }

    fn take(&mut self) -> Option<BoxBlocking> {
        let (_, work) = self.waiting.pop_front()?;
        self.idle -= 1;
        Some(work)
    }

    /// A thread did not start. Gives what is queued if it was the last hope.
    fn give_place_back(&mut self) -> VecDeque<(u64, BoxBlocking)> {
        self.threads -= 1;
        self.idle -= 1;
        if self.threads == 0 { core::mem::take(&mut self.waiting) } else { VecDeque::new() }
    }
}
