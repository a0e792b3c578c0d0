//! The tables of the policies.

use super::Span;
use super::table::{read, table};
use super::values::{Attempts, Count, Positive, Ratio};
use crate::retry::budget::{RateRules, TokenQuota};
use crate::retry::schedule::{
    Backoff, Curve, Hint, Jitter, constant, decorrelated, exponential, fibonacci, linear,
};
use alloc::string::String;
use core::num::{NonZeroU32, NonZeroUsize};
use core::time::Duration;
use serde::de::{Deserialize, Deserializer, Error};

/// A backoff as it is written; what is not there is left to the curve.
#[derive(Default)]
struct BackoffTable {
    curve: Option<String>,
    first: Option<Span>,
    step: Option<Span>,
    factor: Option<f64>,
    cap: Option<Span>,
    jitter: Option<Jitter>,
    hint: Option<Hint>,
    attempts: Option<Attempts>,
    during: Option<Span>,
}

table!(BackoffTable as "the table of a backoff" {
    "curve" => curve: String,
    "first" => first: Span,
    "step" => step: Span,
    "factor" => factor: f64,
    "cap" => cap: Span,
    "jitter" => jitter: Jitter,
    "hint" => hint: Hint,
    "attempts" => attempts: Attempts,
    "during" => during: Span,
});

impl BackoffTable {
    fn curve<E: Error>(&self) -> Result<Backoff<Curve>, E> {
        let first = self.first.map_or(Duration::from_secs(1), Duration::from);
        let curve = self.curve.as_deref().unwrap_or("exponential");
        if self.step.is_some() && curve != "linear" {
            return Err(E::custom("`step`: only a linear curve has one"));
        }
        if self.factor.is_some() && curve != "exponential" {
            return Err(E::custom("`factor`: only an exponential curve has one"));
        }
        Ok(match curve {
            "constant" => constant(first).any(),
            "linear" => linear(first, self.step.map_or(first, Duration::from)).any(),
            "exponential" => match exponential(first).try_factor(self.factor.unwrap_or(2.0)) {
                Some(backoff) => backoff.any(),
                None => return Err(E::custom("`factor`: it is finite and above zero")),
            },
            "fibonacci" => fibonacci(first).any(),
            "decorrelated" => decorrelated(first).any(),
            other => {
                const CURVES: &str = "constant, linear, exponential, fibonacci or decorrelated";
                return Err(E::custom(format_args!("`curve`: it is {CURVES}, not {other}")));
            }
        })
    }
}

/// A table: `curve` (exponential), `first` (1 s), `factor` (2) of an exponential and `step` of a linear curve, and the rules `cap`, `jitter`,
/// `hint`, `attempts` (a number or `"unlimited"`), `during`, which are else those of the curve.
impl<'de> Deserialize<'de> for Backoff<Curve> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table: BackoffTable = read("Backoff", deserializer)?;
        let mut backoff = table.curve()?;
        if let Some(Span(cap)) = table.cap {
            backoff = backoff.cap(cap);
        }
        if let Some(jitter) = table.jitter {
            backoff = backoff.jitter(jitter);
        }
        if let Some(hint) = table.hint {
            backoff = backoff.hint(hint);
        }
        if let Some(Span(during)) = table.during {
            backoff = backoff.during(during);
        }
        Ok(match table.attempts.map(Option::<NonZeroU32>::from) {
            Some(Some(attempts)) => backoff.attempts(attempts.get()),
            Some(None) => backoff.unlimited(),
            None => backoff,
        })
    }
}

struct RateTable {
    ratio: f64,
    reserve: u32,
    window: Duration,
}

impl Default for RateTable {
    fn default() -> Self {
        let RateRules { ratio, per_second, window } = RateRules::default();
        Self { ratio, reserve: per_second, window }
    }
}

table!(RateTable as "the table of a rate budget" {
    "ratio" => ratio: Ratio,
    "reserve" => reserve: u32,
    "window" => window: Positive,
});

/// A table: `ratio` (0.2), `reserve` (10 a second), `window` (10 s).
impl<'de> Deserialize<'de> for RateRules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let RateTable { ratio, reserve, window } = read("RateRules", deserializer)?;
        Ok(Self::new().ratio(ratio).reserve(reserve).window(window))
    }
}

struct QuotaTable {
    capacity: NonZeroUsize,
    cost: NonZeroUsize,
}

impl Default for QuotaTable {
    fn default() -> Self {
        let count = |n| NonZeroUsize::new(n).expect("not zero");
        Self { capacity: count(500), cost: count(5) }
    }
}

table!(QuotaTable as "the table of a token quota" {
    "capacity" => capacity: Count,
    "cost" => cost: Count,
});

/// A table: `capacity` (500), `cost` (5).
impl<'de> Deserialize<'de> for TokenQuota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let QuotaTable { capacity, cost } = read("TokenQuota", deserializer)?;
        let quota = Self::new(capacity.get()).try_cost(cost.get());
        quota.ok_or_else(|| D::Error::custom("`cost`: it is no more than the capacity"))
    }
}
