//! The runtime that a simulated test is given.

use super::purpose::Purpose;
use super::shared::{Arrived, Shared};
use crate::spawn::{
    BoxBlocking, BoxTask, LocalBoxTask, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind, SpawnLocal,
};
use crate::sys::ambient;
use crate::time::{Clock, Driver, DriverSleep, Entropy, Instant, Timer, WakeKey};
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt;
use core::pin::Pin;
use core::task::Waker;

/// A simulated runtime: time, tasks, blocking closures and entropy, all answered from one tape.
///
/// Clones are the same runtime. After its run it refuses tasks as [`Shutdown`](SpawnErrorKind::Shutdown).
#[derive(Clone)]
pub struct Sim(pub(super) Arc<Shared>);

impl Sim {
    /// One of `n` alternatives, from the tape: for what the test itself leaves open.
    ///
    /// # Panics
    /// If `n` is 0.
    #[must_use]
    pub fn choose(&self, n: u32) -> u32 {
        assert!(n > 0, "there is nothing to choose from");
        self.0.state.with(|state| state.recorder.choose(Purpose::Test, n))
    }

    /// The way in for tasks that are not `Send`.
    ///
    /// # Panics
    /// If it is called anywhere but inside its own run, and without `std`, where a run cannot be found from inside.
    #[must_use]
    pub fn local(&self) -> LocalSim {
        let inbox = ambient::find_where(|inbox: &LocalInbox| Arc::ptr_eq(&inbox.shared, &self.0));
        LocalSim {
            inbox: inbox.expect("Sim::local is for the thread and the time of its own run, and needs std"),
        }
    }

    fn start(&self, task: Arrived) -> Result<(), Arrived> {
        self.0.state.with(|state| {
            if state.closed {
                return Err(task);
            }
            let label = match &task {
                Arrived::Task(task) => task.label().clone(),
                Arrived::Blocking(work) => work.label().clone(),
            };
            let place = state.admit(label);
            state.arrived.push((place, task));
            Ok(())
        })
    }
}

impl Clock for Sim {
    fn now(&self) -> Instant {
        self.0.state.with(|state| state.now)
    }
}

impl Driver for Sim {
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        self.0.state.with(|state| {
            if let Some(current) = state.current {
                state.tasks[current].sleeps_until = Some(at);
            }
        });
        self.0.timers.schedule(at, key, waker);
    }

    fn cancel(&self, key: &mut WakeKey) {
        self.0.state.with(|state| {
            if let Some(current) = state.current {
                state.tasks[current].sleeps_until = None;
            }
        });
        self.0.timers.cancel(key);
    }
}

impl Timer for Sim {
    type Sleep = DriverSleep<Self>;

    fn sleep_until(&self, deadline: Instant) -> DriverSleep<Self> {
        DriverSleep::new(self.clone(), deadline)
    }

    fn reset(&self, mut sleep: Pin<&mut DriverSleep<Self>>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

impl Entropy for Sim {
    fn next_u64(&self) -> u64 {
        self.0.state.with(|state| state.recorder.draw(Purpose::Entropy))
    }
}

impl Spawn for Sim {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        self.start(Arrived::Task(task)).map_err(|refused| match refused {
            Arrived::Task(task) => SpawnError::new(SpawnErrorKind::Shutdown, task),
            Arrived::Blocking(_) => unreachable!("it was a task"),
        })
    }

    fn wants_labels(&self) -> bool {
        true
    }
}

impl SpawnBlocking for Sim {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        self.start(Arrived::Blocking(work)).map_err(|refused| match refused {
            Arrived::Blocking(work) => SpawnError::new(SpawnErrorKind::Shutdown, work),
            Arrived::Task(_) => unreachable!("it was a closure"),
        })
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim").field("now", &self.now()).finish_non_exhaustive()
    }
}

/// The way into a [`Sim`] for tasks that are not `Send`. Made by [`Sim::local`].
#[derive(Clone)]
pub struct LocalSim {
    inbox: Rc<LocalInbox>,
}

/// Tasks that have come and may not leave the thread.
pub(super) struct LocalInbox {
    pub(super) shared: Arc<Shared>,
    pub(super) arrived: RefCell<Vec<(usize, LocalBoxTask)>>,
}

impl SpawnLocal for LocalSim {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        let label = task.label().clone();
        let place = self.inbox.shared.state.with(|state| (!state.closed).then(|| state.admit(label)));
        match place {
            Some(place) => self.inbox.arrived.borrow_mut().push((place, task)),
            None => return Err(SpawnError::new(SpawnErrorKind::Shutdown, task)),
        }
        Ok(())
    }

    fn wants_local_labels(&self) -> bool {
        true
    }
}

impl fmt::Debug for LocalSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSim").finish_non_exhaustive()
    }
}
