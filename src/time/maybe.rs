//! A timer that may not be there.

use super::{Clock, Instant, NoTimer, Timer};
use core::future::Pending;
use core::time::Duration;

/// A [`Timer`], or [`NoTimer`].
///
/// Sealed: whatever is a timer is this as well.
pub trait MaybeTimer: seal::Sealed {
    #[doc(hidden)]
    type Wait: Future<Output = ()>;

    #[doc(hidden)]
    fn moment(&self) -> Option<Instant>;

    #[doc(hidden)]
    fn start(&self, limit: Duration) -> Self::Wait;
}

mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed {}

    impl Sealed for crate::time::NoTimer {}
    impl<T: crate::time::Timer> Sealed for T {}
}

impl MaybeTimer for NoTimer {
    type Wait = Pending<()>;

    fn moment(&self) -> Option<Instant> {
        None
    }

    fn start(&self, _: Duration) -> Pending<()> {
        core::future::pending()
    }
}

impl<T: Timer> MaybeTimer for T {
    type Wait = T::Sleep;

    fn moment(&self) -> Option<Instant> {
        Some(Clock::now(self))
    }

    fn start(&self, limit: Duration) -> T::Sleep {
        self.start_sleep(limit)
    }
}
