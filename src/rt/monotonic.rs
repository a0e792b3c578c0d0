//! The machine's monotonic clock, for every adapter that stands on it.
//!
//! One anchor for the process, so that moments of two adapters, or of two values of one, can be compared. The anchor is a moment of
//! std's clock, never of a runtime's, whose clock may be paused and days ahead; and it lies in the middle, so that moments before
//! it can be told as well: a runtime may be older than the first question for the time.

use crate::time::Instant;
use core::time::Duration;
use std::sync::OnceLock;
use std::time;

/// The anchor's own moment: 146 years after the origin and 438 before never.
const ANCHOR: Instant = Instant::from_nanos(1 << 62);

fn anchor() -> time::Instant {
    static ANCHORED: OnceLock<time::Instant> = OnceLock::new();
    *ANCHORED.get_or_init(machine_now)
}

#[expect(clippy::disallowed_methods, reason = "this is where the machine is asked")]
pub(super) fn machine_now() -> time::Instant {
    time::Instant::now()
}

pub(super) fn now() -> Instant {
    from_std(machine_now())
}

/// A moment more than 146 years before the anchor is the origin.
pub(super) fn from_std(instant: time::Instant) -> Instant {
    let anchor = anchor();
    match instant.checked_duration_since(anchor) {
        Some(after) => ANCHOR.saturating_add(after),
        None => ANCHOR.saturating_sub(anchor.saturating_duration_since(instant)),
    }
}

/// `None` for a moment that the system cannot tell: as good as never.
pub(super) fn to_std(instant: Instant) -> Option<time::Instant> {
    if instant.is_far_future() {
        return None;
    }
    let nanos =
        |later: Instant, earlier: Instant| Duration::from_nanos(later.as_nanos() - earlier.as_nanos());
    if instant >= ANCHOR {
        anchor().checked_add(nanos(instant, ANCHOR))
    } else {
        anchor().checked_sub(nanos(ANCHOR, instant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_the_way_there_and_back_on_either_side_of_the_anchor() {
        let here = machine_now();
        for distance in [0, 1, 1_000, 86_400_000_000_000].map(Duration::from_nanos) {
            let before = here.checked_sub(distance).expect("the machine has been up for a day");
            for moment in [before, here + distance] {
                assert_eq!(to_std(from_std(moment)), Some(moment), "{distance:?}");
            }
            assert_eq!(from_std(here).saturating_duration_since(from_std(before)), distance);
        }
    }

    #[test]
    fn the_clock_goes_on_from_its_anchor() {
        // The first question sets the anchor, and may have looked at the clock before it did.
        let (_, first) = (now(), now());
        assert!(first >= ANCHOR && now() >= first);
        assert_eq!(to_std(Instant::FAR_FUTURE), None);
    }
}
