//! Cells that were taken and come later.

use super::core::RateLimiter;
use super::word::Reserved;
use crate::time::{Clock, Instant};
use core::fmt;
use core::ops::Deref;
use core::time::Duration;

/// Cells that were taken, for when they come. Made by [`RateLimiter::reserve`].
///
/// [`spend`](Self::spend) it when what it is for is done, at [`ready_at`](Self::ready_at) or later. Dropped before, it gives back what has not
/// come back by itself since: a reservation that is given up leaves the limiter as if it had not been. Those who reserved after
/// it keep their moments, and newcomers get those that are left.
///
/// One that is forgotten is spent.
#[must_use = "dropping it gives the cells back"]
pub struct Reservation<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Clock,
{
    limiter: S,
    /// Of no cells once they are spent.
    reserved: Reserved,
}

impl<S, T> Reservation<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Clock,
{
    pub(super) const fn new(limiter: S, reserved: Reserved) -> Self {
        Self { limiter, reserved }
    }

    /// From when on they may be used.
    #[must_use]
    pub const fn ready_at(&self) -> Instant {
        self.reserved.ready_at
    }

    /// How long it is until then.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.ready_at().saturating_duration_since(self.limiter.clock.now())
    }

    /// How many cells these are.
    #[must_use]
    pub const fn cells(&self) -> u32 {
        self.reserved.n
    }

    /// Does not give them back: they were used.
    pub fn spend(mut self) {
        self.reserved.n = 0;
    }
}

impl<S, T> Drop for Reservation<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Clock,
{
    fn drop(&mut self) {
        let Reserved { n, quota, owed_until, .. } = self.reserved;
        if n > 0 && self.limiter.clock.now() < owed_until {
            self.limiter.give_back(n, &quota);
        }
    }
}

impl<S, T> fmt::Debug for Reservation<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Clock,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation")
            .field("cells", &self.cells())
            .field("ready_at", &self.ready_at())
            .finish()
    }
}
