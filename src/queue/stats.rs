//! How a queue stands.

/// How a [`Queue`](super::Queue) stands, at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// Items in it, those that were granted and those that are being looked at included.
    pub len: usize,
    /// What they and the reserved room weigh together: what counts against the capacity.
    pub weight: usize,
    /// What they may weigh; `None` where there is no bound.
    pub capacity: Option<usize>,
    /// Room that is reserved.
    pub reserved: usize,
    /// How many wait for room.
    pub senders_waiting: usize,
    /// How many wait for an item.
    pub receivers_waiting: usize,
    /// How many were granted an item and have not taken it: those futures were neither polled nor dropped since. One that stays so
    /// keeps an item from all others.
    pub granted: usize,
    /// Items that were dropped for want of room: see [`Overflow`](super::Overflow).
    pub dropped: u64,
    /// Whether it was closed.
    pub closed: bool,
}
