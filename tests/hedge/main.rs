//! Hedge: another attempt beside one that is slow.
#![cfg(all(feature = "std", feature = "testing"))]

mod allocating;
mod as_its_twin;
mod budgets;
mod cancelling;
mod delays;
mod panicking;
mod simulated;
mod verbs;
mod watched;

use std::cell::{Cell, RefCell};
use std::future::{Ready, pending, ready};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use untether::fault::Hedge;
use untether::retry::Attempt;
use untether::retry::budget::{Budget, RateBudget, RateRules, TokenQuota, Withdrawal};
use untether::testing::{ManualClock, Probe};
use untether::time::{Clock, Instant, Timer};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

type Answer = Result<u32, u32>;

/// A service whose attempts take so many seconds each, and then go well or not. It keeps count of those that run.
#[derive(Clone, Default)]
struct Service {
    clock: ManualClock,
    calls: Rc<Cell<u32>>,
    alive: Arc<()>,
}

impl Service {
    fn running(&self) -> usize {
        Arc::strong_count(&self.alive) - 1
    }

    /// The n-th attempt takes the n-th time, in seconds, and fails where that is negative.
    fn takes<'a>(&'a self, seconds: &'a [i32]) -> impl Fn(Attempt) -> Call<'a> + Clone + 'a {
        move |attempt| {
            self.calls.set(self.calls.get() + 1);
            let (number, alive, clock) = (attempt.number(), self.alive.clone(), self.clock.clone());
            assert_eq!(number, self.calls.get(), "each is told its own number");
            let takes = seconds[number as usize - 1];
            Box::pin(async move {
                let _alive = alive;
                clock.sleep(takes.unsigned_abs() * SECOND).await;
                if takes < 0 { Err(number) } else { Ok(number) }
            })
        }
    }
}

type Call<'a> = std::pin::Pin<Box<dyn Future<Output = Answer> + 'a>>;

/// Moves the clock from event to event until it is ready: the output, and how many seconds it took.
fn run<F: Future>(clock: &ManualClock, future: F) -> (F::Output, u64) {
    let start = clock.now();
    let mut probe = Probe::new(future);
    for _ in 0..1_000 {
        if let std::task::Poll::Ready(output) = probe.poll() {
            return (output, clock.now().saturating_duration_since(start).as_secs());
        }
        clock.advance_to_next();
    }
    panic!("it never ends");
}
