//! The offload: what blocks runs beside, so much at once; who gives up waits for nothing; and nothing is lost or left behind whoever
//! panics, refuses, goes away or is dropped.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "the shelf keeps its closures in std's mutex")]

mod allocating;
mod hostile;
mod mapping;
mod reading;
mod running;
mod simulated;

use futures_util::{FutureExt, Stream, StreamExt};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use untether::spawn::{BoxBlocking, SpawnBlocking, SpawnError, SpawnErrorKind};
use untether::task::offload::{ReadAhead, Run};
use untether::task::{Failure, Offload};
use untether::testing::{CountingWaker, HookWaker, Probe};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// A runtime that is a shelf: closures lie on it until the test runs them or throws them away.
#[derive(Clone, Default)]
struct Shelf(Arc<Things>);

#[derive(Default)]
struct Things {
    closures: Mutex<Vec<BoxBlocking>>,
    refuses: AtomicBool,
}

impl SpawnBlocking for Shelf {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        if self.0.refuses.load(Ordering::Acquire) {
            return Err(SpawnError::new(SpawnErrorKind::Full, work));
        }
        self.0.closures.lock().unwrap().push(work);
        Ok(())
    }
}

impl Shelf {
    fn offload(&self, limit: usize) -> Offload<Self> {
        Offload::builder(self.clone()).limit(limit).build()
    }

    /// The oldest.
    #[track_caller]
    fn take(&self) -> BoxBlocking {
        self.0.closures.lock().unwrap().remove(0)
    }

    fn len(&self) -> usize {
        self.0.closures.lock().unwrap().len()
    }

    fn refuse(&self, refuses: bool) {
        self.0.refuses.store(refuses, Ordering::Release);
    }
}

/// Says when it is dropped.
#[derive(Clone, Default)]
struct Gone(Arc<AtomicUsize>);

struct Held(Gone);

impl Gone {
    fn held(&self) -> Held {
        Held(self.clone())
    }

    fn times(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// How many are at the runtime, and how many wait.
fn counts<S>(offload: &Offload<S>) -> (usize, usize) {
    let stats = offload.stats();
    (stats.running, stats.waiting)
}

/// Nobody is there, and every place can be had.
#[track_caller]
fn assert_whole(shelf: &Shelf, offload: &Offload<Shelf>) {
    let stats = offload.stats();
    assert_eq!((stats.running, stats.waiting, stats.granted), (0, 0, 0), "{stats:?}");
    assert_eq!(shelf.len(), 0);
    let mut all: Vec<_> = (0..stats.limit).map(|_| Probe::new(offload.run(|| 7))).collect();
    all.iter_mut().for_each(Probe::assert_pending);
    assert_eq!(counts(offload), (stats.limit, 0));
    for run in &mut all {
        shelf.take().run();
        assert!(matches!(run.assert_ready(), Ok(7)));
    }
}

/// A stream, looked at step by step.
fn next<S: Stream + Unpin>(stream: &mut S) -> Poll<Option<S::Item>> {
    stream.poll_next_unpin(&mut Context::from_waker(Waker::noop()))
}
