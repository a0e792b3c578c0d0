//! What the operating system adds to [`Seed`]: a beginning that nobody knows.

use crate::time::Seed;
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
        Self::new(RandomState::new().build_hasher().finish())
    }
}
