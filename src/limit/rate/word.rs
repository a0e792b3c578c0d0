//! How a limiter takes and gives back: one number, by compare-and-swap.
//!
//! Whoever comes asks the clock, reads the quota and exchanges the number: no lock, and nothing is written where that is not allowed. Where
//! somebody waits, or more is owed than a burst (a reservation, or a clock that stepped back), it goes the long way and looks more closely.

use super::core::RateLimiter;
use super::error::TryAcquireError;
use super::quota::Quota;
use crate::sys::wake;
use crate::time::{Clock, Instant};
use core::sync::atomic::Ordering;
use core::time::Duration;

/// What the short way has come to.
pub(super) enum AtOnce {
    Taken,
    Denied {
        wait: Duration,
    },
    /// Somebody waits, more is asked for than there ever is, or more is owed than a burst: a reservation, or a clock that stepped back.
    LookCloser,
}

/// Cells that were taken, for when they come.
#[derive(Clone, Copy)]
pub(super) struct Reserved {
    pub(super) n: u32,
    /// By which they were taken.
    pub(super) quota: Quota,
    pub(super) ready_at: Instant,
    /// When these cells, and all before them, will have come back.
    pub(super) owed_until: Instant,
}

/// What a closer look has found.
struct Seen {
    word: u64,
    quota: Quota,
    /// What the word says, as far as that can be.
    owed_until: u64,
    now: u64,
}

/// Why the long way was in vain.
pub(super) enum Refused {
    /// They are there at this moment, which lies ahead of what the clock showed.
    Until {
        moment: u64,
        now: u64,
    },
    TooLarge {
        burst: u32,
    },
}

impl<T: Clock> RateLimiter<T> {
    /// The short way.
    #[inline]
    pub(super) fn take_at_once(&self, n: u32) -> AtOnce {
        let Some(quota) = self.published.read_if_nobody_waits() else { return AtOnce::LookCloser };
        if n > quota.burst {
            return AtOnce::LookCloser;
        }
        let now = self.clock.now().as_nanos();
        let mut owed_until = self.owed_until.load(Ordering::Relaxed);
        loop {
            match quota.decide(owed_until, now, n.into()) {
                Ok(after) => match self.exchange(owed_until, after) {
                    Ok(_) => return AtOnce::Taken,
                    Err(current) => owed_until = current,
                },
                Err(ready_at) if n > 0 && quota.at_most(owed_until, now, 0) == owed_until => {
                    return AtOnce::Denied { wait: Duration::from_nanos(ready_at - now) };
                }
                Err(_) => return AtOnce::LookCloser,
            }
        }
    }

    /// Takes them by the long way, or says why not.
    #[cold]
    pub(super) fn try_acquire_slowly(&self, n: u32) -> Result<(), TryAcquireError> {
        if n == 0 {
            return Ok(());
        }
        self.admit(n, self.quota().burst)?;
        self.take(n, Instant::from_nanos(0)).map_err(|refused| match refused {
            Refused::TooLarge { burst } => TryAcquireError::TooLarge { burst },
            Refused::Until { moment, now } => {
                TryAcquireError::Denied { wait: Duration::from_nanos(moment - now) }
            }
        })
    }

    /// The long way, for one before whom nobody waits, not before a moment that is known to have come.
    pub(super) fn take(&self, n: u32, not_before: Instant) -> Result<(), Refused> {
        if n == 0 {
            return Ok(());
        }
        loop {
            let Seen { word, quota, owed_until, now } = self.look(not_before);
            if n > quota.burst {
                return Err(Refused::TooLarge { burst: quota.burst });
            }
            let decided = quota.decide(owed_until, now, n.into());
            if self.settle(word, decided.unwrap_or(owed_until)) {
                return decided.map(|_| ()).map_err(|moment| Refused::Until { moment, now });
            }
        }
    }

    /// Takes cells that may come later.
    pub(super) fn try_reserve(&self, n: u32, max_wait: Duration) -> Result<Reserved, TryAcquireError> {
        if n == 0 {
            let (ready_at, owed_until) = (self.clock.now(), Instant::from_nanos(0));
            return Ok(Reserved { n, quota: self.quota(), ready_at, owed_until });
        }
        loop {
            let Seen { word, quota, owed_until, now } = self.look(Instant::from_nanos(0));
            self.admit(n, quota.burst)?;
            let (ready_at, after) = match quota.decide(owed_until, now, n.into()) {
                Ok(after) => (now, after),
                Err(ready_at) => (ready_at, ready_at.saturating_add(quota.tolerance)),
            };
            let wait = Duration::from_nanos(ready_at - now);
            if wait > max_wait || after == u64::MAX {
                if self.settle(word, owed_until) {
                    return Err(TryAcquireError::Denied { wait });
                }
                continue;
            }
            if ready_at > now {
                // Before the exchange: who sees what is owed sees that it may be so much.
                self.longest_wait.fetch_max(ready_at - now, Ordering::Relaxed);
            }
            if self.settle(word, after) {
                let (ready_at, owed_until) = (Instant::from_nanos(ready_at), Instant::from_nanos(after));
                return Ok(Reserved { n, quota, ready_at, owed_until });
            }
        }
    }

    /// How many are free, whoever waits for them.
    pub(super) fn free(&self) -> u32 {
        let Seen { quota, owed_until, now, .. } = self.look(Instant::from_nanos(0));
        quota.free(owed_until, now)
    }

    /// A closer look, not before a moment that is known to have come.
    fn look(&self, not_before: Instant) -> Seen {
        // ORDERING: Acquire, pairs with the Release of `exchange`. Whoever wrote this had read the quota before, and asked the clock: what is
        // read and asked after it here is no older. So what lies too far ahead does so because the clock stepped back or the quota became
        // faster, and not because of somebody who was quicker.
        let word = self.owed_until.load(Ordering::Acquire);
        let (quota, now) = (self.quota(), self.clock.now().max(not_before).as_nanos());
        let owed_until = quota.at_most(word, now, self.longest_wait.load(Ordering::Relaxed));
        Seen { word, quota, owed_until, now }
    }

    /// Whether one that does not wait may look: not if it asks for too much, nor if somebody waits.
    fn admit(&self, n: u32, burst: u32) -> Result<(), TryAcquireError> {
        if n > burst {
            return Err(TryAcquireError::TooLarge { burst });
        }
        if !self.published.may_be_waited_for() {
            return Ok(());
        }
        let waited_for = self.state.with(|state| (!state.line.is_empty()).then(|| state.line.cells()));
        waited_for.map_or(Ok(()), |cells| Err(self.denied_behind(cells, n)))
    }

    /// Denied because others wait for so many cells: they are served first.
    fn denied_behind(&self, cells: u64, n: u32) -> TryAcquireError {
        let Seen { quota, owed_until, now, .. } = self.look(Instant::from_nanos(0));
        let wait = match quota.decide(owed_until, now, cells.saturating_add(n.into())) {
            Ok(_) => Duration::from_nanos(1),
            Err(ready_at) => Duration::from_nanos(ready_at - now),
        };
        TryAcquireError::Denied { wait }
    }
}

impl<T> RateLimiter<T> {
    /// Gives back `n` cells, of the quota by which they were taken.
    pub(super) fn give_back(&self, n: u32, quota: &Quota) {
        let mut owed_until = self.owed_until.load(Ordering::Relaxed);
        while let Err(current) = self.exchange(owed_until, quota.retreat(owed_until, n.into())) {
            owed_until = current;
        }
        if self.published.is_waited_for() {
            let told = self.state.with(|state| state.line.tell());
            wake::outside(told, None);
        }
    }

    /// Writes what is owed. A denial writes nothing, but for what had to be put right.
    fn settle(&self, seen: u64, after: u64) -> bool {
        after == seen || self.exchange(seen, after).is_ok()
    }

    #[inline]
    fn exchange(&self, seen: u64, after: u64) -> Result<u64, u64> {
        // ORDERING: Release, pairs with the Acquire of `look`.
        self.owed_until.compare_exchange_weak(seen, after, Ordering::Release, Ordering::Relaxed)
    }
}
