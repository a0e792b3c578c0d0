//! What a budget is.

use alloc::rc::Rc;
use alloc::sync::Arc;

/// Pays for extra calls: for each retry and each hedge, out of what first calls and successes bring in.
///
/// Every first call is one [`deposit`](Self::deposit); every extra one is withdrawn before its wait, and [refunded](Self::refund) if it
/// is not made after all; every success is [told](Self::succeeded).
pub trait Budget {
    /// A first call begins.
    fn deposit(&self);

    /// Whether there may be an extra call. `true` has paid for it.
    fn try_withdraw(&self) -> bool;

    /// An extra call that was paid for is not made.
    fn refund(&self);

    /// A call went well: an extra one, or a first one.
    fn succeeded(&self, extra: bool) {
        let _ = extra;
    }
}

/// No budget: every extra call may be made.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Unlimited;

impl Budget for Unlimited {
    #[inline]
    fn deposit(&self) {}

    #[inline]
    fn try_withdraw(&self) -> bool {
        true
    }

    #[inline]
    fn refund(&self) {}
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<B: Budget + ?Sized> Budget for $holder {
            fn deposit(&self) {
                (**self).deposit();
            }

            fn try_withdraw(&self) -> bool {
                (**self).try_withdraw()
            }

            fn refund(&self) {
                (**self).refund();
            }

            fn succeeded(&self, extra: bool) {
                (**self).succeeded(extra);
            }
        }
    )*};
}

forward!(&B, Rc<B>, Arc<B>);
