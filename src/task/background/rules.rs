//! What is said of a job once and for all.

use crate::retry::schedule::{Backoff, Curve};
use crate::time::Missed;
use core::num::NonZeroUsize;
use core::time::Duration;

/// What becomes of a beat that comes while the job is running, and of [`run_now`](super::JobHandle::run_now) then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Overlap {
    /// It is skipped: the next run comes with the first beat after this one. Who asks for a run is told [`Busy`](super::RunError::Busy).
    /// The default.
    #[default]
    Skip,
    /// The next run begins as soon as this one ends. One run waits so and not more, unless [`Missed::Burst`] was said; all who ask for one
    /// meanwhile get that one, and so does a beat.
    Wait,
    /// It runs beside the others, at most so many at a time; when there are so many, as `Skip`. They run on the one task of the job, in
    /// turn and not in parallel, and a wake of it polls each of them.
    Concurrent(NonZeroUsize),
}

/// What becomes of a job whose run failed: with an error, by its time limit or by a panic.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
#[non_exhaustive]
pub enum OnFailure {
    /// It runs again with the next beat. The default.
    #[default]
    Continue,
    /// It runs again after the delays of this schedule, each counted from the end of a failed run, instead of with the beat, until a run
    /// goes well or the schedule ends. Then it goes on with the first beat after that. A failure that has another schedule, as a panic may
    /// have, begins that one. See [`back_off`](Self::back_off).
    BackOff(Backoff<Curve>),
    /// It ends, as by [`stop`](super::JobHandle::stop), and the name is free.
    Stop,
}

impl OnFailure {
    /// To back off by this schedule. One that counts attempts gives up the delays after so many runs and waits for the beat; what never
    /// ends is [`unlimited`](Backoff::unlimited).
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use untether::retry::schedule::{Backoff, exponential};
    /// use untether::task::background::OnFailure;
    ///
    /// let twice_soon = OnFailure::back_off(Backoff::standard());
    /// let ever_slower = OnFailure::back_off(exponential(Duration::from_secs(10)).cap(Duration::from_secs(3600)).unlimited());
    /// assert_ne!(twice_soon, ever_slower);
    /// ```
    pub fn back_off<C: Into<Curve>>(schedule: Backoff<C>) -> Self {
        Self::BackOff(schedule.any())
    }
}

/// When the next run is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cadence {
    /// At multiples of the period.
    Beat(Missed),
    /// One period after the end of the last.
    AfterEach,
}

/// All that the plan of a job goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Not zero.
    pub(super) period: Duration,
    pub(super) cadence: Cadence,
    pub(super) jitter: Duration,
    pub(super) overlap: Overlap,
    pub(super) on_error: OnFailure,
    pub(super) on_panic: OnFailure,
}

impl Rules {
    pub(super) fn every(period: Duration) -> Self {
        Self {
            period,
            cadence: Cadence::Beat(Missed::default()),
            jitter: Duration::ZERO,
            overlap: Overlap::default(),
            on_error: OnFailure::default(),
            on_panic: OnFailure::default(),
        }
    }

    /// Whether there is anything in it that needs a source of chance.
    pub(super) fn leave_to_chance(&self) -> bool {
        let backs_off = |then| matches!(then, OnFailure::BackOff(_));
        !self.jitter.is_zero() || backs_off(self.on_error) || backs_off(self.on_panic)
    }

    /// How many runs there may be at a time.
    pub(super) const fn room(&self) -> usize {
        match self.overlap {
            Overlap::Skip | Overlap::Wait => 1,
            Overlap::Concurrent(runs) => runs.get(),
        }
    }
}
