//! What the operating system adds to [`Seed`]: a beginning that nobody knows.

use crate::sys::simulated;
use crate::time::{Entropy, Seed, SystemEntropy};
use core::hash::{BuildHasher, Hasher};
use std::collections::hash_map::RandomState;

impl Seed {
    /// A stream that starts from the system's randomness: another one each time.
    ///
    /// # Examples
    /// ```
    /// use untether::time::{Entropy, Seed};
    ///
    /// assert_ne!(Seed::random().next_u64(), Seed::random().next_u64());
    /// ```
    #[must_use]
    pub fn random() -> Self {
        Self::new(SystemEntropy.next_u64())
    }
}

impl Entropy for SystemEntropy {
    /// # Panics
    /// In a simulation, which could not be repeated: give the `Sim` itself as the source.
    fn next_u64(&self) -> u64 {
        simulated::assert_outside("the system's randomness");
        RandomState::new().build_hasher().finish()
    }
}
