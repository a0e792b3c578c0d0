//! What holds a place.

use super::core::Bulkhead;
use super::holder::{Holder, Within};
use crate::sync::semaphore;
use core::fmt;

/// A place among those who run, given back when this is dropped.
///
/// One type for every way to hold on to the bulkhead: `&Bulkhead`, `Arc<Bulkhead>`, or a [`Holder`] of yours.
#[must_use = "dropping it gives the place back"]
pub struct Permit<H: Holder>(semaphore::Permit<Within<H>>);

impl<H: Holder> Permit<H> {
    #[inline]
    pub(super) const fn new(permit: semaphore::Permit<Within<H>>) -> Self {
        Self(permit)
    }

    /// The bulkhead it is of.
    #[must_use]
    pub fn bulkhead(&self) -> &Bulkhead<H::Timer> {
        &self.0.holder().0
    }
}

impl<H: Holder> fmt::Debug for Permit<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}
