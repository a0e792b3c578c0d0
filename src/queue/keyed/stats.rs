//! How a queue with keys stands.

/// How a [`KeyedQueue`](super::KeyedQueue) stands, at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Stats {
    /// Values that wait in it, those that are being merged included. Those in flight are not.
    pub len: usize,
    /// How many may wait in it; `None` where there is no bound.
    pub capacity: Option<usize>,
    /// Keys of which something waits, in the queue or in line for room, or is in flight.
    pub keys: usize,
    /// Keys of which a value may be received now: how many receivers could go on.
    pub ready: usize,
    /// Values in flight, each of another key.
    pub in_flight: usize,
    /// Room that was granted to an [`upsert`](super::KeyedQueue::upsert) which was neither polled nor dropped since.
    pub reserved: usize,
    /// How many wait for room.
    pub senders_waiting: usize,
    /// How many wait for a value.
    pub receivers_waiting: usize,
    /// How many were granted a value and have not taken it: those futures were neither polled nor dropped since. One that stays so
    /// keeps a value from all others.
    pub granted: usize,
    /// Whether it was closed.
    pub closed: bool,
}
