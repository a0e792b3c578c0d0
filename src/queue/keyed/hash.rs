//! The hash of a key, computed before the lock is taken.

use core::hash::{Hash, Hasher};
use foldhash::SharedSeed;
use foldhash::fast::FoldHasher;

/// The same for equal keys, and another one in each run of the program. Nothing that is decided here depends on it.
#[inline]
pub(in crate::queue) fn hash_of<B: Hash + ?Sized>(key: &B) -> u64 {
    // A state of each queue's own could not be `const`, and is needed only where one table is filled in the order of another.
    let mut hasher = FoldHasher::with_seed(0, SharedSeed::global_random());
    key.hash(&mut hasher);
    hasher.finish()
}
