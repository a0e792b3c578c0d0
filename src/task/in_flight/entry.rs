//! What is counted.

use super::count::InFlight;
use core::fmt;
use core::ops::Deref;

/// One that is in flight, until this is dropped.
///
/// One type for every way to hold on to the count: `&InFlight`, `Arc<InFlight>`, or a holder of yours that dereferences to it, always to the
/// same one. A clone counts once more, also when it is closed: what is in may bring in what belongs to it.
#[must_use = "dropping it ends what is counted"]
pub struct Entry<H: Deref<Target = InFlight>>(H);

impl<H: Deref<Target = InFlight>> Entry<H> {
    #[inline]
    pub(super) const fn new(counted: H) -> Self {
        Self(counted)
    }

    /// Counted until somebody calls [`InFlight::leave`] for it.
    pub(crate) fn into_count(self) {
        core::mem::forget(self);
    }

    /// What counts it.
    #[must_use]
    pub fn in_flight(&self) -> &InFlight {
        &self.0
    }
}

impl<H: Deref<Target = InFlight> + Clone> Clone for Entry<H> {
    fn clone(&self) -> Self {
        let holder = self.0.clone();
        holder.come(0);
        Self(holder)
    }
}

impl<H: Deref<Target = InFlight>> Drop for Entry<H> {
    #[inline]
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl<H: Deref<Target = InFlight>> fmt::Debug for Entry<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").finish_non_exhaustive()
    }
}
