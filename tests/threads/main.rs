//! The runtime of plain threads, in real time: lower bounds are exact, upper bounds are only there to end a test that hangs.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_methods, reason = "a second clock, to catch the first one lying")]
#![expect(clippy::disallowed_types, reason = "threads of these tests share std's mutex")]

extern crate alloc;

use alloc::sync::Arc;
use core::cell::Cell;
use core::error::Error;
use core::future::{pending, poll_fn, ready};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Instant as StdInstant;
use untether::rt::local::Local;
use untether::rt::threads::{Handle, Threads, block_on};
use untether::spawn::{
    AnyRuntime, BoxTask, Parts, Spawn, SpawnBlocking, SpawnError, SpawnErrorKind, SpawnExt, Task, yield_now,
};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether::time::{Clock, Driver, Instant, Timer, WakeKey};
use untether_support::Hooks;

/// How long a test waits for what must come, before it says that it does not.
const PATIENCE: Duration = Duration::from_secs(30);

const MS: Duration = Duration::from_millis(1);

fn threads() -> Threads {
    Threads::new().unwrap()
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let start = StdInstant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(MS);
    }
}

/// Sends when it is dropped.
struct TellDrop(mpsc::Sender<()>);

impl Drop for TellDrop {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

fn message(panic: &(dyn core::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}

mod ambient;
mod blocking_on;
mod pool;
mod refused_threads;
mod sleeping;
