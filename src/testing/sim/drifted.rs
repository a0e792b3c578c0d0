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
        let (now, drift) = (self.now, &mut self.drifts[clock]);
        if let Some((_, shown)) = drift.read.filter(|(read_at, _)| *read_at == now) {
            return shown;
        }
        let (back, ahead) = self.recorder.deviation(Purpose::Drift, drift.max);
        let mut shown = now.saturating_sub(back).saturating_add(ahead).min(LAST);
        // Not yet what it will show only later, at least what it should show by now, and never less than before.
        for (_, later) in drift.will_show.iter().filter(|(when, _)| *when > now) {
            shown = shown.min(later.saturating_sub(NEXT));
        }
        let come = drift.will_show.iter().filter(|(when, _)| *when <= now).map(|(_, at)| *at);
        shown = come.chain(drift.read.map(|(_, shown)| shown)).fold(shown, Instant::max);
        drift.will_show.retain(|(when, _)| *when > now);
        drift.read = Some((now, shown));
        shown
    }

    /// When, by the true clock, one that is off will show `at`: decided once, and in the order of what it shows.
    fn when_drifted(&mut self, clock: usize, at: Instant) -> Instant {
        let (now, drift) = (self.now, &mut self.drifts[clock]);
        if let Some((when, _)) = drift.will_show.iter().find(|(_, other)| *other == at) {
            return *when;
        }
        let (back, ahead) = self.recorder.deviation(Purpose::Drift, drift.max);
        // Not now: what it shows at this moment has been read.
        let mut when = at.saturating_add(back).saturating_sub(ahead).max(now.saturating_add(NEXT)).min(LAST);
        for (other, shown) in &drift.will_show {
            when = if *shown < at { when.max(*other) } else { when.min(*other) };
        }
        drift.will_show.push((when, at));
        when
    }
}

/// The smallest step of time.
const NEXT: Duration = Duration::from_nanos(1);
/// The last moment that is not never.
const LAST: Instant = Instant::from_nanos(u64::MAX - 1);

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
        let when = self.sim.0.state.with(|state| state.when_drifted(self.clock, at));
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
        // Not what it shows: to read it is a choice.
        f.debug_struct("Drifted").finish_non_exhaustive()
    }
}
