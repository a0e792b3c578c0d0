//! A limit that does not learn.

use super::algorithm::{Algorithm, Sample};
use super::error::LimitError;
use crate::sync::Semaphore;

/// Stays as it is, whatever happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fixed(usize);

impl Fixed {
    /// A limit of so many calls.
    ///
    /// # Panics
    /// If that is 0, or more than [`Semaphore::MAX_PERMITS`]. See [`try_new`](Self::try_new).
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        assert!(
            is_limit(limit),
            "a limit of no calls, or of more than can be counted; `try_new` gives an error instead"
        );
        Self(limit)
    }

    /// As [`new`](Self::new).
    ///
    /// # Errors
    /// [`LimitError`] if that is 0, or more than [`Semaphore::MAX_PERMITS`].
    pub const fn try_new(limit: usize) -> Result<Self, LimitError> {
        if is_limit(limit) { Ok(Self(limit)) } else { Err(LimitError(())) }
    }
}

pub(super) const fn is_limit(limit: usize) -> bool {
    limit > 0 && limit <= Semaphore::MAX_PERMITS
}

impl Algorithm for Fixed {
    fn limit(&self) -> usize {
        self.0
    }

    fn on_sample(&mut self, _: &Sample) -> usize {
        self.0
    }
}
