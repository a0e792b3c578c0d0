//! Additive increase, multiplicative decrease.

use super::algorithm::{Algorithm, Outcome, Sample};
use crate::sync::Semaphore;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// Grows by one with each call that ends well, and shrinks by a tenth with each overload.
///
/// It grows only if at least half of the limit was in flight: what is not used proves nothing, and a limit that grew while nobody came would
/// be none when they all come. A call that took longer than [`timeout`](AimdBuilder::timeout) counts as an overload.
///
/// Each call counts, also where many end at the same moment: it is as fast down as up, and [`min`](AimdBuilder::min) says how far a burst of
/// overloads may take it.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::limit::adaptive::{Aimd, Algorithm, Outcome, Sample};
///
/// let mut aimd = Aimd::builder().initial(20).max(100).timeout(Duration::from_secs(2)).build();
/// let quick = Duration::from_millis(30);
/// assert_eq!(aimd.on_sample(&Sample::new(quick, 10, Outcome::Success)), 21);
/// assert_eq!(aimd.on_sample(&Sample::new(quick, 10, Outcome::Success)), 21, "half of it was not used");
/// assert_eq!(aimd.on_sample(&Sample::new(quick, 10, Outcome::Overload)), 18);
/// assert_eq!(aimd.on_sample(&Sample::new(Duration::from_secs(3), 1, Outcome::Success)), 16);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Aimd {
    limit: usize,
    min: usize,
    max: usize,
    backoff: f64,
    timeout: Duration,
}

impl Aimd {
    /// From 10, between 1 and 200, shrinking to 0.9, if nothing else is said.
    pub const fn builder() -> AimdBuilder {
        AimdBuilder { initial: None, min: 1, max: 200, backoff: 0.9, timeout: Duration::MAX }
    }
}

impl Default for Aimd {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl Algorithm for Aimd {
    fn limit(&self) -> usize {
        self.limit
    }

    fn on_sample(&mut self, sample: &Sample) -> usize {
        let Self { limit, min, max, .. } = *self;
        if sample.outcome == Outcome::Overload || sample.latency > self.timeout {
            // Less by one at least, also where rounding would give it back.
            let shrunk = ((limit as f64 * self.backoff) as usize).min(limit - 1);
            self.limit = shrunk.max(min);
        } else if sample.in_flight.saturating_mul(2) >= limit {
            self.limit = (limit + 1).min(max);
        }
        self.limit
    }
}

/// An [`Aimd`] that is to be built.
#[derive(Clone, Copy, PartialEq, Debug)]
#[must_use = "a builder makes nothing by itself"]
pub struct AimdBuilder {
    initial: Option<usize>,
    min: usize,
    max: usize,
    backoff: f64,
    timeout: Duration,
}

impl AimdBuilder {
    /// The limit to begin with. If nothing is said 10, or what is next to it between the least and the most.
    pub const fn initial(mut self, limit: usize) -> Self {
        self.initial = Some(limit);
        self
    }

    /// The limit never gets below this.
    pub const fn min(mut self, limit: usize) -> Self {
        self.min = limit;
        self
    }

    /// The limit never gets above this.
    pub const fn max(mut self, limit: usize) -> Self {
        self.max = limit;
        self
    }

    /// What is left of the limit after an overload, more than 0 and less than 1.
    pub const fn backoff(mut self, ratio: f64) -> Self {
        self.backoff = ratio;
        self
    }

    /// A call that takes longer counts as an overload. Without it only what is said to be one does.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The algorithm.
    ///
    /// # Panics
    /// If what was said is impossible. See [`try_build`](Self::try_build).
    #[must_use]
    #[track_caller]
    pub fn build(self) -> Aimd {
        match self.try_build() {
            Ok(aimd) => aimd,
            Err(error) => panic!("{error}; `try_build` gives an error instead"),
        }
    }

    /// As [`build`](Self::build).
    ///
    /// # Errors
    /// [`AimdError`] if a limit or the timeout is 0, the least exceeds the most, the initial limit is not between them, or the ratio is not
    /// between 0 and 1.
    pub fn try_build(self) -> Result<Aimd, AimdError> {
        let Self { initial, min, max, backoff, timeout } = self;
        if min == 0 || initial == Some(0) {
            return Err(AimdError::NoCalls);
        }
        if max > Semaphore::MAX_PERMITS {
            return Err(AimdError::TooMany);
        }
        if min > max {
            return Err(AimdError::MinAboveMax);
        }
        if initial.is_some_and(|initial| initial < min || initial > max) {
            return Err(AimdError::InitialOutside);
        }
        // A comparison with what is no number is false.
        if !(backoff > 0.0 && backoff < 1.0) {
            return Err(AimdError::Backoff);
        }
        if timeout.is_zero() {
            return Err(AimdError::NoTime);
        }
        Ok(Aimd { limit: initial.unwrap_or(10.clamp(min, max)), min, max, backoff, timeout })
    }
}

/// Why there is no such algorithm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AimdError {
    /// The least or the initial limit is 0.
    NoCalls,
    /// The most is more than [`Semaphore::MAX_PERMITS`].
    TooMany,
    /// The least exceeds the most.
    MinAboveMax,
    /// The initial limit is not between the least and the most.
    InitialOutside,
    /// The ratio is not between 0 and 1.
    Backoff,
    /// No call could end in time.
    NoTime,
}

impl fmt::Display for AimdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCalls => "a limit of no calls",
            Self::TooMany => "a limit of more calls than can be counted",
            Self::MinAboveMax => "the least limit exceeds the most",
            Self::InitialOutside => "the initial limit is not between the least and the most",
            Self::Backoff => "the backoff ratio is not between 0 and 1",
            Self::NoTime => "a timeout of nothing",
        })
    }
}

impl Error for AimdError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// In whole numbers: the ratio is so many of 1024, which a float tells exactly.
    struct Twin {
        limit: u128,
        min: u128,
        max: u128,
        of_1024: u128,
        timeout: Duration,
    }

    impl Twin {
        fn on_sample(&mut self, sample: &Sample) -> u128 {
            let bad = sample.latency > self.timeout || sample.outcome == Outcome::Overload;
            let used = sample.in_flight as u128 * 2 >= self.limit;
            let limit = match (bad, used) {
                (true, _) => self.limit * self.of_1024 / 1024,
                (false, true) => self.limit + 1,
                (false, false) => self.limit,
            };
            self.limit = limit.max(self.min).min(self.max);
            self.limit
        }
    }

    fn samples() -> impl Strategy<Value = Sample> {
        let outcome = prop_oneof![3 => Just(Outcome::Success), 1 => Just(Outcome::Overload)];
        let in_flight = prop_oneof![9 => 0..300_usize, 1 => any::<usize>()];
        let latency = prop_oneof![9 => (0..12_u64).prop_map(Duration::from_secs), 1 => any::<Duration>()];
        (latency, in_flight, outcome).prop_map(|(latency, used, outcome)| Sample::new(latency, used, outcome))
    }

    proptest! {
        #[test]
        fn it_does_what_a_naive_one_does_and_stays_between_its_bounds(
            (min, initial, max) in (1..50_usize, 0..50_usize, 0..200_usize)
                .prop_map(|(min, more, most)| (min, min + more, min + more + most)),
            of_1024 in 1..1024_u16,
            timeout in 1..20_u64,
            samples in prop::collection::vec(samples(), 0..400),
        ) {
            let timeout = Duration::from_secs(timeout);
            let ratio = f64::from(of_1024) / 1024.0;
            let aimd = Aimd::builder().initial(initial).min(min).max(max).backoff(ratio).timeout(timeout);
            let mut aimd = aimd.build();
            let (of_1024, limit) = (u128::from(of_1024), initial as u128);
            let mut twin = Twin { limit, min: min as u128, max: max as u128, of_1024, timeout };
            for sample in &samples {
                let before = aimd.limit();
                let limit = aimd.on_sample(sample);
                prop_assert_eq!(limit as u128, twin.on_sample(sample));
                prop_assert!((min..=max).contains(&limit) && limit == aimd.limit());
                prop_assert!(limit <= before + 1);
            }
        }

        #[test]
        fn an_overload_shrinks_whatever_the_ratio_until_the_least_is_reached(
            limit in 2..=Semaphore::MAX_PERMITS,
            ratio in prop_oneof![Just(f64::MIN_POSITIVE), Just(1.0 - f64::EPSILON / 2.0), 0.01..0.99_f64],
        ) {
            let aimd = Aimd::builder().initial(limit).max(limit).backoff(ratio);
            let mut aimd = aimd.build();
            let shrunk = aimd.on_sample(&Sample::new(Duration::ZERO, 1, Outcome::Overload));
            prop_assert!((1..limit).contains(&shrunk));
        }

        #[test]
        fn whatever_is_said_is_built_or_refused_and_never_breaks(
            initial: Option<usize>, min: usize, max: usize, ratio: f64, timeout: Duration,
        ) {
            let builder = AimdBuilder { initial, min, max, backoff: ratio, timeout };
            if let Ok(mut aimd) = builder.try_build() {
                for outcome in [Outcome::Overload, Outcome::Success] {
                    let limit = aimd.on_sample(&Sample::new(timeout, usize::MAX, outcome));
                    prop_assert!((min..=max).contains(&limit));
                }
            }
        }
    }

    #[test]
    fn what_is_impossible_is_refused_where_it_is_written() {
        let aimd = Aimd::builder;
        let refused = [
            (aimd().min(0), AimdError::NoCalls),
            (aimd().initial(0), AimdError::NoCalls),
            (aimd().max(0), AimdError::MinAboveMax),
            (aimd().min(5).max(4), AimdError::MinAboveMax),
            (aimd().max(usize::MAX), AimdError::TooMany),
            (aimd().initial(201), AimdError::InitialOutside),
            (aimd().min(5).initial(4), AimdError::InitialOutside),
            (aimd().backoff(f64::NAN), AimdError::Backoff),
            (aimd().backoff(0.0), AimdError::Backoff),
            (aimd().backoff(1.0), AimdError::Backoff),
            (aimd().backoff(-0.5), AimdError::Backoff),
            (aimd().backoff(f64::INFINITY), AimdError::Backoff),
            (aimd().timeout(Duration::ZERO), AimdError::NoTime),
        ];
        for (builder, error) in refused {
            assert_eq!(builder.try_build(), Err(error), "{error}");
        }
        assert_eq!((aimd().max(4).build().limit(), aimd().min(40).build().limit()), (4, 40));
        assert_eq!(Aimd::default().limit(), 10);
    }

    #[test]
    fn a_limit_does_not_grow_while_nobody_comes() {
        let mut aimd = Aimd::default();
        for _ in 0..1_000_000 {
            aimd.on_sample(&Sample::new(Duration::ZERO, 1, Outcome::Success));
        }
        assert_eq!(aimd.limit(), 10);
    }

    /// One that drifts grows for ever under a load that never changes, as the queue it allows is taken for what the service can do.
    #[test]
    fn a_load_that_stays_the_same_takes_the_limit_to_twice_of_it_and_no_further() {
        let mut aimd = Aimd::builder().max(1_000).build();
        for _ in 0..100_000 {
            aimd.on_sample(&Sample::new(Duration::from_millis(5), 20, Outcome::Success));
        }
        assert_eq!(aimd.limit(), 41);
    }

    #[test]
    fn a_million_overloads_at_once_leave_the_least_and_it_grows_again() {
        let mut aimd = Aimd::builder().min(2).build();
        for _ in 0..1_000_000 {
            aimd.on_sample(&Sample::new(Duration::MAX, usize::MAX, Outcome::Overload));
        }
        assert_eq!(aimd.limit(), 2);
        for limit in 3..=200 {
            assert_eq!(aimd.on_sample(&Sample::new(Duration::ZERO, limit, Outcome::Success)), limit);
        }
    }
}
