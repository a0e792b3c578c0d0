//! How a semaphore stands.

/// How a [`Semaphore`](super::Semaphore) stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// Permits there are, free ones and taken ones together.
    pub capacity: usize,
    /// Permits that are free: for nobody, or too few for the first in line.
    pub available: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many were granted permits and have not claimed them: those futures were neither polled nor dropped since. One that stays
    /// so keeps its permits from all others.
    pub granted: usize,
    /// Permits that are to vanish as they come back.
    pub owed: usize,
    /// Whether it was closed.
    pub closed: bool,
}
