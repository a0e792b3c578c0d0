//! The future of cells.

use super::core::RateLimiter;
use super::error::AcquireError;
use super::seat::Seat;
use crate::sys::waits::waits;
use crate::time::Timer;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// Waits for cells. Made by [`RateLimiter::acquire`] and [`RateLimiter::acquire_owned`].
    ///
    /// It joins the line at its first poll. Polled again after it was ready, it waits for as many again. `Unpin` where the timer's sleeps
    /// are, and then a thread can wait for it as well.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in line. No cell is lost: they are taken in the very poll that is ready. If it kept the time for
    /// those behind it, the next of them does from now on.
    #[must_use = "futures do nothing unless polled"]
    pub struct Acquire<S, T>
    where
        S: Deref<Target = RateLimiter<T>>,
        T: Timer,
    {
        limiter: S,
        n: u32,
        seat: Seat,
        // There while it is the first in line.
        #[pin]
        sleep: Option<T::Sleep>,
    }

    impl<S, T> PinnedDrop for Acquire<S, T>
    where
        S: Deref<Target = RateLimiter<T>>,
        T: Timer,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.seat.leave(this.limiter, *this.n);
        }
    }
}

impl<S, T> Acquire<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    #[inline]
    pub(super) const fn new(limiter: S, n: u32) -> Self {
        Self { limiter, n, seat: Seat::new(), sleep: None }
    }
}

/// For threads, where the timer's sleeps can be moved. Those of tokio cannot: box the future and block on that.
///
/// The timer has to be driven by somebody else meanwhile, as that of [`Threads`](crate::rt::threads::Threads) is by its thread and
/// async-io's by its own; one that is driven by this very thread never comes.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), untether::rt::threads::StartError> {
/// use core::time::Duration;
/// use untether::limit::{Quota, RateLimiter};
/// use untether::rt::threads::Threads;
///
/// let limiter = RateLimiter::new(Quota::per_second(500).burst(1), Threads::new()?);
/// for _ in 0..3 {
///     limiter.acquire(1).wait().unwrap(); // two of them two milliseconds later
/// }
/// let waiting = limiter.acquire(1).wait_timeout(Duration::ZERO);
/// assert!(waiting.is_err(), "the future itself, still in its place");
/// # Ok(()) }
/// ```
impl<S, T> Acquire<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Timer<Sleep: Unpin>,
{
    waits!();
}

impl<S, T> Future for Acquire<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    type Output = Result<(), AcquireError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.seat.poll(this.limiter, *this.n, this.sleep, cx)
    }
}

impl<S, T> fmt::Debug for Acquire<S, T>
where
    S: Deref<Target = RateLimiter<T>>,
    T: Timer,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acquire").field("cells", &self.n).field("in_line", &self.seat.is_taken()).finish()
    }
}
