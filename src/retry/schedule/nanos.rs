//! Durations as one number, saturating at 584 years: what the curves reckon in.

use core::time::Duration;

/// Its nanoseconds, or as many as can be told.
pub(super) const fn of(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}

/// One of the numbers from 0 to `most`, both included, all alike likely, from a number of 64 bits.
pub(super) const fn at_most(most: u64, random: u64) -> u64 {
    // The bias is below 2⁻⁶⁴ for each, since the range is smaller than what it is cut from.
    ((random as u128 * (most as u128 + 1)) >> 64) as u64
}
