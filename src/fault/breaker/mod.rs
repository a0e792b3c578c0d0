//! A breaker between a caller and a service that fails: closed it lets calls through, open it refuses them, and half open a few find out.
//!
//! | I want to | use |
//! |---|---|
//! | make a call if it may be made, and have it counted | [`CircuitBreaker::run`]; as a task [`run_owned`](CircuitBreaker::run_owned) |
//! | say which results count as failures | [`run_judged`](CircuitBreaker::run_judged) |
//! | do so for what is no single future | [`try_acquire`](CircuitBreaker::try_acquire), then one of the words of the [`Permit`] |
//! | say when it opens, for how long, and what closes it | [`CircuitBreaker::builder`] |
//! | have what was refused back, and know when to come again | [`Rejected::into_inner`], [`retry_after`](Rejected::retry_after) |
//! | follow what it does | [`transitions`](CircuitBreaker::transitions), [`stats`](CircuitBreaker::stats) |
//! | open or close it by hand | [`force_open`](CircuitBreaker::force_open), [`force_closed`](CircuitBreaker::force_closed), [`reset`](CircuitBreaker::reset) |
//! | keep everybody out while I do something | [`isolate`](CircuitBreaker::isolate) |
//!
//! Nobody waits here, so nothing has to be woken when time passes: an open breaker becomes half open by the first call that comes when it is
//! time, and that call is its first probe.
//!
//! # What it costs
//! A call that goes well through a closed breaker, as long as no failure counts: two looks at one word. While a failure counts, before a
//! window of calls is full, and with a window of time or slow calls: one look, and the lock for the length of a few additions.
//! The clock is asked where a window goes by time, where slow calls are looked for, and where it is not closed.
//!
//! # Memory
//! A window of calls takes one byte for each, once. Those who follow the changes share room for the last 16. Nothing else is allocated.
//!
//! # Comparison
//! A [`retry`](fn@crate::retry::retry) makes a failing service work more; a breaker gives it a rest. Used together the breaker stands inside, so
//! that each attempt asks it. A [`Bulkhead`](crate::limit::Bulkhead) bounds how many wait for a service that hangs.

mod builder;
mod change;
mod core;
mod error;
mod holder;
mod isolation;
mod kernel;
mod openings;
mod permit;
mod rules;
mod run;
mod stats;
mod told;
mod transition;
mod transitions;
mod verdict;
mod window;
mod word;

pub use self::core::CircuitBreaker;
pub use builder::{Builder, RulesError};
pub use error::{Reason, Rejected, RunError};
pub use holder::Holder;
pub use isolation::Isolation;
pub use permit::Permit;
pub use run::Run;
pub use stats::Stats;
pub use transition::{State, Transition, Why};
pub use transitions::Transitions;
pub use verdict::{EveryError, Judge, Verdict};
pub use window::Window;

#[cfg(all(test, untether_loom))]
mod models;
