//! Timeouts, deadlines, intervals and timers, on a clock that is moved by hand.
#![cfg(all(feature = "std", feature = "testing"))]
#![expect(clippy::disallowed_types, reason = "what the tests note is noted behind a plain mutex")]

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, ready};
use std::num::NonZeroU64;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use untether::observe::{Event, Observer};
use untether::spawn::yield_now;
use untether::testing::sim::{Check, check};
use untether::testing::{CountingWaker, HookWaker, ManualClock, Probe};
use untether::time::{
    AnyTimer, Clock, Deadline, Driver, DriverTimer, Elapsed, Instant, Interval, Missed, StaticTimer,
    TimeoutExt, Timer, WakeKey, WakeQueue, timeout, timeout_at,
};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

/// Counts what is asked of it, and never fires.
#[derive(Default)]
struct Asked {
    clock_reads: Cell<u32>,
    sleeps: Cell<u32>,
}

impl Clock for Asked {
    fn now(&self) -> Instant {
        self.clock_reads.set(self.clock_reads.get() + 1);
        Instant::from_nanos(0)
    }
}

impl Timer for Asked {
    type Sleep = std::future::Pending<()>;

    fn sleep_until(&self, _: Instant) -> Self::Sleep {
        self.sleeps.set(self.sleeps.get() + 1);
        pending()
    }
}

/// Keeps the lines of what it was told.
#[derive(Default)]
struct Lines(RefCell<Vec<String>>);

impl Observer for Lines {
    fn on(&self, event: &Event<'_>) {
        self.0.borrow_mut().push(event.to_string());
    }
}

mod deadlines;
mod drivers;
mod hostile;
mod intervals;
mod sleeps;
mod timeouts;
