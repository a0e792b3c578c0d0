//! What is published of the state, in one word: the generation, what a look is enough for, and how many have probed by then.

/// Closed, and a success changes nothing: no failure counts, and there is no window, or one that is full of successes.
pub(super) const QUIET: u64 = 0;
/// Closed, and each result counts.
pub(super) const COUNTING: u64 = 1;
/// Forced closed: no result counts.
pub(super) const DEAF: u64 = 2;
/// All others: who comes has to look closer.
pub(super) const GUARDED: u64 = 3;

/// Below the generation: the code, and above that the probes.
const BITS: u32 = 16;

/// Of the number of probes as many bits as there is room for: it only has to differ from that of a moment ago.
pub(super) const fn of(generation: u64, probes: u32, code: u64) -> u64 {
    let probes = (probes as u64) << 2 & ((1 << BITS) - 1);
    generation << BITS | probes | code
}

#[inline]
pub(super) const fn generation(word: u64) -> u64 {
    word >> BITS
}

/// Whether everybody is let through.
#[inline]
pub(super) const fn lets_through(word: u64) -> bool {
    word & 3 != GUARDED
}

/// Whether what a call of that generation says when it ends may change anything.
#[inline]
pub(super) const fn hears(word: u64, ticket: u64, failed: bool) -> bool {
    let code = word & 3;
    generation(word) == ticket && (code == COUNTING || code == GUARDED || (failed && code == QUIET))
}
