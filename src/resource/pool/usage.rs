//! What is known of an object.

use crate::time::Instant;

/// What is known of an object: since when there is one, and how often it was used.
///
/// Moments are those of the pool's timer. A pool without one knows none, and asks no clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Usage {
    /// When it was made, or added.
    pub created: Option<Instant>,
    /// When it came back last. While it was not lent out yet, when it was made.
    pub returned: Option<Instant>,
    /// How often it was lent out.
    pub uses: u64,
}

impl Usage {
    pub(super) const fn new(now: Option<Instant>) -> Self {
        Self { created: now, returned: now, uses: 0 }
    }
}
