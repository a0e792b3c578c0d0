//! Where jitter comes from.

use crate::sys::atomic::AtomicU64;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::fmt;
use core::sync::atomic::Ordering;

/// Gives numbers nobody should guess by accident: for jitter, ties and samples. Not for secrets.
///
/// It is a value that is passed in, so that a simulation answers from its tape and a test from a fixed seed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no source of randomness here",
    note = "without the feature `std` there is no `SystemEntropy`: give a `Seed` of your own, by `.entropy(&seed)`"
)]
pub trait Entropy {
    /// The next number, uniform over all of `u64`.
    fn next_u64(&self) -> u64;
}

macro_rules! forward {
    ($($holder:ty),*) => {$(
        impl<E: Entropy + ?Sized> Entropy for $holder {
            fn next_u64(&self) -> u64 {
                (**self).next_u64()
            }
        }
    )*};
}

forward!(&E, Rc<E>, Arc<E>, Box<E>);

/// A reproducible source of [`Entropy`]: the same seed gives the same numbers, in every version until the next major one.
///
/// Shared by reference between threads; each number is one atomic addition. [`fork`](Self::fork) gives a session its own stream,
/// so that what one does cannot shift the numbers another one sees. With `std`, `Seed::random()` starts from the system's
/// randomness; without it there is no default, for a firmware whose every device has the same jitter has none.
///
/// # Examples
/// ```
/// use untether::time::{Entropy, Seed};
///
/// let (one, same) = (Seed::new(7), Seed::new(7));
/// assert_eq!(one.next_u64(), same.next_u64());
/// assert_ne!(one.fork().next_u64(), one.next_u64());
/// ```
pub struct Seed(AtomicU64);

/// The odd number nearest to 2⁶⁴ divided by the golden ratio: a Weyl sequence of it visits every number once.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Seed {
    /// The stream that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A stream of its own, seeded from this one.
    #[must_use]
    pub fn fork(&self) -> Self {
        // Mixed once more, so that the fork does not walk the same sequence a few steps ahead.
        Self::new(mix(self.next_u64() ^ STEP.rotate_left(32)))
    }
}

/// The next number of a stream that nobody shares.
pub(crate) const fn next_of(stream: &mut u64) -> u64 {
    *stream = stream.wrapping_add(STEP);
    mix(*stream)
}

impl Entropy for Seed {
    fn next_u64(&self) -> u64 {
        // ORDERING: Relaxed, the counter publishes nothing but itself.
        mix(self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
    }
}

/// Scatters neighbouring numbers over all of `u64` (the finaliser of SplitMix64).
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed").finish_non_exhaustive()
    }
}

/// The system's own randomness: what is taken where nothing else is given. It is an [`Entropy`] only with the feature `std`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SystemEntropy;

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn the_stream_is_splitmix64() {
        // The reference values of the algorithm for seed 1234567.
        let seed = Seed::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| seed.next_u64()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn forks_share_no_number_with_their_parent() {
        let seed = Seed::new(1);
        let fork = seed.fork();
        let parent: Vec<u64> = (0..1_000).map(|_| seed.next_u64()).collect();
        assert!((0..1_000).all(|_| !parent.contains(&fork.next_u64())));
    }
}
