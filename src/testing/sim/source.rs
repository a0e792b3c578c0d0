//! Who answers where no choice is given.

use super::pct::Priorities;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Who makes the choices of a run.
pub(super) enum Source {
    /// Always the first alternative.
    First,
    /// A generator; of the yes-or-no questions the so-manieth is answered with yes, and no other.
    Random { random: Random, yes_at: u32 },
    /// The same, but the task of the highest priority runs.
    Priorities { random: Random, yes_at: u32, priorities: Box<Priorities> },
    /// What a fuzzer says, one byte after the other.
    Bytes { bytes: Vec<u8>, next: usize },
}

/// Where bytes decide, one in so many says yes to what is done once in a run.
const RARELY: u32 = 16;

impl Source {
    /// The random choices that belong to a seed.
    pub(super) const fn random(seed: u64, yes_at: u32) -> Self {
        Self::Random { random: Random::new(seed), yes_at }
    }

    /// The same, with priorities of that depth for a run of about so many steps.
    pub(super) fn priorities(seed: u64, yes_at: u32, depth: u32, steps: u32) -> Self {
        let mut random = Random::new(seed);
        let priorities = Box::new(Priorities::new(depth, steps, &mut random));
        Self::Priorities { random, yes_at, priorities }
    }

    /// The choices that a fuzzer made. After their end it is the first alternative.
    pub(super) const fn bytes(bytes: Vec<u8>) -> Self {
        Self::Bytes { bytes, next: 0 }
    }

    /// One of `n` alternatives.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        match self {
            Self::First => 0,
            Self::Random { random, .. } | Self::Priorities { random, .. } => random.below(n),
            Self::Bytes { bytes, next } => {
                // No more bytes than it takes, so that each of them matters.
                let width = if n <= 1 << 8 {
                    1
                } else if n <= 1 << 16 {
                    2
                } else {
                    4
                };
                let taken = bytes.iter().skip(*next).take(width);
                *next += width;
                taken.rev().fold(0, |number, byte| number << 8 | u32::from(*byte)) % n
            }
        }
    }

    /// The index of the task that runs next. Asked also where there is only one.
    pub(super) fn task(&mut self, ready: &[usize]) -> u32 {
        match self {
            Self::Priorities { random, priorities, .. } => priorities.choose(ready, random),
            _ if ready.len() <= 1 => 0,
            _ => self.below(u32::try_from(ready.len()).unwrap_or(u32::MAX)),
        }
    }

    /// The answer to a yes-or-no question that is answered with yes at most once in a run.
    pub(super) fn says_yes(&mut self, question: u32) -> bool {
        match self {
            Self::First => false,
            Self::Random { yes_at, .. } | Self::Priorities { yes_at, .. } => question == *yes_at,
            Self::Bytes { .. } => self.below(RARELY) == RARELY - 1,
        }
    }

    /// How many steps were counted, where that matters.
    pub(super) const fn steps(&self) -> u32 {
        match self {
            Self::Priorities { priorities, .. } => priorities.steps(),
            _ => 0,
        }
    }
}

/// A xorshift generator. Its state is never 0.
pub(super) struct Random(u64);

impl Random {
    /// Neighbouring seeds begin far apart.
    pub(super) const fn new(seed: u64) -> Self {
        let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self((mixed ^ (mixed >> 32)) | 1)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        // The high half is the better one; scaling it needs no division.
        let scaled = ((self.next() >> 32) * u64::from(n)) >> 32;
        u32::try_from(scaled).expect("below n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn small_choices_take_one_byte_each_and_wide_ones_two_or_four() {
        let mut source = Source::bytes(vec![7, 0x34, 0x12, 9, 1, 0, 0, 0, 255]);
        assert_eq!(source.below(5), 2);
        assert_eq!(source.below(1 << 16), 0x1234);
        assert_eq!(source.below(256), 9);
        assert_eq!(source.below(u32::MAX), 1);
        assert!(source.says_yes(0));
        assert_eq!((source.below(100), source.says_yes(1)), (0, false), "after the end");
    }
}
