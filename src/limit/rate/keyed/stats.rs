//! How a limiter of keys stands.

/// How a [`KeyedLimiter`](super::KeyedLimiter) stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct KeyedStats {
    /// Keys that are remembered.
    pub keys: usize,
    /// Keys that were forgotten to make room, in all, though they owed something. If there are many, `max_keys` is too small, or somebody
    /// brings a new key each time.
    pub forgotten: u64,
}
