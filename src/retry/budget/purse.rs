//! What one run has of a budget.

use super::Budget;

/// Gives back what was withdrawn for an extra call when that is not made: also when the run is dropped in the wait before it.
pub(in crate::retry) struct Purse<B: Budget> {
    budget: B,
    /// Withdrawn, not spent yet.
    full: bool,
}

impl<B: Budget> Purse<B> {
    pub(in crate::retry) const fn new(budget: B) -> Self {
        Self { budget, full: false }
    }

    pub(in crate::retry) fn withdraw(&mut self) -> bool {
        self.full = self.budget.try_withdraw();
        self.full
    }

    /// A call is made: the first, or one that was paid for.
    #[inline]
    pub(in crate::retry) fn spend(&mut self, first: bool) {
        if first {
            self.budget.deposit();
        }
        self.full = false;
    }

    pub(in crate::retry) fn succeeded(&self, extra: bool) {
        self.budget.succeeded(extra);
    }
}

impl<B: Budget> Drop for Purse<B> {
    fn drop(&mut self) {
        if self.full {
            self.budget.refund();
        }
    }
}
