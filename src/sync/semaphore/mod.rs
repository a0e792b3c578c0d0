//! Permits: so many at once, first come, first served.
//!
//! | I want to | use |
//! |---|---|
//! | let so many in at once | [`Semaphore::acquire`] |
//! | take several permits, or as many as there are | [`acquire_many`](Semaphore::acquire_many), [`acquire_up_to`](Semaphore::acquire_up_to) |
//! | keep a permit in a struct | the `_owned` siblings, with an `Arc` or a [`Project`] |
//! | take one now or not at all | [`try_acquire`](Semaphore::try_acquire) |
//! | limit how many may wait | [`Semaphore::builder`] |
//! | change how many there are | [`add_permits`](Semaphore::add_permits), [`reduce_permits`](Semaphore::reduce_permits), [`resize`](Semaphore::resize) |
//! | stop | [`close`](Semaphore::close) |
//!
//! # Memory
//! Nothing is allocated before somebody waits. Places in the line are used again.
//!
//! # Comparison
//! A semaphore bounds how many at once, a rate limiter how many in a time. To protect a value use a [`Mutex`](super::Mutex).

mod acquire;
mod builder;
mod core;
mod error;
mod line;
mod permit;
mod stats;
mod word;

pub use self::core::Semaphore;
pub use acquire::Acquire;
pub use builder::Builder;
pub use error::{AcquireError, CapacityError, TryAcquireError};
pub use permit::{Permit, Project};
pub use stats::Stats;

#[cfg(all(test, untether_loom))]
mod models;
