//! What is in flight: counted whoever panics or is dropped, refused once it is closed, waited for until the last one is gone.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what a hook keeps is kept behind a plain mutex")]

mod simulated;
mod threads;
mod verbs;
mod waiting;

use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use untether::task::InFlight;
use untether::task::in_flight::{Closed, Entry, WaitIdle};
use untether::testing::Probe;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// One that waits.
#[track_caller]
fn waiting(in_flight: &InFlight) -> Probe<WaitIdle<&InFlight>> {
    let mut wait = Probe::new(in_flight.wait_idle());
    wait.assert_pending();
    wait
}
