//! A moment: nanoseconds since the origin of the clock that told it.

use core::fmt;
use core::time::Duration;

/// A moment on some clock, in nanoseconds since that clock's origin.
///
/// Eight bytes, `Copy`, good for 584 years. All arithmetic saturates: a moment too far away is [`FAR_FUTURE`](Self::FAR_FUTURE),
/// which means never. Moments of different clocks must not be compared; the types cannot tell.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::time::Instant;
///
/// let start = Instant::from_nanos(1_000);
/// let end = start.saturating_add(Duration::from_nanos(500));
/// assert_eq!(end.saturating_duration_since(start), Duration::from_nanos(500));
/// assert_eq!(start.saturating_duration_since(end), Duration::ZERO);
/// assert_eq!(start.saturating_add(Duration::MAX), Instant::FAR_FUTURE);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// Never: a sleep until then registers nothing.
    pub const FAR_FUTURE: Self = Self(u64::MAX);

    /// The moment that many nanoseconds after the origin.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the origin.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whether this is [`FAR_FUTURE`](Self::FAR_FUTURE): never.
    #[must_use]
    pub const fn is_far_future(self) -> bool {
        self.0 == u64::MAX
    }

    /// The moment `duration` later, or [`FAR_FUTURE`](Self::FAR_FUTURE) if that is too far away to be told.
    #[must_use]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos_of(duration)))
    }

    /// The moment `duration` earlier, or the origin if that is before it. Never stays never.
    #[must_use]
    pub const fn saturating_sub(self, duration: Duration) -> Self {
        if self.is_far_future() {
            return self;
        }
        Self(self.0.saturating_sub(nanos_of(duration)))
    }

    /// How long after `earlier` this is: zero if it is not, [`Duration::MAX`] from any moment to never.
    #[must_use]
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        if self.is_far_future() && !earlier.is_far_future() {
            return Duration::MAX;
        }
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// Nanoseconds of a duration, saturating at 584 years.
const fn nanos_of(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}

/// The time since the clock's origin, or `never`.
impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_far_future() {
            return f.write_str("never");
        }
        fmt::Debug::fmt(&Duration::from_nanos(self.0), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn adding_agrees_with_wide_arithmetic(nanos: u64, duration: Duration) {
            let exact = u128::from(nanos) + duration.as_nanos();
            let expected = u64::try_from(exact).unwrap_or(u64::MAX);
            prop_assert_eq!(Instant::from_nanos(nanos).saturating_add(duration), Instant::from_nanos(expected));
        }

        #[test]
        fn a_later_moment_is_reached_by_adding_the_difference(a: u64, b: u64) {
            let (early, late) = (Instant::from_nanos(a.min(b)), Instant::from_nanos(a.max(b)));
            prop_assert_eq!(early.saturating_add(late.saturating_duration_since(early)), late);
            if !late.is_far_future() {
                prop_assert_eq!(late.saturating_sub(late.saturating_duration_since(early)), early);
            }
        }
    }

    #[test]
    fn never_is_infinitely_far_and_stays_never() {
        let now = Instant::from_nanos(5);
        assert_eq!(Instant::FAR_FUTURE.saturating_duration_since(now), Duration::MAX);
        assert_eq!(Instant::FAR_FUTURE.saturating_duration_since(Instant::FAR_FUTURE), Duration::ZERO);
        assert_eq!(Instant::FAR_FUTURE.saturating_sub(Duration::MAX), Instant::FAR_FUTURE);
        assert_eq!(now.saturating_sub(Duration::MAX), Instant::from_nanos(0));
        assert_eq!(format!("{:?} {now:?}", Instant::FAR_FUTURE), "never 5ns");
    }
}
