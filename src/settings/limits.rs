//! The tables of the limits.

use super::Span;
use super::table::{deserialize_as_table, read, table};
use super::values::{Count, Positive, Ratio};
use crate::limit::adaptive::{Aimd, AimdError};
use crate::limit::{Bulkhead, Quota};
use crate::time::Timer;
use core::num::{NonZeroU32, NonZeroUsize};
use core::time::Duration;
use serde::de::{Deserialize, Deserializer, Error};

#[derive(Default)]
struct QuotaTable {
    cells: Option<NonZeroU32>,
    per: Option<Duration>,
    burst: Option<NonZeroU32>,
}

table!(QuotaTable as "the table of a quota" {
    "cells" => cells: CountOf,
    "per" => per: PositiveOf,
    "burst" => burst: CountOf,
});

/// What is read is there.
struct CountOf(Count);
struct PositiveOf(Positive);

macro_rules! there {
    ($($of:ident($read:ident) => $value:ty;)*) => {$(
        impl<'de> Deserialize<'de> for $of {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $read::deserialize(deserializer).map(Self)
            }
        }

        impl From<$of> for Option<$value> {
            fn from(read: $of) -> Self {
                Some(read.0.into())
            }
        }
    )*};
}

there! {
    CountOf(Count) => NonZeroU32;
    PositiveOf(Positive) => Duration;
}

/// A table: `cells`, which has to be there, `per` (1 s), `burst` (as many as the cells).
impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let QuotaTable { cells, per, burst } = read("Quota", deserializer)?;
        let cells = cells.ok_or_else(|| D::Error::missing_field("cells"))?;
        let per = per.unwrap_or(Duration::from_secs(1));
        let quota = Self::try_per(cells.get(), per);
        let quota = quota.map_err(|error| D::Error::custom(format_args!("`cells`: {error}")))?;
        Ok(burst.map_or(quota, |burst| quota.burst(burst.get())))
    }
}

struct AimdTable {
    initial: Option<NonZeroU32>,
    min: NonZeroUsize,
    max: NonZeroUsize,
    backoff: f64,
    timeout: Duration,
}

impl Default for AimdTable {
    fn default() -> Self {
        let count = |n| NonZeroUsize::new(n).expect("not zero");
        Self { initial: None, min: count(1), max: count(200), backoff: 0.9, timeout: Duration::MAX }
    }
}

table!(AimdTable as "the table of an adaptive limit" {
    "initial" => initial: CountOf,
    "min" => min: Count,
    "max" => max: Count,
    "backoff" => backoff: Ratio,
    "timeout" => timeout: Positive,
});

/// A table: `initial` (10), `min` (1), `max` (200), `backoff` (0.9), `timeout` (none).
impl<'de> Deserialize<'de> for Aimd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let AimdTable { initial, min, max, backoff, timeout } = read("Aimd", deserializer)?;
        let builder = Self::builder().min(min.get()).max(max.get()).backoff(backoff).timeout(timeout);
        let builder = initial.map_or(builder, |initial| builder.initial(initial.get() as usize));
        builder.try_build().map_err(|error| {
            let key = match error {
                AimdError::InitialOutside => "initial",
                AimdError::Backoff => "backoff",
                AimdError::TooMany => "max",
                AimdError::NoTime => "timeout",
                AimdError::NoCalls | AimdError::MinAboveMax => "min",
            };
            D::Error::custom(format_args!("`{key}`: {error}"))
        })
    }
}

/// How many calls run at once, how many may wait, and how long: what makes a [`Bulkhead`], given a timer.
///
/// A table: `concurrency` (10), `queue` (any number), `max_wait` (for ever).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BulkheadRules {
    /// So many run at once: 10.
    pub concurrency: NonZeroUsize,
    /// So many may wait: any number.
    pub queue: usize,
    /// So long they wait: for ever.
    pub max_wait: Duration,
}

impl BulkheadRules {
    /// The bulkhead.
    pub fn build<Tm: Timer>(self, timer: Tm) -> Bulkhead<Tm> {
        Bulkhead::builder(self.concurrency.get()).queue(self.queue).max_wait(self.max_wait, timer).build()
    }
}

impl Default for BulkheadRules {
    fn default() -> Self {
        let concurrency = NonZeroUsize::new(10).expect("not zero");
        Self { concurrency, queue: usize::MAX, max_wait: Duration::MAX }
    }
}

table!(BulkheadRules as "the table of a bulkhead" {
    "concurrency" => concurrency: Count,
    "queue" => queue: usize,
    "max_wait" => max_wait: Span,
});

deserialize_as_table!(BulkheadRules);
