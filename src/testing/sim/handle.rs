//! The runtime that a simulated test is given.

use super::drifted::Drifted;
use super::held::{HeldTime, Idle};
use super::local::{LocalInbox, LocalSim};
use super::purpose::Purpose;
use super::shared::{Arrived, Shared};
use crate::spawn::{BoxBlocking, BoxTask, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind};
use crate::sys::ambient;
use crate::time::{Clock, Driver, DriverSleep, Entropy, Instant, Timer, WakeKey};
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::Waker;
use core::time::Duration;

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

    /// Whether to go wrong here: now and then, from the tape, where [`Check::buggify`](super::Check::buggify) is on; else never.
    ///
    /// For the test's own doubles: a connection that breaks, a disk that is full. One in four times it says yes.
    ///
    /// # Examples
    /// ```
    /// use untether::testing::sim::{Check, Sim};
    ///
    /// async fn fetch(sim: &Sim) -> Result<u32, &'static str> {
    ///     if sim.buggify() { Err("connection reset") } else { Ok(7) }
    /// }
    ///
    /// async fn body(sim: Sim) {
    ///     assert_eq!(fetch(&sim).await, Ok(7), "and no second try");
    /// }
    /// assert!(Check::random(10).run(body).is_ok());
    /// assert!(Check::random(10).buggify().run(body).is_err());
    /// ```
    #[must_use]
    pub fn buggify(&self) -> bool {
        self.0.faults.buggify && self.0.state.with(|state| state.recorder.now_and_then(Purpose::Fault))
    }

    /// A clock that is off: up to `max` before or behind this one, another distance each time it is read after time has moved. It
    /// never steps back. Clones show the same; each call makes another clock.
    ///
    /// For code that compares moments of two machines, or trusts a wall clock.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use untether::testing::sim::Check;
    /// use untether::time::{Clock, Timer};
    ///
    /// let found = Check::random(100).run(async |sim| {
    ///     let theirs = sim.drifted(Duration::from_secs(1));
    ///     let sent = sim.now();
    ///     sim.sleep(Duration::from_millis(500)).await;
    ///     assert!(theirs.now() >= sent, "received before it was sent");
    /// });
    /// assert!(found.is_err());
    /// ```
    #[must_use]
    pub fn drifted(&self, max: Duration) -> Drifted {
        Drifted::new(self.clone(), max)
    }

    /// Keeps time from moving by itself until the guard is dropped.
    ///
    /// For a test that looks at what happens at one moment. If everybody waits meanwhile, the run fails as
    /// [`TimeHeld`](super::FailureKind::TimeHeld). There is nothing that moves time by a leap: [`sleep`](Timer::sleep) does, and stops
    /// at each deadline on the way.
    pub fn hold_time(&self) -> HeldTime {
        HeldTime::new(self.clone())
    }

    /// Waits until nobody else is ready: everything that could happen without time moving has happened.
    ///
    /// If several tasks wait for that, all of them go on. Time does not move as long as somebody does, so a task that waits for
    /// nothing else, again and again, is a livelock.
    ///
    /// # Cancel safety
    /// Dropping it loses nothing.
    ///
    /// # Examples
    /// ```
    /// use untether::spawn::{SpawnExt, yield_now};
    /// use untether::testing::sim::check;
    /// use untether::time::Clock;
    ///
    /// check(async |sim| {
    ///     let start = sim.now();
    ///     let task = sim.spawn_task(async { yield_now().await }).unwrap();
    ///     sim.idle().await;
    ///     assert!(task.is_finished() && sim.now() == start);
    /// });
    /// ```
    pub fn idle(&self) -> Idle {
        Idle::new(self.clone())
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

    /// When a sleep ends that is to end at `at`: decided once, so that polling it again changes nothing.
    fn late(&self, at: Instant, key: &WakeKey) -> Instant {
        let jitter = self.0.faults.jitter;
        let registered = self.0.timers.deadline(key);
        let kept = registered.filter(|ends| at <= *ends && *ends <= at.saturating_add(jitter));
        self.0.state.with(|state| {
            let drawn = || at.saturating_add(state.recorder.delay(Purpose::Lateness, jitter));
            // Late is not never.
            let ends = Some(kept.unwrap_or_else(drawn)).filter(|ends| !ends.is_far_future()).unwrap_or(at);
            state.note_late(at, ends);
            ends
        })
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
        let exact = self.0.faults.jitter.is_zero() || at.is_far_future();
        let at = if exact { at } else { self.late(at, key) };
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
