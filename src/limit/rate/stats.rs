//! How a limiter stands.

/// How a [`RateLimiter`](super::RateLimiter) stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// Cells that are there, for whoever waits or comes.
    pub free: u32,
    /// How many wait. If this stays while cells are free, the first of them is neither polled nor dropped.
    pub waiting: usize,
    /// How many cells they wait for.
    pub wanted: u64,
}
