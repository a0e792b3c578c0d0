//! What comes out of a delay queue, and what names it while it is inside.

use crate::sys::arena::Key;
use crate::time::Instant;
use core::fmt;

/// Names one entry of one [`DelayQueue`](super::DelayQueue), once: when the entry has left the queue, however it did, its key finds
/// nothing, and no later entry ever has it. Nor does it find anything in another queue.
///
/// A plain value of sixteen bytes, good as a key of a map.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DelayKey(pub(super) Key);

impl fmt::Debug for DelayKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DelayKey").field("index", &self.0.index()).finish_non_exhaustive()
    }
}

/// An entry that has left the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Expired<T> {
    /// What was put in.
    pub item: T,
    /// What it was called. From now on it finds nothing.
    pub key: DelayKey,
    /// When it was due.
    pub deadline: Instant,
}

impl<T> Expired<T> {
    /// What was put in.
    pub fn into_inner(self) -> T {
        self.item
    }
}
