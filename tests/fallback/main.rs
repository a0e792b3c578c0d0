//! Fallback: something else instead of an error, and never unseen.
#![cfg(all(feature = "std", feature = "testing"))]

mod allocating;
mod cancelling;
mod simulated;
mod verbs;

use std::cell::{Cell, RefCell};
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use untether::fault::Fallback;
use untether::fault::fallback::Outcome;
use untether::testing::{ManualClock, Probe};
use untether::time::Timer;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Answer = Result<u32, &'static str>;

fn now<F: Future>(future: F) -> F::Output {
    Probe::new(future).assert_ready()
}

fn well() -> std::future::Ready<Answer> {
    ready(Ok(1))
}

fn fails() -> std::future::Ready<Answer> {
    ready(Err("down"))
}
