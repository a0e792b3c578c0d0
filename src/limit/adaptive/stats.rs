//! How a limit stands.

/// How an [`AdaptiveLimit`](super::AdaptiveLimit) stands. The counts of the line are of one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// How many may be in flight, as far as it has learned.
    pub limit: usize,
    /// How many are in flight. More than `limit` for a while, where that was made less.
    pub in_flight: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many were admitted and do not know it yet: those futures were neither polled nor dropped since. One that stays so keeps its place
    /// from all others.
    pub granted: usize,
    /// How many samples were not learned from, since too many came while another was judged.
    pub missed: u64,
    /// Whether it was closed.
    pub closed: bool,
}
