//! The bulkhead: who runs, who waits, who is refused, and that no place is lost whoever fails, panics, gives up or is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod as_its_twin;
mod cancelling;
mod closing;
mod hostile;
mod limits;
mod line;
mod resizing;
mod simulated;
mod threads;
mod verbs;

use std::future::{Ready, pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use untether::limit::Bulkhead;
use untether::limit::bulkhead::{Acquire, AcquireError, Permit, Rejected, TryAcquireError};
use untether::testing::{ManualClock, Probe};
use untether::time::MaybeTimer;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// An operation that says at once which one it is.
fn says(which: u32) -> impl FnOnce() -> Ready<u32> {
    move || ready(which)
}

/// One that has joined the line.
#[track_caller]
fn waiting<Tm: MaybeTimer>(bulkhead: &Bulkhead<Tm>) -> Probe<Acquire<&Bulkhead<Tm>>> {
    let mut waits = Probe::new(bulkhead.acquire());
    waits.assert_pending();
    waits
}

#[track_caller]
fn held<Tm: MaybeTimer>(bulkhead: &Bulkhead<Tm>) -> Permit<&Bulkhead<Tm>> {
    bulkhead.try_acquire().expect("there is room")
}

/// How many run and how many wait.
fn counts<Tm: MaybeTimer>(bulkhead: &Bulkhead<Tm>) -> (usize, usize) {
    let stats = bulkhead.stats();
    (stats.running, stats.waiting)
}

/// Nobody is there, and every place can be had.
#[track_caller]
fn assert_whole<Tm: MaybeTimer>(bulkhead: &Bulkhead<Tm>) {
    let stats = bulkhead.stats();
    assert_eq!((stats.running, stats.waiting, stats.granted), (0, 0, 0), "{stats:?}");
    if !stats.closed {
        let all: Vec<_> = (0..stats.size).map(|_| held(bulkhead)).collect();
        assert_eq!(bulkhead.try_acquire().unwrap_err(), TryAcquireError::Full);
        drop(all);
    }
}
