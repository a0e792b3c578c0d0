//! A clock that stands still until it is told to move.

use crate::sys::lock::Lock;
use crate::sys::unwind::{self, Panic};
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
    time: Lock<Time>,
    queue: WakeQueue,
}

struct Time {
    now: Instant,
    /// Where all advances together lead.
    target: Instant,
}

const START: Duration = Duration::from_secs(24 * 60 * 60);
/// The last moment that is not never.
const LAST: Instant = Instant::from_nanos(u64::MAX - 1);

impl ManualClock {
    /// A clock of its own.
    #[must_use]
    pub fn new() -> Self {
        let now = Instant::from_nanos(0).saturating_add(START);
        Self(Arc::new(Inner { time: Lock::new(Time { now, target: now }), queue: WakeQueue::new() }))
    }

    /// Moves the time on, stopping at each deadline on the way: whoever is woken there sees that moment.
    ///
    /// Wakes are given, tasks are not run: what a woken task schedules on the way is met if it lies ahead when the clock passes.
    /// Advances of several threads, and those of a waker on the way, add up.
    ///
    /// # Panics
    /// If a waker panics; the time has moved all the way, and all others were woken, before the panic goes on.
    pub fn advance(&self, by: Duration) {
        let target = self.0.time.with(|time| {
            time.target = time.target.saturating_add(by).min(LAST);
            time.target
        });
        let mut panicked = None;
        while let Some(next) = self.0.queue.next_deadline().filter(|next| *next <= target) {
            self.go_to(next, &mut panicked);
        }
        self.go_to(target, &mut panicked);
        if let Some(panic) = panicked {
            unwind::resume(panic);
        }
    }

    /// Moves the time on to the next deadline. `None` if nobody waits.
    ///
    /// # Panics
    /// As [`advance`](Self::advance).
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn advance_to_next(&self) -> Option<Instant> {
        let next = self.0.queue.next_deadline()?;
        self.advance(next.saturating_duration_since(self.now()));
        Some(self.now())
    }

    /// Moves the time back, as clocks of machines do that are asleep or corrected. Nobody is woken.
    pub fn step_back(&self, by: Duration) {
        self.0.time.with(|time| {
            time.now = time.now.saturating_sub(by);
            time.target = time.target.saturating_sub(by);
        });
    }

    /// How many sleeps are registered.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.0.queue.len()
    }

    /// Never back: another advance may have gone further.
    fn go_to(&self, moment: Instant, panicked: &mut Option<Panic>) {
        let now = self.0.time.with(|time| {
            time.now = time.now.max(moment);
            time.now
        });
        if let Err(panic) = unwind::catch(|| self.0.queue.fire(now)) {
            match panicked {
                Some(_) => unwind::discard(panic),
                None => *panicked = Some(panic),
            }
        }
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.0.time.with(|time| time.now)
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
