//! Children in one task: how each of them ends, what becomes of the others, and that nobody who was woken is forgotten.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod cancelling;
mod hostile;
mod panicking;
mod scopes;
mod simulated;
mod turns;
mod verbs;

use std::cell::Cell;
use std::future::{Ready, pending, poll_fn, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::sync::oneshot;
use untether::sync::oneshot::{Receiver, Sender};
use untether::task::scope::scope_local;
use untether::task::{Outcome, first_ok, gather, race, scope, try_gather};
use untether::testing::Probe;
use untether_support::cases;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Told = Result<u32, &'static str>;

/// So many children that end with what they are told.
fn told(count: usize) -> (Vec<Sender<Told>>, Vec<impl Future<Output = Told> + use<>>) {
    let halves = (0..count).map(|_| oneshot::<Told>());
    let (senders, receivers): (Vec<_>, Vec<Receiver<Told>>) = halves.unzip();
    let child = async |receiver: Receiver<Told>| receiver.await.expect("somebody tells");
    (senders, receivers.into_iter().map(child).collect())
}

/// Counts those that are there.
struct Alive<'a>(&'a Cell<usize>);

impl<'a> Alive<'a> {
    fn new(alive: &'a Cell<usize>) -> Self {
        alive.set(alive.get() + 1);
        Self(alive)
    }
}

impl Drop for Alive<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Panics as it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("on purpose: a drop");
    }
}

/// What `body` said as it panicked.
#[track_caller]
fn panics<R>(body: impl FnOnce() -> R) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).err().expect("it panics");
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).expect("it is text")
}
