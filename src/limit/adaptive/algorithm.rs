//! What learns: a state, and a function of it and one sample.

use alloc::boxed::Box;
use core::time::Duration;

/// Decides on the limit, from one call after the other.
///
/// A pure state: it reads no clock and waits for nothing, so it can be tested with samples that were made up.
///
/// It is called outside of every lock, one sample at a time, and may use the limit that it decides on. If it panics the call that ended sees the
/// panic, its place is free, and the next sample finds the algorithm as the panic has left it.
///
/// # Examples
/// One that wants answers within a time, and goes up and down by one:
/// ```
/// use core::time::Duration;
/// use untether::limit::adaptive::{Algorithm, Outcome, Sample};
///
/// struct Within(Duration, usize);
///
/// impl Algorithm for Within {
///     fn limit(&self) -> usize {
///         self.1
///     }
///
///     fn on_sample(&mut self, sample: &Sample) -> usize {
///         let well = sample.outcome == Outcome::Success && sample.latency <= self.0;
///         self.1 = if well { self.1 + 1 } else { (self.1 - 1).max(1) };
///         self.1
///     }
/// }
///
/// let mut algorithm = Within(Duration::from_millis(20), 5);
/// let quick = Sample::new(Duration::from_millis(7), 5, Outcome::Success);
/// assert_eq!(algorithm.on_sample(&quick), 6);
/// ```
pub trait Algorithm {
    /// The limit as it stands. Asked once, for the one to begin with.
    fn limit(&self) -> usize;

    /// Learns from a call that has ended, and gives the limit from now on. 0 is taken as 1: with no call there would be nothing more to learn
    /// from.
    fn on_sample(&mut self, sample: &Sample) -> usize;
}

/// For one that is chosen as the program runs.
impl<A: Algorithm + ?Sized> Algorithm for Box<A> {
    fn limit(&self) -> usize {
        (**self).limit()
    }

    fn on_sample(&mut self, sample: &Sample) -> usize {
        (**self).on_sample(sample)
    }
}

/// A call that has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Sample {
    /// How long it took, from when it was admitted. Zero if the clock stepped back meanwhile.
    pub latency: Duration,
    /// How many were in flight when it was admitted, itself included.
    pub in_flight: usize,
    /// How it ended.
    pub outcome: Outcome,
}

impl Sample {
    /// A sample, for the test of an algorithm.
    #[must_use]
    pub const fn new(latency: Duration, in_flight: usize, outcome: Outcome) -> Self {
        Self { latency, in_flight, outcome }
    }
}

/// What the end of a call says of the service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was well.
    Success,
    /// It had too much to do.
    Overload,
}
