//! What allocates: the start of a job, and nothing of ours after that.

use super::*;
use std::task::{Context, Waker};
use untether::testing::ManualClock;
use untether::time::Seed;
use untether_support::allocations;

/// A driver of one job of a second, and the clock.
fn driven<F: Future<Output = ()> + Send + 'static>(
    overlap: Overlap,
    job: impl FnMut() -> F + Send + 'static,
) -> (ManualClock, impl FnMut() -> u64) {
    let clock = ManualClock::new();
    let (background, driver) = Background::driver(clock.clone());
    let background = background.entropy(Seed::new(1));
    let job = background.job("job", SECOND, job).overlap(overlap).timeout(HOUR).jitter(MS);
    let handle = job.start().unwrap();
    let mut driver = Box::pin(driver);
    let run = move || {
        let _owner = &background;
        let _ = driver.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        handle.status().runs
    };
    (clock, run)
}

/// How much is allocated by so many runs, once the first have gone by.
fn allocated_by_runs(clock: &ManualClock, mut poll: impl FnMut() -> u64) -> u64 {
    let mut steps = |until: u64| {
        while poll() < until {
            clock.advance_to_next();
        }
    };
    steps(100);
    let before = allocations();
    steps(1_100);
    allocations() - before
}

#[test]
fn a_thousand_runs_that_are_ready_allocate_nothing() {
    let (clock, poll) = driven(Overlap::Skip, || std::future::ready(()));
    assert_eq!(allocated_by_runs(&clock, poll), 0);
}

#[test]
fn a_thousand_runs_that_wait_allocate_nothing_also_beside_each_other() {
    let three = Overlap::Concurrent(std::num::NonZeroUsize::new(3).unwrap());
    for overlap in [Overlap::Skip, Overlap::Wait, three] {
        let of_job = Arc::new(Mutex::new(None::<ManualClock>));
        let clock_of = of_job.clone();
        let (clock, poll) = driven(overlap, move || {
            let clock = clock_of.lock().unwrap().clone().unwrap();
            async move { clock.sleep(1_500 * MS).await }
        });
        *of_job.lock().unwrap() = Some(clock.clone());
        assert_eq!(allocated_by_runs(&clock, poll), 0, "{overlap:?}");
    }
}
