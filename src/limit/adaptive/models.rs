//! Threads that end calls at the same time: no sample is left behind.

use super::{AdaptiveLimit, Algorithm, Outcome, Sample};
use crate::sys::models::{join, model, thread};
use crate::time::{Clock, Instant};
use alloc::sync::Arc;

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Instant {
        Instant::from_nanos(1)
    }
}

/// Counts the samples in its limit.
struct Counts(usize);

impl Algorithm for Counts {
    fn limit(&self) -> usize {
        self.0
    }

    fn on_sample(&mut self, sample: &Sample) -> usize {
        assert!(sample.latency.is_zero());
        self.0 += 1;
        self.0
    }
}

#[test]
fn each_sample_of_those_who_end_at_the_same_time_is_judged() {
    model(|| {
        let limit = Arc::new(AdaptiveLimit::new(Counts(2), Stopped));
        assert_eq!((limit.limit(), limit.stats().missed), (2, 0), "used once before it is shared");
        let threads = [(); 2].map(|()| {
            let permit = AdaptiveLimit::try_acquire_owned(limit.clone()).unwrap();
            thread::spawn(move || permit.record(Outcome::Success))
        });
        join(threads);
        let stats = limit.stats();
        assert_eq!((stats.limit, stats.missed, stats.in_flight, limit.limit()), (4, 0, 0, 4));
    });
}
