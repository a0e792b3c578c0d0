//! The tables of what is done about faults.

use super::table::{read, table};
use super::values::{Count, Positive};
use crate::fault::breaker::{Builder, Window};
use crate::fault::{CircuitBreaker, Hedge};
use crate::policy::Timeout;
use crate::retry::schedule::{Backoff, Curve, constant};
use core::num::NonZeroU32;
use core::time::Duration;
use serde::de::{Deserialize, Deserializer, Error};

/// A time above zero.
impl<'de> Deserialize<'de> for Timeout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Positive::deserialize(deserializer).map(|limit| Self::new(limit.into()))
    }
}

#[derive(Default)]
struct HedgeTable {
    after: Option<Positive>,
    extra: Option<Count>,
}

table!(HedgeTable as "the table of a hedge" {
    "after" => after: Positive,
    "extra" => extra: Count,
});

/// A table: `after`, which has to be there, and `extra` (1).
impl<'de> Deserialize<'de> for Hedge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let HedgeTable { after, extra } = read("Hedge", deserializer)?;
        let after = after.ok_or_else(|| D::Error::missing_field("after"))?;
        let hedge = Self::after(after.into());
        match extra {
            None => Ok(hedge),
            Some(extra) => {
                let hedge = hedge.try_extra(number(extra));
                hedge.ok_or_else(|| D::Error::custom("`extra`: it is 1, 2 or 3"))
            }
        }
    }
}

fn number(count: Count) -> u32 {
    NonZeroU32::from(count).get()
}

#[derive(Default)]
struct BreakerTable {
    consecutive: Option<Count>,
    failure_rate: Option<f64>,
    slow_rate: Option<f64>,
    slower_than: Option<Positive>,
    window_calls: Option<Count>,
    window_time: Option<Positive>,
    min_calls: Option<Count>,
    open_for: Option<Backoff<Curve>>,
    probes: Option<Count>,
    probes_needed: Option<Count>,
    probe_max_wait: Option<Positive>,
}

table!(BreakerTable as "the table of a circuit breaker" {
    "consecutive" => consecutive: Count,
    "failure_rate" => failure_rate: f64,
    "slow_rate" => slow_rate: f64,
    "slower_than" => slower_than: Positive,
    "window_calls" => window_calls: Count,
    "window_time" => window_time: Positive,
    "min_calls" => min_calls: Count,
    "open_for" => open_for: Backoff<Curve>,
    "probes" => probes: Count,
    "probes_needed" => probes_needed: Count,
    "probe_max_wait" => probe_max_wait: Positive,
});

const RATE: &str = "it is above 0 and at most 1";

impl BreakerTable {
    fn builder<E: Error>(self) -> Result<Builder<Backoff<Curve>>, E> {
        let thirty_seconds = || constant(Duration::from_secs(30)).any();
        let mut builder = CircuitBreaker::builder().open_for(self.open_for.unwrap_or_else(thirty_seconds));
        if let Some(failures) = self.consecutive {
            builder = builder.consecutive(number(failures));
        }
        if let Some(rate) = self.failure_rate {
            let rated = builder.try_failure_rate(rate);
            builder = rated.ok_or_else(|| E::custom(format_args!("`failure_rate`: {RATE}")))?;
        }
        match (self.slow_rate, self.slower_than) {
            (Some(rate), Some(than)) => {
                let rated = builder.try_slow_rate(rate, than.into());
                builder = rated.ok_or_else(|| E::custom(format_args!("`slow_rate`: {RATE}")))?;
            }
            (Some(_), None) => return Err(E::custom("`slow_rate`: `slower_than` has to be there as well")),
            (None, Some(_)) => return Err(E::custom("`slower_than`: `slow_rate` has to be there as well")),
            (None, None) => {}
        }
        match (self.window_calls, self.window_time) {
            (Some(_), Some(_)) => return Err(E::custom("`window_time`: there is `window_calls` already")),
            (Some(calls), None) => builder = builder.window(Window::calls(number(calls))),
            (None, Some(time)) => builder = builder.window(Window::time(time.into())),
            (None, None) => {}
        }
        if let Some(calls) = self.min_calls {
            builder = builder.min_calls(number(calls));
        }
        let probes = self.probes.map_or(1, number);
        let probed = builder.try_probes(probes, self.probes_needed.map_or(probes, number));
        builder = probed.ok_or_else(|| E::custom("`probes_needed`: there are fewer probes"))?;
        if let Some(wait) = self.probe_max_wait {
            builder = builder.probe_max_wait(wait.into());
        }
        Ok(builder)
    }
}

/// A table: `consecutive`, `failure_rate`, `slow_rate` and `slower_than`, `window_calls` or `window_time`, `min_calls`, `open_for`, which is the
/// table of a backoff, `probes`, `probes_needed` (all of them) and `probe_max_wait`. What is not there is as it is without it.
impl<'de> Deserialize<'de> for Builder<Backoff<Curve>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = read::<BreakerTable, D>("CircuitBreaker", deserializer)?.builder()?;
        match builder.try_build(()) {
            Ok(_) => Ok(builder),
            Err(error) => Err(D::Error::custom(format_args!("`min_calls`: {error}"))),
        }
    }
}
