//! What keeps everybody out.

use super::holder::Holder;
use super::kernel::Kernel;
use core::fmt;

/// As long as there is one, a breaker refuses everybody. Made by [`CircuitBreaker::isolate`](super::CircuitBreaker::isolate) and its sibling.
///
/// When the last one is dropped the breaker is again as it was before, with what it had counted.
#[must_use = "dropping it ends the isolation"]
pub struct Isolation<H: Holder>(H);

impl<H: Holder> Isolation<H> {
    pub(super) fn new(breaker: H) -> Self {
        let now = breaker.now();
        // First, so that it ends again where who is woken for it panics.
        let isolation = Self(breaker);
        isolation.0.change_at(now, Kernel::isolate);
        isolation
    }
}

impl<H: Holder> Drop for Isolation<H> {
    fn drop(&mut self) {
        self.0.change_now(Kernel::end_isolation);
    }
}

impl<H: Holder> fmt::Debug for Isolation<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Isolation").finish_non_exhaustive()
    }
}
