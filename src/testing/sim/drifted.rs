//! Clocks that are off.

use super::handle::Sim;
use super::purpose::Purpose;
use super::shared::State;
use crate::time::{Clock, Driver, DriverSleep, Instant, Timer, WakeKey};
use alloc::vec::Vec;
use core::fmt;
use core::pin::Pin;
use core::task::Waker;
use core::time::Duration;

/// A clock and timer that is off, and never steps back. Made by [`Sim::drifted`].
///
/// Its sleeps end when this clock shows their deadline. A [`Parts`](crate::spawn::Parts) of it and of the [`Sim`] is a whole runtime.
#[derive(Clone)]
pub struct Drifted {
    sim: Sim,
    /// Its place among all such clocks.
    clock: usize,
}

/// What is known of a clock that is off.
pub(super) struct Drift {
    max: Duration,
    /// When it was read last, and what it showed.
    read: Option<(Instant, Instant)>,
    /// When it will show what at least: where its sleeps end.
    will_show: Vec<(Instant, Instant)>,
}

impl Drifted {
    pub(super) fn new(sim: Sim, max: Duration) -> Self {
        let clock = sim.0.state.with(|state| {
            state.drifts.push(Drift { max, read: None, will_show: Vec::new() });
            state.drifts.len() - 1
        });
        Self { sim, clock }
    }
}

impl State {
    /// Reads a clock that is off: by another distance, if time has moved since.
    fn read_drifted(&mut self, clock: usize) -> Instant {
        let (now, drift) = (self.now, &self.drifts[clock]);
        let (max, last) = (drift.max, drift.read);
        if let Some((_, shown)) = last.filter(|(read_at, _)| *read_at == now) {
            return shown;
        }
        let (back, ahead) = self.recorder.deviation(Purpose::Drift, max);
        let shown = now.saturating_sub(back).saturating_add(ahead);
        let shown = last.map_or(shown, |(_, before)| shown.max(before));
        let drift = &mut self.drifts[clock];
        let come = drift.will_show.iter().filter(|(at, _)| *at <= now).map(|(_, shown)| *shown);
        let shown = come.fold(shown, Instant::max);
        drift.will_show.retain(|(at, _)| *at > now);
        drift.read = Some((now, shown));
        shown
    }
}

impl State {
    /// When, by the true clock, one that is off will show `at`. Decided once for a sleep: `registered` is when it ended so far.
    fn when_drifted(&mut self, clock: usize, at: Instant, registered: Option<Instant>) -> Instant {
        let (now, max) = (self.now, self.drifts[clock].max);
        let bounds = at.saturating_sub(max)..=at.saturating_add(max);
        if let Some(registered) = registered.filter(|registered| bounds.contains(registered)) {
            return registered;
        }
        let (back, ahead) = self.recorder.deviation(Purpose::Drift, max);
        // Not now: what it shows at this moment has been read.
        let soon = now.saturating_add(Duration::from_nanos(1));
        let when = at.saturating_add(back).saturating_sub(ahead).max(soon);
        self.drifts[clock].will_show.push((when, at));
        when
    }
}

impl Clock for Drifted {
    fn now(&self) -> Instant {
        self.sim.0.state.with(|state| state.read_drifted(self.clock))
    }
}

impl Driver for Drifted {
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        if at.is_far_future() {
            return self.sim.cancel(key);
        }
        let registered = self.sim.0.timers.deadline(key);
        let when = self.sim.0.state.with(|state| state.when_drifted(self.clock, at, registered));
        self.sim.schedule_wake(when, key, waker);
    }

    fn cancel(&self, key: &mut WakeKey) {
        self.sim.cancel(key);
    }
}

impl Timer for Drifted {
    type Sleep = DriverSleep<Self>;

    fn sleep_until(&self, deadline: Instant) -> DriverSleep<Self> {
        DriverSleep::new(self.clone(), deadline)
    }

    fn reset(&self, mut sleep: Pin<&mut DriverSleep<Self>>, deadline: Instant) {
        sleep.reset(deadline);
    }
}

impl fmt::Debug for Drifted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drifted").field("now", &self.now()).finish_non_exhaustive()
    }
}
