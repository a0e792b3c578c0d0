//! The other side of a timer, for those who bring their own clock.

use super::{Clock, Instant, Timer};
use crate::sys::arena::Key;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::fmt;
use core::num::NonZeroU64;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;

/// A clock that can be asked to wake somebody: what a backend author implements.
///
/// Object-safe, and without an allocation in its signature, so `&'static dyn Driver` is a type-erased timer on a microcontroller.
/// [`DriverTimer`] makes a [`Timer`] of it. Most backends hand both calls to a [`WakeQueue`](super::WakeQueue) and only see to it
/// that [`fire`](super::WakeQueue::fire) is called when its next deadline has come.
///
/// # Examples
/// A timer driven by a frame loop:
/// ```
/// use core::sync::atomic::{AtomicU64, Ordering};
/// use core::task::Waker;
/// use core::time::Duration;
/// use untether::time::{Clock, Driver, DriverTimer, Instant, Timer, WakeKey, WakeQueue};
///
/// struct Frames { shown: AtomicU64, queue: WakeQueue }
///
/// impl Clock for Frames {
///     fn now(&self) -> Instant {
///         Instant::from_nanos(self.shown.load(Ordering::Acquire) * 16_666_667)
///     }
/// }
///
/// impl Driver for Frames {
///     fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
///         self.queue.schedule(at, key, waker);
///     }
///     fn cancel(&self, key: &mut WakeKey) {
///         self.queue.cancel(key);
///     }
/// }
///
/// static FRAMES: Frames = Frames { shown: AtomicU64::new(0), queue: WakeQueue::new() };
///
/// fn on_frame() {
///     FRAMES.shown.fetch_add(1, Ordering::AcqRel);
///     FRAMES.queue.fire(FRAMES.now());
/// }
///
/// let sleep = DriverTimer(&FRAMES).sleep(Duration::from_millis(20));
/// # let mut sleep = core::pin::pin!(sleep);
/// # let mut cx = core::task::Context::from_waker(Waker::noop());
/// # assert!(sleep.as_mut().poll(&mut cx).is_pending());
/// on_frame();
/// # assert!(sleep.as_mut().poll(&mut cx).is_pending());
/// on_frame();
/// # assert!(sleep.as_mut().poll(&mut cx).is_ready());
/// ```
pub trait Driver: Clock {
    /// Sees to it that `waker` is woken when the clock shows `at`; at once, or soon, if it does already.
    ///
    /// `key` is empty the first time and afterwards what the driver left in it: a second call with the same key moves the wake
    /// and replaces the waker. It may be ignored by a driver that can only add; then a wake comes too often, never too late.
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker);

    /// Forgets the wake of `key` and empties it.
    fn cancel(&self, key: &mut WakeKey);
}

/// What a [`Driver`] remembers a wake by. Belongs to one sleep, which never looks inside, and cancels it before it drops the key: a
/// key that is dropped while it is not empty leaves its wake registered.
#[derive(Default)]
pub struct WakeKey(Content);

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Queued(Key),
    Foreign(NonZeroU64),
}

impl WakeKey {
    /// An empty key.
    #[must_use]
    pub const fn new() -> Self {
        Self(Content::Empty)
    }

    /// Whether a driver has left nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.0, Content::Empty)
    }

    /// The number that [`set_id`](Self::set_id) left.
    #[must_use]
    pub const fn id(&self) -> Option<NonZeroU64> {
        match self.0 {
            Content::Foreign(id) => Some(id),
            Content::Empty | Content::Queued(_) => None,
        }
    }

    /// Leaves a number: for drivers with a table of their own.
    pub const fn set_id(&mut self, id: NonZeroU64) {
        self.0 = Content::Foreign(id);
    }

    /// Empties the key.
    pub const fn clear(&mut self) {
        self.0 = Content::Empty;
    }

    pub(super) const fn queued(&self) -> Option<Key> {
        match self.0 {
            Content::Queued(key) => Some(key),
            Content::Empty | Content::Foreign(_) => None,
        }
    }

    pub(super) const fn set_queued(&mut self, key: Key) {
        self.0 = Content::Queued(key);
    }
}

impl fmt::Debug for WakeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WakeKey").field("is_empty", &self.is_empty()).finish_non_exhaustive()
    }
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<D: Driver + ?Sized> Driver for $holder {
            fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
                (**self).schedule_wake(at, key, waker);
            }

            fn cancel(&self, key: &mut WakeKey) {
                (**self).cancel(key);
            }
        }
    )*};
}

forward!(&D, Rc<D>, Arc<D>, Box<D>);

/// Makes a [`Timer`] of a [`Driver`].
///
/// The driver is held by value and cloned into each sleep, so it is a `&'static` reference, an `Arc`, or small.
#[derive(Clone, Copy, Default)]
pub struct DriverTimer<D>(pub D);

impl<D> fmt::Debug for DriverTimer<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverTimer").finish_non_exhaustive()
    }
}

/// A timer of any driver, without an allocation: for firmware.
pub type StaticTimer = DriverTimer<&'static (dyn Driver + Sync)>;

impl<D: Clock> Clock for DriverTimer<D> {
    fn now(&self) -> Instant {
        self.0.now()
    }
}

impl<D: Driver + Clone> Timer for DriverTimer<D> {
    type Sleep = DriverSleep<D>;

    fn sleep_until(&self, deadline: Instant) -> DriverSleep<D> {
        DriverSleep::new(self.0.clone(), deadline)
    }

    fn start_sleep(&self, duration: Duration) -> DriverSleep<D> {
        DriverSleep::started(self.0.clone(), duration)
    }

    fn reset(&self, mut sleep: Pin<&mut DriverSleep<D>>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

/// The sleep of a [`DriverTimer`], and of every timer that is its own driver.
///
/// # Cancel safety
/// Dropping it deregisters the wake.
#[must_use = "futures do nothing unless polled"]
pub struct DriverSleep<D: Driver> {
    driver: D,
    deadline: Instant,
    key: WakeKey,
    /// Polled right after the clock was asked.
    fresh: bool,
    /// Ready stays ready, also when the clock steps back.
    done: bool,
}

impl<D: Driver> Unpin for DriverSleep<D> {}

impl<D: Driver> Future for DriverSleep<D> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if !this.done && this.deadline.is_far_future() {
            this.disarm();
            return Poll::Pending;
        }
        if !this.done && (core::mem::take(&mut this.fresh) || this.driver.now() < this.deadline) {
            this.driver.schedule_wake(this.deadline, &mut this.key, cx.waker());
            return Poll::Pending;
        }
        this.done = true;
        this.disarm();
        Poll::Ready(())
    }
}

impl<D: Driver> DriverSleep<D> {
    /// A sleep on `driver` that ends at `deadline`.
    pub const fn new(driver: D, deadline: Instant) -> Self {
        Self { driver, deadline, key: WakeKey::new(), fresh: false, done: false }
    }

    /// A sleep for [`Timer::start_sleep`].
    pub(crate) fn started(driver: D, duration: Duration) -> Self {
        let deadline = driver.now().saturating_add(duration);
        let mut sleep = Self::new(driver, deadline);
        sleep.fresh = !duration.is_zero();
        sleep
    }

    /// Gives it another deadline. It is armed at its next poll.
    pub fn reset(&mut self, deadline: Instant) {
        // A wake that is registered stays where it is until the next poll moves it: at worst it comes for nothing.
        self.deadline = deadline;
        (self.fresh, self.done) = (false, false);
    }

    fn disarm(&mut self) {
        if !self.key.is_empty() {
            self.driver.cancel(&mut self.key);
            self.key.clear();
        }
    }
}

impl<D: Driver> Drop for DriverSleep<D> {
    fn drop(&mut self) {
        self.disarm();
    }
}

impl<D: Driver> fmt::Debug for DriverSleep<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverSleep").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
