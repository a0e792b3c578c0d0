//! The machine's monotonic clock, for every adapter that stands on it.
//!
//! One anchor for the process, so that moments of two adapters, or of two values of one, can be compared.

use crate::time::Instant;
use core::time::Duration;
use std::sync::OnceLock;
use std::time;

fn anchor() -> time::Instant {
    static ANCHOR: OnceLock<time::Instant> = OnceLock::new();
    *ANCHOR.get_or_init(machine_now)
}

#[expect(clippy::disallowed_methods, reason = "this is where the machine is asked")]
fn machine_now() -> time::Instant {
    time::Instant::now()
}

pub(super) fn now() -> Instant {
    // The anchor first: it may be made in this very call.
    let anchor = anchor();
    since(anchor, machine_now())
}

/// A moment before the anchor is the origin.
pub(super) fn from_std(instant: time::Instant) -> Instant {
    since(anchor(), instant)
}

fn since(anchor: time::Instant, instant: time::Instant) -> Instant {
    Instant::from_nanos(0).saturating_add(instant.saturating_duration_since(anchor))
}

/// `None` for a moment that the system cannot tell: as good as never.
pub(super) fn to_std(instant: Instant) -> Option<time::Instant> {
    if instant.is_far_future() {
        return None;
    }
    anchor().checked_add(Duration::from_nanos(instant.as_nanos()))
}
