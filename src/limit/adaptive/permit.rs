//! What holds a place, and says how it went.

use super::algorithm::{Outcome, Sample};
use super::core::AdaptiveLimit;
use super::holder::{Holder, Within};
use crate::sync::semaphore;
use crate::sys::lock;
use crate::time::{Clock, Instant};
use core::fmt;
use core::sync::atomic::Ordering;

/// A place among those in flight. It is given back when this is dropped, and says nothing of the service then; the other ways to end it do.
///
/// One type for every way to hold on to the limit: `&AdaptiveLimit`, `Arc<AdaptiveLimit>`, or a [`Holder`] of yours.
///
/// # Examples
/// ```
/// use untether::limit::AdaptiveLimit;
/// use untether::limit::adaptive::Aimd;
///
/// untether::rt::threads::block_on(|rt| async move {
///     let limit = AdaptiveLimit::new(Aimd::builder().initial(1).build(), rt);
///     limit.acquire().await.unwrap().success();
///     assert_eq!(limit.limit(), 2);
///     limit.acquire().await.unwrap().overload();
///     assert_eq!(limit.limit(), 1);
///     drop(limit.acquire().await.unwrap());
///     assert_eq!((limit.limit(), limit.in_flight()), (1, 0));
/// });
/// ```
#[must_use = "dropping it gives the place back, and nothing is learned"]
pub struct Permit<H: Holder> {
    // Last of what is given back: see the drop.
    permit: semaphore::Permit<Within<H>>,
    began: Instant,
    /// As it began, itself included.
    in_flight: usize,
}

impl<H: Holder> Permit<H> {
    /// Of somebody who is admitted now.
    #[inline]
    pub(super) fn new(permit: semaphore::Permit<Within<H>>) -> Self {
        lock::assert_none_held();
        let limit = &*permit.holder().0;
        let began = limit.clock.now();
        let in_flight = limit.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        Self { permit, began, in_flight }
    }

    /// The call went well, or failed in a way that says that the service is well.
    pub fn success(self) {
        self.record(Outcome::Success);
    }

    /// The service had too much to do.
    pub fn overload(self) {
        self.record(Outcome::Overload);
    }

    /// The call says nothing of the service. The same as to drop it.
    pub fn ignore(self) {}

    /// Tells how it went, and gives the place back after it was learned from.
    ///
    /// # Panics
    /// If the [`Algorithm`](super::Algorithm) does. The place is free again by then.
    pub fn record(self, outcome: Outcome) {
        let limit = self.limit();
        let latency = limit.clock.now().saturating_duration_since(self.began);
        limit.learn(Sample::new(latency, self.in_flight, outcome));
    }

    /// The limit it is of.
    #[must_use]
    pub fn limit(&self) -> &AdaptiveLimit<H::Algorithm, H::Clock> {
        &self.permit.holder().0
    }
}

impl<H: Holder> Drop for Permit<H> {
    #[inline]
    fn drop(&mut self) {
        self.limit().in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<H: Holder> fmt::Debug for Permit<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("began", &self.began)
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}
