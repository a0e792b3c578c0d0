//! How far a shutdown has come.

/// How far a [`Shutdown`](super::Shutdown) has come. It never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Phase {
    /// Nobody has asked for it.
    Running,
    /// It was asked for: nobody comes in any more, and who is in finishes what it has begun.
    Draining,
    /// Who is in drops what it has begun, cleans up and goes.
    Cancelling,
    /// What runs under it is dropped.
    Aborting,
}
