//! How a pool stands.

/// How a [`Pool`](super::Pool) stands, at one moment (the line of those who wait is asked right after).
///
/// Whatever happens, `size` is `idle + in_use + creating`, and at rest `created` is `size + detached + taken`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Stats {
    /// How many objects there may be.
    pub max_size: usize,
    /// How many there are, those that are being made included.
    pub size: usize,
    /// How many lie in the pool.
    pub idle: usize,
    /// How many are lent out, or on the way: being recycled, looked at, or let go.
    pub in_use: usize,
    /// How many are being made.
    pub creating: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many were granted a place and have not come for it: those futures were neither polled nor dropped since. One that stays so
    /// keeps an object from all others.
    pub granted: usize,
    /// How many were made or added, so far.
    pub created: u64,
    /// How often one that lay idle was lent out again.
    pub recycled: u64,
    /// How often [`recycle`](super::Manage::recycle) failed.
    pub recycle_failed: u64,
    /// How often [`create`](super::Manage::create) failed.
    pub create_failed: u64,
    /// How often waiting took too long.
    pub wait_timed_out: u64,
    /// How often creating took too long.
    pub create_timed_out: u64,
    /// How often recycling took too long.
    pub recycle_timed_out: u64,
    /// How many were let go, so far.
    pub detached: u64,
    /// How many were [taken](super::Object::take) by their holders, so far.
    pub taken: u64,
    /// Whether it was closed.
    pub closed: bool,
}
