//! A token without children: for a `static`.

use super::cause::Cause;
use super::signal::Signal;
use crate::sys::arena::Key;
use crate::sys::unwind;
use crate::sys::waits::waits;
use crate::sys::wake;
use core::fmt;
use core::ops::Deref;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_core::future::FusedFuture;

/// A flag that is cancelled once and for good, without clones, children and callbacks, and without an allocation before somebody waits.
///
/// # Examples
/// ```
/// use untether::sync::CancelFlag;
///
/// static SHUTDOWN: CancelFlag = CancelFlag::new();
///
/// let worker = std::thread::spawn(|| SHUTDOWN.cancelled().wait());
/// SHUTDOWN.cancel();
/// assert_eq!(worker.join().unwrap().to_string(), "cancelled on request");
/// ```
pub struct CancelFlag(Signal<Cause, ()>);

impl CancelFlag {
    /// One that is not cancelled.
    #[must_use]
    pub const fn new() -> Self {
        Self(Signal::new())
    }

    /// Whether it was cancelled. One load, and true from the moment of the request on.
    #[inline]
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_set()
    }

    /// Why it was cancelled; `None` if it was not.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        self.0.why()
    }

    /// Cancels it for [`Cause::Requested`]. See [`cancel_with`](Self::cancel_with).
    pub fn cancel(&self) -> bool {
        self.cancel_with(Cause::Requested)
    }

    /// Cancels it. `false` if it was cancelled before: the first cause stays.
    ///
    /// # Panics
    /// If a waker does. All others are woken before; further panics are dropped, and while the thread is unwinding the first one as well.
    pub fn cancel_with(&self, cause: Cause) -> bool {
        let unneeded = self.0.with(|state| self.0.set(state, cause).err());
        if unneeded.is_some() {
            return false;
        }
        let woken = unwind::catch(|| wake::drain(|batch| self.0.take_waiters(batch)));
        if let Err(panic) = woken {
            unwind::resume_unless_unwinding(panic);
        }
        true
    }

    /// Waits until it is cancelled, and gives the cause.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place among those who wait. Nothing is lost.
    /// # Fairness
    /// All are woken, in the order in which they came.
    pub const fn cancelled(&self) -> WhenFlagged<&Self> {
        Self::cancelled_owned(self)
    }

    /// As [`cancelled`](Self::cancelled), for an `Arc` or whatever else holds on to the flag.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place among those who wait. Nothing is lost.
    pub const fn cancelled_owned<H: Deref<Target = Self>>(holder: H) -> WhenFlagged<H> {
        WhenFlagged { holder, place: None, is_over: false }
    }
}

impl Default for CancelFlag {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CancelFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelFlag").field("cause", &self.cause()).finish_non_exhaustive()
    }
}

/// Waits until a flag is cancelled, and gives the cause. Made by [`CancelFlag::cancelled`] and [`CancelFlag::cancelled_owned`].
///
/// `Unpin`, so it can be polled in place, and kept in a struct. Once ready it stays ready.
///
/// # Cancel safety
/// Dropping it gives up the place among those who wait. Nothing is lost.
#[must_use = "futures do nothing unless polled"]
pub struct WhenFlagged<H: Deref<Target = CancelFlag>> {
    holder: H,
    place: Option<Key>,
    is_over: bool,
}

impl<H: Deref<Target = CancelFlag>> WhenFlagged<H> {
    /// As [`poll`](Future::poll), without a pin.
    pub fn poll_cancelled(&mut self, cx: &mut Context<'_>) -> Poll<Cause> {
        let polled = self.holder.0.poll(&mut self.place, cx.waker());
        self.is_over |= polled.is_ready();
        polled
    }

    waits!();
}

impl<H: Deref<Target = CancelFlag>> Unpin for WhenFlagged<H> {}

impl<H: Deref<Target = CancelFlag>> Future for WhenFlagged<H> {
    type Output = Cause;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Cause> {
        self.poll_cancelled(cx)
    }
}

impl<H: Deref<Target = CancelFlag>> FusedFuture for WhenFlagged<H> {
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}

impl<H: Deref<Target = CancelFlag>> Drop for WhenFlagged<H> {
    fn drop(&mut self) {
        if self.place.is_some() {
            self.holder.0.leave(&mut self.place);
        }
    }
}

impl<H: Deref<Target = CancelFlag>> fmt::Debug for WhenFlagged<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WhenFlagged")
            .field("flag", &*self.holder)
            .field("waits", &self.place.is_some())
            .finish()
    }
}
