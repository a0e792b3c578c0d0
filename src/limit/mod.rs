//! How many at once, and how many in a time: a semaphore bounds how many at once, a limiter how many per second.
//!
//! They are not the same, and one does not stand in for the other. Against a server that takes 20 ms for each request, with as many clients
//! as like to ask:
//!
//! | | requests a second |
//! |---|--:|
//! | a [`Semaphore`](crate::sync::Semaphore) of 10 permits | 500, and more when the server is faster |
//! | a [`RateLimiter`] of 10 per second | 10, and ever more at once when the server is slower |
//!
//! Who has to keep below what a server allows in a time takes a limiter; who has to spare a server that is slow takes a semaphore; often both.
//!
//! | I want to | use |
//! |---|---|
//! | let so many through in a time, now or in one line; slow a stream down | [`RateLimiter`], with a [`Quota`] |
//! | do so for each user, address or tenant by itself | [`KeyedLimiter`] |
//! | let so many calls run at once, and refuse or time out those that are too many | [`Bulkhead`] |
//! | do so with a number that is learned from how the calls end | [`AdaptiveLimit`] |
//! | share something of which there are so many | [`Semaphore`](crate::sync::Semaphore), [`Pool`](crate::resource::Pool) |

pub mod adaptive;
pub mod bulkhead;
pub mod rate;

pub use adaptive::AdaptiveLimit;
pub use bulkhead::Bulkhead;
pub use rate::{KeyedLimiter, Quota, RateLimiter};
