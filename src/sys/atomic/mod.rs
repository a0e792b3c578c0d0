//! Atomics under one name: core's, loom's in a model, and a 64-bit cell on the lock where the target has none.

#[cfg(all(not(untether_loom), target_has_atomic = "64"))]
pub(crate) use core::sync::atomic::AtomicU64;
#[cfg(not(untether_loom))]
pub(crate) use core::sync::atomic::{AtomicBool, AtomicUsize, fence};
#[cfg(not(untether_loom))]
pub(crate) use futures_util::task::AtomicWaker;

#[cfg(all(not(untether_loom), any(test, not(target_has_atomic = "64"))))]
mod on_lock;
#[cfg(all(not(untether_loom), not(target_has_atomic = "64")))]
pub(crate) use self::on_lock::AtomicU64;

#[cfg(untether_loom)]
mod loom;
#[cfg(untether_loom)]
pub(crate) use self::loom::{AtomicBool, AtomicU64, AtomicUsize, AtomicWaker, fence};

mod split;
pub(crate) use self::split::SplitU64;
