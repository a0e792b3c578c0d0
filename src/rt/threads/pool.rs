//! A bounded number of threads for closures that block.
//!
//! A thread is started when a closure comes and no idle thread is left for it, up to the limit; threads stay until the end. Where
//! the system refuses a thread, those that are there do the work; where there is none, the closure is handed back.

use super::timer_thread::builder;
use crate::spawn::{BoxBlocking, SpawnError, SpawnErrorKind};
use crate::sys::lock::Lock;
use crate::sys::unwind;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::fmt;
use event_listener::{Event, Listener};

pub(super) struct Pool {
    state: Lock<State>,
    /// Work has come, or it is time to stop.
    work: Event,
    max_threads: usize,
    max_waiting: usize,
    stack_size: Option<usize>,
}

struct State {
    waiting: VecDeque<BoxBlocking>,
    threads: usize,
    idle: usize,
    stopped: bool,
}

/// What to do with a closure that has come.
enum Plan {
    Refuse(SpawnErrorKind),
    Queue,
    /// A place was reserved for one more thread.
    StartThread,
}

impl Pool {
    pub(super) fn new(max_threads: usize, max_waiting: usize, stack_size: Option<usize>) -> Arc<Self> {
        let state = State { waiting: VecDeque::new(), threads: 0, idle: 0, stopped: false };
        let (state, work) = (Lock::new(state), Event::new());
        Arc::new(Self { state, work, max_threads, max_waiting, stack_size })
    }

    pub(super) fn push(self: &Arc<Self>, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        match self.state.with(|state| state.plan(self.max_threads, self.max_waiting)) {
            Plan::Refuse(kind) => return Err(SpawnError::new(kind, work)),
            Plan::StartThread if !self.start_thread() => {
                return Err(SpawnError::new(SpawnErrorKind::NoThread, work));
            }
            Plan::StartThread | Plan::Queue => {}
        }
        if let Some(work) = self.state.with(|state| state.queue(work)) {
            return Err(SpawnError::new(SpawnErrorKind::Shutdown, work));
        }
        self.work.notify(1);
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

    /// `false` if there is no thread at all.
    fn start_thread(self: &Arc<Self>) -> bool {
        let pool = self.clone();
        if builder("untether-blocking", self.stack_size).spawn(move || pool.run()).is_ok() {
            return true;
        }
        // Closures that were queued for a thread that never came are dropped with the last hope: that is their report.
        let (left, orphans) = self.state.with(|state| {
            state.threads -= 1;
            let orphans =
                if state.threads == 0 { core::mem::take(&mut state.waiting) } else { VecDeque::new() };
            (state.threads, orphans)
        });
        drop(orphans);
        left > 0
    }

    fn run(&self) {
        while let Some(work) = self.next() {
            // A closure that panics has told the panic hook; the thread lives on.
            let _ = unwind::catch(|| work.run());
        }
    }

    /// Waits for a closure. `None` when it is time to stop.
    fn next(&self) -> Option<BoxBlocking> {
        loop {
            let work = self.work.listen();
            let (taken, stopped) = self.state.with(|state| {
                let taken = state.waiting.pop_front();
                if taken.is_none() && !state.stopped {
                    state.idle += 1;
                }
                (taken, state.stopped)
            });
            if taken.is_some() || stopped {
                return taken;
            }
            work.wait();
            self.state.with(|state| state.idle -= 1);
        }
    }
}

impl State {
    fn plan(&mut self, max_threads: usize, max_waiting: usize) -> Plan {
        if self.stopped {
            return Plan::Refuse(SpawnErrorKind::Shutdown);
        }
        if self.waiting.len() < self.idle {
            return Plan::Queue;
        }
        if self.threads < max_threads {
            self.threads += 1;
            return Plan::StartThread;
        }
        // Those that idle threads are about to take do not wait.
        if self.threads > 0 && self.waiting.len() - self.idle < max_waiting {
            return Plan::Queue;
        }
        Plan::Refuse(SpawnErrorKind::Full)
    }

    /// Gives the closure back if the pool was stopped meanwhile.
    fn queue(&mut self, work: BoxBlocking) -> Option<BoxBlocking> {
        if self.stopped {
            return Some(work);
        }
        self.waiting.push_back(work);
        None
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (threads, idle, waiting) =
            self.state.with(|state| (state.threads, state.idle, state.waiting.len()));
        f.debug_struct("Pool")
            .field("threads", &threads)
            .field("idle", &idle)
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}
