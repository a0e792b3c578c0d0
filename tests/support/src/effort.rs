//! How much is tried.

/// How many cases to try where this many are usual: `UNTETHER_EFFORT` times as many. It is 100 before a release.
///
/// # Panics
/// If the variable is no number.
#[must_use]
pub fn cases(usual: u32) -> u32 {
    let effort =
        std::env::var("UNTETHER_EFFORT").map_or(1, |text| text.parse().expect("UNTETHER_EFFORT is a number"));
    usual.saturating_mul(effort)
}
