//! Settings from a file: what every policy reads from any format of serde that says what a value is, as TOML, JSON, YAML and RON do, or
//! that has nothing but text, as an environment; and the settings of a whole program.
//!
//! | what | reads as |
//! |---|---|
//! | a time | `30` (seconds), `1.5`, `"250ms"`, `"1.5s"`, `"2m"`, `"1h"`: [`Span`] |
//! | [`Backoff<Curve>`](crate::retry::schedule::Backoff) | a table: `curve`, `first`, `factor`, `step`, `cap`, `jitter`, `hint`, `attempts`, `during` |
//! | [`RateRules`](crate::retry::budget::RateRules), [`TokenQuota`](crate::retry::budget::TokenQuota) | a table of what their setters are called |
//! | [`Quota`](crate::limit::Quota), [`Aimd`](crate::limit::adaptive::Aimd), [`BulkheadRules`] | tables as well |
//! | [`Timeout`](crate::policy::Timeout) | a time above zero |
//! | [`Hedge`](crate::fault::Hedge), [`breaker::Builder`](crate::fault::breaker::Builder) | a table: `after`, `extra`; of what the setters are called, with `window_calls` or `window_time` |
//! | a program's settings, as the guides have them | [`Settings`] |
//!
//! What a table leaves out has its default. A key that is not known, a key that is there twice, and a value that is impossible are
//! errors that name the key: a mistake in a file is found when it is read.
//!
//! # Examples
//! ```
//! use core::time::Duration;
//! use untether::retry::schedule::{Backoff, Curve};
//! use untether::settings::Settings;
//!
//! let backoff: Backoff<Curve> = toml::from_str("first = '250ms'\nattempts = 5\njitter = 'full'").unwrap();
//! let settings: Settings = toml::from_str("[async]\ntimeout = '1.5s'").unwrap();
//! assert_eq!((settings.r#async.timeout, settings.r#async.max_concurrent.get()), (Duration::from_millis(1_500), 10));
//!
//! let error = toml::from_str::<Settings>("[async]\nmax_workers = 0").unwrap_err();
//! assert!(error.message().contains("`async.max_workers`: "), "{error}");
//! ```

mod faults;
mod limits;
mod policies;
mod program;
mod span;
mod table;
mod values;

pub use limits::BulkheadRules;
pub use program::{Async, ErrorHandling, Module, Performance, Settings};
pub use span::Span;
