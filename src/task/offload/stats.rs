//! How an offload stands.

/// How an [`Offload`](super::Offload) stands, at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// How many closures may be at the runtime at once.
    pub limit: usize,
    /// How many are: they run, or the runtime has not come to them yet. Those that nobody waits for any more count until they end.
    pub running: usize,
    /// How many wait in line.
    pub waiting: usize,
    /// How many have come to their turn and do not know it yet: those futures were neither polled nor dropped since. One that stays so
    /// keeps its place from all others.
    pub granted: usize,
}
