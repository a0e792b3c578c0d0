//! Who answers where no choice is given.

/// Who makes the choices of a run.
pub(super) enum Source {
    /// Always the first alternative.
    First,
    /// A generator; of the yes-or-no questions the so-manieth is answered with yes, and no other.
    Random { state: u64, yes_at: u32 },
}

impl Source {
    /// The random choices that belong to a seed.
    pub(super) const fn random(seed: u64, yes_at: u32) -> Self {
        Self::Random { state: scatter(seed), yes_at }
    }

    /// One of `n` alternatives.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        match self {
            Self::First => 0,
            Self::Random { state, .. } => next_below(state, n),
        }
    }

    /// The answer to a yes-or-no question that is answered with yes at most once in a run.
    pub(super) fn says_yes(&mut self, question: u32) -> bool {
        match self {
            Self::First => false,
            Self::Random { yes_at, .. } => question == *yes_at,
        }
    }
}

/// Neighbouring seeds far apart, and never 0.
const fn scatter(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)) | 1
}

/// A number below `n` from a xorshift generator, whose state is never 0.
fn next_below(state: &mut u64, n: u32) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    // The high half is the better one; scaling it needs no division.
    let scaled = ((*state >> 32) * u64::from(n)) >> 32;
    u32::try_from(scaled).expect("below n")
}
