//! What a `Task` promises, asked of it under every order of events and by executors, wakers and observers that mean it ill.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "the executors of these tests keep their tasks in std's mutex")]

extern crate alloc;

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::{Cell, RefCell};
use core::error::Error;
use core::future::{pending, poll_fn, ready};
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::{Mutex, MutexGuard};
use untether::observe::{Event, Observer, Value};
use untether::rt::local::Local;
use untether::rt::threads::block_on;
use untether::spawn::{
    AnyRuntime, BoxBlocking, BoxTask, JoinError, Label, LocalBoxTask, LocalRuntime, Parts, Runtime, Spawn,
    SpawnBlocking, SpawnError, SpawnErrorKind, SpawnExt, SpawnLocal, Task, yield_every, yield_now,
};
use untether::testing::sim::{Check, FailureKind, Passed, Sim, Tape};
use untether::testing::{CountingWaker, ManualClock, Probe};
use untether::time::{Clock, Timer};
use untether_support::Hooks;

/// Runs `body` under every schedule there is.
#[track_caller]
fn every_order<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) -> Passed {
    let passed = Check::exhaustive(100_000).run(body).unwrap();
    assert!(passed.complete, "the search was cut off after {} schedules", passed.schedules);
    passed
}

/// Virtual time moves only when no task is ready, so this ends when every other task has come as far as it can.
async fn idle(sim: &Sim) {
    sim.sleep(Duration::from_secs(1)).await;
}

/// Tells when it is dropped.
struct Flag(Arc<AtomicBool>);

impl Flag {
    fn new() -> (Self, Arc<AtomicBool>) {
        let dropped = Arc::new(AtomicBool::new(false));
        (Self(dropped.clone()), dropped)
    }
}

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Acquire)
}

/// Panics when it is dropped.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds it")
}

/// An executor that is a drawer: tasks lie in it until the test polls them or throws them away.
#[derive(Clone, Default)]
struct Drawer(Arc<Mutex<Vec<BoxTask>>>);

impl Spawn for Drawer {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        lock(&self.0).push(task);
        Ok(())
    }
}

impl Drawer {
    /// Polls each task once, and says how many are left.
    fn poll_with(&self, waker: &Waker) -> usize {
        let tasks = core::mem::take(&mut *lock(&self.0));
        for mut task in tasks {
            if Pin::new(&mut task).poll(&mut Context::from_waker(waker)).is_pending() {
                lock(&self.0).push(task);
            }
        }
        lock(&self.0).len()
    }

    fn poll(&self) -> usize {
        self.poll_with(Waker::noop())
    }

    fn clear(&self) {
        let tasks = core::mem::take(&mut *lock(&self.0));
        drop(tasks);
    }
}

/// An executor of closures that lie until the test runs them.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<BoxBlocking>>>);

impl SpawnBlocking for Shelf {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        lock(&self.0).push(work);
        Ok(())
    }
}

impl Shelf {
    fn take(&self) -> BoxBlocking {
        lock(&self.0).remove(0)
    }
}

/// An executor that takes nothing.
struct Closed(SpawnErrorKind);

impl Spawn for Closed {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        Err(SpawnError::new(self.0, task))
    }
}

impl SpawnLocal for Closed {
    fn spawn_local_boxed(&self, task: LocalBoxTask) -> Result<(), SpawnError<LocalBoxTask>> {
        Err(SpawnError::new(self.0, task))
    }
}

impl SpawnBlocking for Closed {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        Err(SpawnError::new(self.0, work))
    }
}

/// Takes down every event as one line.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Observer for Lines {
    fn on(&self, event: &Event<'_>) {
        lock(&self.0).push(event.to_string());
    }
}

impl Lines {
    fn all(&self) -> Vec<String> {
        lock(&self.0).clone()
    }
}

fn cancelled<T>(outcome: Result<T, JoinError>) -> bool {
    outcome.is_err_and(|error| error.is_cancelled())
}

mod aborting;
mod awaiting;
mod blocking;
mod detaching;
mod ends;
mod erased;
mod hostile_wakers;
mod labels;
mod observing;
mod panicking;
mod refusals;
mod yielding;
