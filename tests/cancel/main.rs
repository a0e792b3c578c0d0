//! What a `CancelToken` promises, under every order of events, and against wakers and callbacks that mean it ill.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what hooks share with their tests is kept in std's mutex")]

extern crate alloc;

use alloc::sync::Arc;
use core::cell::Cell;
use core::error::Error;
use core::fmt;
use core::future::{Future, pending, poll_fn, ready};
use core::pin::Pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use futures_util::future::FusedFuture;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::sync::cancel::{CancelGuard, Cancelled, Cause, Registration, WhenCancelled};
use untether::sync::{CancelFlag, CancelToken};
use untether::testing::sim::{Check, Passed, Sim};
use untether::testing::{CountingWaker, ManualClock, Probe};
use untether::time::{Clock, Instant, TimeoutExt, Timer};
use untether_support::Hooks;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Runs `body` under every schedule there is.
#[track_caller]
fn every_order<F: Future<Output = ()>>(body: impl Fn(Sim) -> F) -> Passed {
    let passed =
        Check::exhaustive(100_000).no_leaks().run(body).unwrap_or_else(|failure| panic!("{failure}"));
    assert!(passed.complete, "the search was cut off after {} schedules", passed.schedules);
    passed
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds it")
}

/// Counts calls.
#[derive(Clone, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Runs `body` and gives the text that it panicked with.
fn panic_of<R>(body: impl FnOnce() -> R) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(body)).err()?;
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
}

/// The cause as one word, those of parents in brackets.
fn word(cause: Option<Cause>) -> String {
    match cause {
        None => "none".to_string(),
        Some(Cause::Requested) => "requested".to_string(),
        Some(Cause::Deadline) => "deadline".to_string(),
        Some(Cause::Shutdown) => "shutdown".to_string(),
        Some(Cause::SiblingFailed) => "sibling".to_string(),
        Some(Cause::Parent(parent)) => format!("({})", word(Some((*parent).clone()))),
        Some(Cause::Error(error)) => error.to_string(),
        Some(_) => unreachable!("these are all there are"),
    }
}

mod allocating;
mod asking;
mod calling_back;
mod deadlines;
mod depth;
mod families;
mod flags;
mod guards;
mod running;
mod waiting;
