//! What a budget is.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::num::NonZeroU32;

/// Pays for extra calls: for each retry and each hedge, out of what first calls and successes bring in.
///
/// Every first call is one [`deposit`](Self::deposit); every extra one is withdrawn before its wait, and [refunded](Self::refund) if it
/// is not made after all; every success is [told](Self::succeeded).
pub trait Budget {
    /// A first call begins.
    fn deposit(&self);

    /// Pays for an extra call, where there may be one.
    fn try_withdraw(&self) -> Option<Withdrawal>;

    /// An extra call that was paid for is not made.
    fn refund(&self, withdrawal: Withdrawal);

    /// A call went well: an extra one, or a first one.
    fn succeeded(&self, extra: bool) {
        let _ = extra;
    }
}

/// What was paid for an extra call. Made by [`Budget::try_withdraw`]; to be handed back by [`Budget::refund`], or dropped when the call
/// is made.
#[derive(PartialEq, Eq, Debug)]
pub struct Withdrawal(NonZeroU32);

impl Withdrawal {
    /// With what the budget has to know of it when it comes back, if anything. Of the highest number the next lower one is kept.
    #[must_use]
    pub const fn new(note: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(note))
    }

    /// What the budget noted.
    #[must_use]
    pub const fn note(&self) -> u32 {
        self.0.get() - 1
    }
}

/// No budget: every extra call may be made.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Unlimited;

impl Budget for Unlimited {
    #[inline]
    fn deposit(&self) {}

    #[inline]
    fn try_withdraw(&self) -> Option<Withdrawal> {
        Some(Withdrawal::new(0))
    }

    #[inline]
    fn refund(&self, _: Withdrawal) {}
}

/// A budget for what stands inside of something that has it as well, as a hedge inside of a retry: the first calls, and what went well at
/// once, have been told to it there, so this pays for extra calls alone.
///
/// # Examples
/// ```
/// use untether::retry::budget::{Budget, TokenQuota, Within};
///
/// let quota = TokenQuota::new(20).cost(10);
/// let inside = Within(&quota);
/// inside.deposit();
/// assert!(inside.try_withdraw().is_some());
/// assert_eq!(quota.tokens(), 10);
/// inside.succeeded(false);
/// assert_eq!(quota.tokens(), 10);
/// inside.succeeded(true);
/// assert_eq!(quota.tokens(), 20);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Within<B>(pub B);

impl<B: Budget> Budget for Within<B> {
    fn deposit(&self) {}

    fn try_withdraw(&self) -> Option<Withdrawal> {
        self.0.try_withdraw()
    }

    fn refund(&self, withdrawal: Withdrawal) {
        self.0.refund(withdrawal);
    }

    fn succeeded(&self, extra: bool) {
        if extra {
            self.0.succeeded(true);
        }
    }
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<B: Budget + ?Sized> Budget for $holder {
            fn deposit(&self) {
                (**self).deposit();
            }

            fn try_withdraw(&self) -> Option<Withdrawal> {
                (**self).try_withdraw()
            }

            fn refund(&self, withdrawal: Withdrawal) {
                (**self).refund(withdrawal);
            }

            fn succeeded(&self, extra: bool) {
                (**self).succeeded(extra);
            }
        }
    )*};
}

forward!(&B, Rc<B>, Arc<B>, Box<B>);
