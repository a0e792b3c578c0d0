//! A clock that stands still until it is told to move.

use crate::sys::lock::Lock;
use crate::time::{Clock, Driver, DriverSleep, Instant, Timer, WakeKey, WakeQueue};
use alloc::sync::Arc;
use core::fmt;
use core::pin::Pin;
use core::task::Waker;
use core::time::Duration;

/// A [`Timer`] whose time moves only by [`advance`](Self::advance).
///
/// Clones share the time. It needs no executor of its own: futures that wait on it can be polled by hand or run on any runtime.
/// It starts one day after its origin, so that code which looks back has somewhere to look.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::testing::{ManualClock, Probe};
/// use untether::time::Timer;
///
/// let clock = ManualClock::new();
/// let mut sleep = Probe::new(clock.sleep(Duration::from_secs(60)));
/// sleep.assert_pending();
/// clock.advance(Duration::from_secs(59));
/// assert_eq!(sleep.wakes(), 0);
/// clock.advance(Duration::from_secs(1));
/// assert_eq!(sleep.wakes(), 1);
/// sleep.assert_ready();
/// ```
#[derive(Clone)]
pub struct ManualClock(Arc<Inner>);

struct Inner {
    now: Lock<Instant>,
    queue: WakeQueue,
}

const START: Duration = Duration::from_secs(24 * 60 * 60);

impl ManualClock {
    /// A clock of its own.
    #[must_use]
    pub fn new() -> Self {
        let now = Lock::new(Instant::from_nanos(0).saturating_add(START));
        Self(Arc::new(Inner { now, queue: WakeQueue::new() }))
    }

    /// Moves the time on, stopping at each deadline on the way: whoever is woken there sees that moment.
    ///
    /// Wakes are given, tasks are not run: what a woken task schedules on the way is met if it lies ahead when the clock passes.
    pub fn advance(&self, by: Duration) {
        let target = self.now().saturating_add(by);
        while let Some(next) = self.0.queue.next_deadline().filter(|next| *next <= target) {
            self.set(next.max(self.now()));
        }
        self.set(target);
    }

    /// Moves the time on to the next deadline. `None` if nobody waits.
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn advance_to_next(&self) -> Option<Instant> {
        let next = self.0.queue.next_deadline()?.max(self.now());
        self.set(next);
        Some(next)
    }

    /// Moves the time back, as clocks of machines do that are asleep or corrected. Nobody is woken.
    pub fn step_back(&self, by: Duration) {
        self.0.now.with(|now| *now = now.saturating_sub(by));
    }

    /// How many sleeps are registered.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.0.queue.len()
    }

    fn set(&self, to: Instant) {
        self.0.now.with(|now| *now = to);
        self.0.queue.fire(to);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.0.now.with(|now| *now)
    }
}

impl Driver for ManualClock {
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        self.0.queue.schedule(at, key, waker);
    }

    fn cancel(&self, key: &mut WakeKey) {
        self.0.queue.cancel(key);
    }
}

impl Timer for ManualClock {
    type Sleep = DriverSleep<Self>;

    fn sleep_until(&self, deadline: Instant) -> DriverSleep<Self> {
        DriverSleep::new(self.clone(), deadline)
    }

    fn reset(&self, mut sleep: Pin<&mut DriverSleep<Self>>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock").field("now", &self.now()).field("queue", &self.0.queue).finish()
    }
}
