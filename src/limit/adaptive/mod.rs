//! A limit on how many calls run at once that nobody has to know: it is learned from how the calls end.
//!
//! | I want to | use |
//! |---|---|
//! | come in, and say at the end how it went | [`AdaptiveLimit::acquire`], [`try_acquire`](AdaptiveLimit::try_acquire), then [`Permit::success`], [`overload`](Permit::overload) |
//! | have that done around an operation | [`AdaptiveLimit::run`] |
//! | grow by one and shrink by a tenth | [`Aimd`] |
//! | learn nothing, in a test or where it is switched off | [`Fixed`] |
//! | learn in a way of my own | [`Algorithm`] |
//! | see how it stands | [`AdaptiveLimit::limit`], [`in_flight`](AdaptiveLimit::in_flight), [`stats`](AdaptiveLimit::stats) |
//! | stop | [`AdaptiveLimit::close`] |
//!
//! # What is an overload
//! That the service had too much to do: it said so, or did not answer in time. An error of the caller (a 404, a bad request) is a success
//! here: the service was well. What says nothing of the service is ignored: a call that was cancelled, that panicked, or that failed before it
//! was sent. So a permit that is dropped is ignored.
//!
//! # How it learns
//! Each call that ends well or in overload is a sample: how long it took from when it was admitted (what it waited in line says how
//! much is wanted, and nothing of the service), how many were in flight as it began, and how it ended. An [`Algorithm`] is a pure function of its
//! own state and one sample. Samples are given to it one at a time and outside of every lock; whoever ends a call while another's sample is
//! judged leaves its own to that one. If 64 are left, further ones are not learned from, and [counted](Stats::missed).
//!
//! If the limit shrinks, those who run go on, and nobody is admitted until enough have ended; if it grows, those who wait are admitted.
//! Nothing is spawned for it, and no timer is asked.
//!
//! # What it costs
//! Two looks at the clock for each call, two short locks for its sample, and no allocation.
//!
//! # Memory
//! Allocated once: the algorithm, and room for the samples that are left. Places in the line are used again.
//!
//! # Comparison
//! A number that is known belongs into a [`Bulkhead`](super::Bulkhead), which bounds the line as well. A service that says how many calls it
//! takes in a time wants a rate limiter.

mod acquire;
mod aimd;
mod algorithm;
mod core;
mod error;
mod fixed;
mod holder;
mod permit;
mod slot;
mod stats;

pub use self::core::AdaptiveLimit;
pub use acquire::Acquire;
pub use aimd::{Aimd, AimdBuilder, AimdError};
pub use algorithm::{Algorithm, Outcome, Sample};
pub use error::{AcquireError, LimitError, Rejected, TryAcquireError};
pub use fixed::Fixed;
pub use holder::Holder;
pub use permit::Permit;
pub use stats::Stats;

#[cfg(all(test, untether_loom))]
mod models;
