//! How a bulkhead stands.

/// How a [`Bulkhead`](super::Bulkhead) stands, at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// How many may run at once.
    pub size: usize,
    /// How many run, or hold a permit. More than `size` for a while, where that was made less.
    pub running: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many were admitted and do not know it yet: those futures were neither polled nor dropped since. One that stays so keeps its place
    /// from all others.
    pub granted: usize,
    /// Whether it was closed.
    pub closed: bool,
}
