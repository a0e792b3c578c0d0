//! One budget for several awaits.

use super::{Clock, Instant, Timeout, Timer};
use core::time::Duration;

/// A moment by which something has to be done, handed down a call chain by value.
///
/// Several awaits that run under the same deadline share one budget. Below, somebody may be in a greater hurry:
/// [`min`](Self::min) keeps whichever comes first, and the error names the one that passed. There is no ambient deadline: what
/// is not handed down does not apply.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::time::{Deadline, Elapsed, Timer};
///
/// async fn query<T: Timer>(request: Deadline, timer: &T) -> Result<(), Elapsed> {
///     let query = Deadline::after(Duration::from_millis(5), timer).named("query").min(request);
///     query.run(timer.sleep(Duration::from_secs(60)), timer).await
/// }
/// let request = Deadline::after(Duration::from_secs(30), &rt).named("request");
/// let error = query(request, &rt).await.unwrap_err();
/// assert_eq!(error.to_string(), "query: timed out after 5ms");
/// assert!(!request.has_passed(&rt));
/// # });
/// ```
#[doc(alias = "timeout_context")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deadline {
    at: Instant,
    name: Option<&'static str>,
    budget: Option<Duration>,
}

impl Deadline {
    /// `budget` from now on.
    pub fn after(budget: Duration, clock: &impl Clock) -> Self {
        Self { at: clock.now().saturating_add(budget), name: None, budget: Some(budget) }
    }

    /// At a moment of the clock that will be used with it.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self { at: instant, name: None, budget: None }
    }

    /// No deadline.
    #[must_use]
    pub const fn never() -> Self {
        Self::at(Instant::FAR_FUTURE)
    }

    /// Names it: [`Elapsed`](super::Elapsed) then says which deadline passed.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// The moment.
    #[must_use]
    pub const fn instant(&self) -> Instant {
        self.at
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    pub(super) const fn budget(&self) -> Option<Duration> {
        self.budget
    }

    /// Whichever comes first, with its name; of two at the same moment, this one.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if other.at < self.at { other } else { self }
    }

    /// How much is left: zero once it has passed, [`Duration::MAX`] if there is none.
    pub fn remaining(&self, clock: &impl Clock) -> Duration {
        self.at.saturating_duration_since(clock.now())
    }

    /// Whether it has passed.
    pub fn has_passed(&self, clock: &impl Clock) -> bool {
        !self.at.is_far_future() && clock.now() >= self.at
    }

    /// Runs `future` until the deadline. One that is ready at its first poll is returned even when the deadline has passed.
    ///
    /// # Cancel safety
    /// Dropping it drops the future and deregisters the timer.
    /// # Errors
    /// [`Elapsed`](super::Elapsed) when the deadline passed first, with this deadline's name and budget.
    pub const fn run<F: Future, T: Timer>(self, future: F, timer: T) -> Timeout<F, T> {
        Timeout::by(self, future, timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(u64);

    impl Clock for At {
        fn now(&self) -> Instant {
            Instant::from_nanos(self.0)
        }
    }

    #[test]
    fn the_earlier_of_two_deadlines_keeps_its_name() {
        let request = Deadline::after(Duration::from_nanos(30), &At(100)).named("request");
        let query = Deadline::after(Duration::from_nanos(5), &At(110)).named("query");
        assert_eq!(request.min(query).name(), Some("query"));
        assert_eq!(query.min(request).name(), Some("query"));
        assert_eq!(request.min(Deadline::never()), request);
        assert_eq!(Deadline::at(request.instant()).named("tie").min(request).name(), Some("tie"));
    }

    #[test]
    fn what_remains_shrinks_to_zero_and_never_below() {
        let deadline = Deadline::at(Instant::from_nanos(10));
        assert_eq!(deadline.remaining(&At(4)), Duration::from_nanos(6));
        assert_eq!(deadline.remaining(&At(11)), Duration::ZERO);
        assert!(deadline.has_passed(&At(10)) && !deadline.has_passed(&At(9)));
        assert_eq!(Deadline::never().remaining(&At(u64::MAX - 1)), Duration::MAX);
        assert!(!Deadline::never().has_passed(&At(u64::MAX)));
    }
}
