//! 64 bits that may be seen half written, on any target: for what stands under a version. Relaxed in all; what orders them is around.

use super::AtomicUsize;

#[cfg(target_pointer_width = "64")]
mod whole;
#[cfg(target_pointer_width = "64")]
pub(crate) use self::whole::SplitU64;

#[cfg(any(all(test, not(untether_loom)), not(target_pointer_width = "64")))]
mod halves;
#[cfg(not(target_pointer_width = "64"))]
pub(crate) use self::halves::SplitU64;
