//! How many in a time, for all together or for each key.
//!
//! | I want to | use |
//! |---|---|
//! | say how many in a time, and how many at once after a pause | [`Quota`] |
//! | let through now, or say when | [`RateLimiter::try_acquire`] |
//! | wait until it is my turn | [`RateLimiter::acquire`] |
//! | know beforehand when it is, or wait in a way of my own | [`RateLimiter::reserve`] |
//! | limit each user, address or tenant by itself | [`KeyedLimiter`] |
//! | slow a stream down | [`RateLimiter::throttle`] |
//! | change the pace | [`RateLimiter::set_quota`] |
//! | give back what was not used | [`RateLimiter::refund`] |
//!
//! # Memory
//! A limiter is one number that matters, and its quota. Nothing is allocated before somebody waits. Places in the line are used again.
//! A [`KeyedLimiter`] remembers so many keys and no more, and allocates when its table grows.
//!
//! # Comparison
//! The algorithm is GCRA, as in governor: a bucket without anybody who fills it. Other than there, those who wait stand in one line, by one
//! sleep, and are polled three times each, not once for each of those before them; a clock that steps back does not shut the limiter for as
//! long; quotas can be changed, cells reserved and given back, and a rate is exact where it does not divide a second. Other than with
//! leaky-bucket, an interval may be shorter than a millisecond, and no number of cells is waited for in vain.

mod acquire;
mod core;
mod error;
mod gcra;
mod keyed;
mod line;
mod published;
mod quota;
mod reservation;
mod seat;
mod stats;
mod throttle;
mod word;

pub use self::core::RateLimiter;
pub use acquire::Acquire;
pub use error::{AcquireError, TryAcquireError};
pub use keyed::{KeyedBuilder, KeyedLimiter, KeyedStats};
pub use quota::{Quota, QuotaError};
pub use reservation::Reservation;
pub use stats::Stats;
pub use throttle::Throttle;

#[cfg(all(test, untether_loom))]
mod models;
