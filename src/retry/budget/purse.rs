//! What one run has of a budget.

use super::{Budget, Withdrawal};

/// Gives back what was withdrawn for an extra call when that is not made: also when the run is dropped in the wait before it.
pub(in crate::retry) struct Purse<B: Budget> {
    budget: B,
    /// Not spent yet.
    withdrawn: Option<Withdrawal>,
}

impl<B: Budget> Purse<B> {
    pub(in crate::retry) const fn new(budget: B) -> Self {
        Self { budget, withdrawn: None }
    }

    pub(in crate::retry) fn withdraw(&mut self) -> bool {
        self.withdrawn = self.budget.try_withdraw();
        self.withdrawn.is_some()
    }

    /// A call is made: the first, or one that was paid for.
    #[inline]
    pub(in crate::retry) fn spend(&mut self, first: bool) {
        if first {
            self.budget.deposit();
        }
        self.withdrawn = None;
    }

    pub(in crate::retry) fn succeeded(&self, extra: bool) {
        self.budget.succeeded(extra);
    }
}

impl<B: Budget> Drop for Purse<B> {
    fn drop(&mut self) {
        if let Some(withdrawal) = self.withdrawn.take() {
            self.budget.refund(withdrawal);
        }
    }
}
