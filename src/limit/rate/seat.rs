//! How one waits: it stands in line, and if it is the first it takes what there is, or sleeps until there is enough, and looks again.

use super::core::RateLimiter;
use super::error::AcquireError;
use super::line::Standing;
use super::word::{AtOnce, Refused};
use crate::sys::arena::Key;
use crate::sys::lock;
use crate::sys::two_steps::with_waker;
use crate::sys::unwind::keep_going;
use crate::sys::wake;
use crate::time::{Instant, Timer};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Where one waits. Its sleep lies beside it, in whatever future this is a part of.
pub(super) struct Seat {
    place: Option<Key>,
    /// Until when its sleep is armed.
    sleeps_until: Option<Instant>,
}

impl Seat {
    pub(super) const fn new() -> Self {
        Self { place: None, sleeps_until: None }
    }

    pub(super) const fn is_taken(&self) -> bool {
        self.place.is_some()
    }

    /// Waits for `n` cells, and takes them.
    pub(super) fn poll<T: Timer>(
        &mut self,
        limiter: &RateLimiter<T>,
        n: u32,
        mut sleep: Pin<&mut Option<T::Sleep>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        if self.place.is_none() {
            // Who has to wait and who asks for too much both get on from here.
            if n == 0 || matches!(limiter.take_at_once(n), AtOnce::Taken) {
                return Poll::Ready(Ok(()));
            }
            if let Err(error) = check(limiter, n) {
                return Poll::Ready(Err(error));
            }
        }
        let mut not_before = Instant::from_nanos(0);
        loop {
            if limiter.stand(&mut self.place, n, cx.waker()) == Standing::Behind {
                return Poll::Pending;
            }
            let outcome = match limiter.take(n, not_before) {
                Ok(()) => Ok(()),
                Err(Refused::TooLarge { burst }) => Err(AcquireError { burst }),
                Err(Refused::Until { moment, .. }) => {
                    let until = Instant::from_nanos(moment);
                    if self.has_slept(&limiter.clock, sleep.as_mut(), cx, until) {
                        not_before = until;
                        continue;
                    }
                    return Poll::Pending;
                }
            };
            // What was taken is not lost with a waker or a sleep that panics.
            self.end(sleep);
            keep_going(|| self.leave(limiter, n));
            return Poll::Ready(outcome);
        }
    }

    /// Gives up the place. Whoever is next keeps the time from now on.
    pub(super) fn leave<T>(&mut self, limiter: &RateLimiter<T>, n: u32) {
        if let Some(key) = self.place.take() {
            limiter.leave(key, n);
        }
    }

    /// Sleeps until then. Whether that has come.
    fn has_slept<T: Timer>(
        &mut self,
        timer: &T,
        mut sleep: Pin<&mut Option<T::Sleep>>,
        cx: &mut Context<'_>,
        until: Instant,
    ) -> bool {
        lock::assert_none_held();
        if self.sleeps_until != Some(until) {
            // Should the timer panic, there is no sleep that could be taken for one that is armed.
            self.sleeps_until = None;
            match sleep.as_mut().as_pin_mut() {
                Some(sleep) => timer.reset(sleep, until),
                None => sleep.set(Some(timer.sleep_until(until))),
            }
            self.sleeps_until = Some(until);
        }
        let has_slept = sleep.as_pin_mut().is_none_or(|sleep| sleep.poll(cx).is_ready());
        if has_slept {
            self.sleeps_until = None;
        }
        has_slept
    }

    /// Drops the sleep: who does not wait has none.
    fn end<S>(&mut self, mut sleep: Pin<&mut Option<S>>) {
        self.sleeps_until = None;
        if sleep.is_some() {
            keep_going(|| sleep.set(None));
        }
    }
}

/// Whether the quota lets so many through at once.
fn check<T>(limiter: &RateLimiter<T>, n: u32) -> Result<(), AcquireError> {
    let burst = limiter.quota().burst_size();
    if n > burst { Err(AcquireError { burst }) } else { Ok(()) }
}

impl<T> RateLimiter<T> {
    /// Joins the line, or stays in it.
    fn stand(&self, place: &mut Option<Key>, n: u32, waker: &Waker) -> Standing {
        with_waker(&self.state, waker, place.is_none(), |state, own| {
            let nobody_waited = state.line.is_empty();
            let standing = state.line.stand(place, n, waker, own)?;
            if nobody_waited {
                self.published.begin_waiting();
            }
            Some(standing)
        })
    }

    fn leave(&self, key: Key, n: u32) {
        let left = self.state.with(|state| {
            let left = state.line.leave(key, n);
            if left.is_some() && state.line.is_empty() {
                self.published.end_waiting();
            }
            left
        });
        if let Some((next, own)) = left {
            wake::outside(next, own);
        }
    }
}
