//! The adaptive limit: who is in flight, what is learned from how calls end, and that no place is lost whoever fails, panics or is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

mod allocating;
mod cancelling;
mod hostile;
mod learning;
mod simulated;
mod threads;
mod verbs;

use std::sync::{Arc, Mutex};
use std::time::Duration;
use untether::limit::AdaptiveLimit;
use untether::limit::adaptive::{
    Acquire, Aimd, Algorithm, Fixed, LimitError, Outcome, Permit, Sample, TryAcquireError,
};
use untether::testing::{ManualClock, Probe};
use untether::time::Clock;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Limit<A> = AdaptiveLimit<A, ManualClock>;

fn fixed(limit: usize) -> Limit<Fixed> {
    AdaptiveLimit::new(Fixed::new(limit), ManualClock::new())
}

fn aimd(initial: usize) -> Limit<Aimd> {
    AdaptiveLimit::new(Aimd::builder().initial(initial).max(100).build(), ManualClock::new())
}

#[track_caller]
fn held<A: Algorithm, C: Clock>(limit: &AdaptiveLimit<A, C>) -> Permit<&AdaptiveLimit<A, C>> {
    limit.try_acquire().expect("there is room")
}

/// So many at once.
#[track_caller]
fn all_of<A: Algorithm, C: Clock>(limit: &AdaptiveLimit<A, C>) -> Vec<Permit<&AdaptiveLimit<A, C>>> {
    (0..limit.limit()).map(|_| held(limit)).collect()
}

/// One that has joined the line.
#[track_caller]
fn waiting<A: Algorithm, C: Clock>(limit: &AdaptiveLimit<A, C>) -> Probe<Acquire<&AdaptiveLimit<A, C>>> {
    let mut waits = Probe::new(limit.acquire());
    waits.assert_pending();
    waits
}

/// Nobody is there, all counts agree, and every place can be had.
#[track_caller]
fn assert_whole<A: Algorithm, C: Clock>(limit: &AdaptiveLimit<A, C>) {
    let stats = limit.stats();
    assert_eq!((stats.in_flight, stats.waiting, stats.granted), (0, 0, 0), "{stats:?}");
    assert_eq!((limit.in_flight(), limit.limit()), (0, stats.limit));
    if !stats.closed {
        let all = all_of(limit);
        assert_eq!(limit.try_acquire().unwrap_err(), TryAcquireError::Full);
        drop(all);
    }
}

/// Gives each sample to a closure, which gives the limit.
struct By<F>(usize, F);

impl<F: FnMut(&Sample) -> usize> Algorithm for By<F> {
    fn limit(&self) -> usize {
        self.0
    }

    fn on_sample(&mut self, sample: &Sample) -> usize {
        (self.1)(sample)
    }
}
