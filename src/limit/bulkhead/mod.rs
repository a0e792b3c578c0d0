//! So many calls at once, so many that wait, and for so long: the rest is refused before it has begun.
//!
//! | I want to | use |
//! |---|---|
//! | run an operation when there is room for it | [`Bulkhead::run`]; as a task [`run_owned`](Bulkhead::run_owned) |
//! | hold a place over what is no single future | [`acquire`](Bulkhead::acquire), [`try_acquire`](Bulkhead::try_acquire) |
//! | refuse at once what finds no room | [`Builder::queue`] of 0 |
//! | refuse what would wait among too many, or for too long | [`Builder::queue`], [`Builder::max_wait`] |
//! | have what was refused back, to do something else with it | [`Rejected::into_inner`] |
//! | change how many | [`Bulkhead::resize`] |
//! | stop | [`Bulkhead::close`] |
//! | wait on a thread | [`Run::wait`], [`Acquire::wait`] |
//!
//! A call that is refused is neither made nor begun: the operation is called in the very poll in which it is admitted, and comes back if it
//! is not. What was admitted is never cut short; for that put a [`timeout`](fn@crate::time::timeout) inside, or around both.
//!
//! # Which numbers
//! A line is good against a burst, and harmful against what lasts: who waits longer than its caller does is work for nobody. So give the line
//! a bound, or the wait a limit, or both. None is there that was not written.
//!
//! # What it costs
//! A call that finds room: one compare-and-swap to come in and one to go out. No clock is read and no timer armed before somebody waits.
//!
//! # Memory
//! Nothing is allocated before somebody waits. Places in the line are used again.
//!
//! # Comparison
//! A [`Semaphore`](crate::sync::Semaphore) is what this stands on, and has weights. A [`Pool`](crate::resource::Pool) has something to lend. A
//! number that nobody knows beforehand is found out by an [`AdaptiveLimit`](super::AdaptiveLimit). A bulkhead of two semaphores, one for those who run
//! and one for those who wait, refuses who could run: one must be left before the other is entered. Here both counts are one, under one lock.

mod acquire;
mod builder;
mod core;
mod error;
mod holder;
mod permit;
mod run;
mod stats;

pub use self::core::Bulkhead;
pub use acquire::Acquire;
pub use builder::Builder;
pub use error::{AcquireError, ConcurrencyError, Rejected, TryAcquireError};
pub use holder::Holder;
pub use permit::Permit;
pub use run::Run;
pub use stats::Stats;
