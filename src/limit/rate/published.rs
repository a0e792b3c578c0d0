//! The quota as it is read without a lock, and whether anybody waits: one word says both, before and after the rest is read.
//!
//! A sequence lock whose reader does not spin: what it finds half written, or changed meanwhile, it reads under the lock by which it is
//! written. So neither a writer that was put to sleep nor one that an interrupt has stopped keeps anybody turning.

use super::quota::Quota;
use crate::sys::atomic::{AtomicUsize, SplitU64, fence};
use core::sync::atomic::Ordering;

pub(super) struct Published {
    /// `version * CHANGE | CHANGING | WAITED_FOR`. Written under the limiter's lock only.
    header: AtomicUsize,
    nanos: SplitU64,
    tolerance: SplitU64,
    /// `cells << 32 | burst`
    counts: SplitU64,
}

const WAITED_FOR: usize = 0b01;
const CHANGING: usize = 0b10;

impl Published {
    pub(super) const fn new(quota: Quota) -> Self {
        Self {
            header: AtomicUsize::new(0),
            nanos: SplitU64::new(quota.nanos),
            tolerance: SplitU64::new(quota.tolerance),
            counts: SplitU64::new(counts_of(&quota)),
        }
    }

    /// The quota. `None` if it is being changed: it is to be had under the lock.
    #[inline]
    pub(super) fn read(&self) -> Option<Quota> {
        self.read_unless(CHANGING)
    }

    /// The quota, if nobody waits. `None` as well if it is being changed.
    #[inline]
    pub(super) fn read_if_nobody_waits(&self) -> Option<Quota> {
        self.read_unless(CHANGING | WAITED_FOR)
    }

    #[inline]
    fn read_unless(&self, flags: usize) -> Option<Quota> {
        // ORDERING: Acquire, pairs with the Release of the last store in `change`: what was written before it is seen.
        let before = self.header.load(Ordering::Acquire);
        if before & flags != 0 {
            return None;
        }
        let (nanos, tolerance, counts) = (self.nanos.load(), self.tolerance.load(), self.counts.load());
        // ORDERING: Acquire, pairs with the Release fence of `change`: who saw a part of a change sees that it had begun.
        fence(Ordering::Acquire);
        let quota = Quota { nanos, tolerance, cells: (counts >> 32) as u32, burst: counts as u32 };
        (self.header.load(Ordering::Relaxed) == before).then_some(quota)
    }

    /// Changes the quota. Under the lock.
    pub(super) fn change(&self, quota: &Quota) {
        let version = self.header.load(Ordering::Relaxed);
        self.header.store(version | CHANGING, Ordering::Relaxed);
        // ORDERING: Release, pairs with the Acquire fence of `read_unless`.
        fence(Ordering::Release);
        self.nanos.store(quota.nanos);
        self.tolerance.store(quota.tolerance);
        self.counts.store(counts_of(quota));
        // ORDERING: Release, pairs with the first load of `read_unless`. The version goes on by one: the flag carries over.
        self.header.store((version | CHANGING).wrapping_add(CHANGING), Ordering::Release);
    }

    /// Says that somebody waits from now on. Under the lock; who calls it looks at what is owed afterwards.
    pub(super) fn begin_waiting(&self) {
        // ORDERING: AcqRel, pairs with that of `is_waited_for`: of this step and that one the later sees what came before the other.
        self.header.fetch_add(WAITED_FOR, Ordering::AcqRel);
    }

    /// Says that nobody waits any more. Under the lock.
    pub(super) fn end_waiting(&self) {
        self.header.fetch_sub(WAITED_FOR, Ordering::AcqRel);
    }

    /// Whether somebody waits, for one who would go on if nobody did: those who begin to wait at the same time may be missed.
    pub(super) fn may_be_waited_for(&self) -> bool {
        // ORDERING: Acquire, pairs with `begin_waiting`.
        self.header.load(Ordering::Acquire) & WAITED_FOR != 0
    }

    /// Whether somebody waits, for one who has just given something back: whoever begins to wait and is not seen here sees that.
    pub(super) fn is_waited_for(&self) -> bool {
        // ORDERING: a step that changes nothing, and not a load, which could come before what the caller wrote; see `begin_waiting`.
        self.header.fetch_add(0, Ordering::AcqRel) & WAITED_FOR != 0
    }
}

const fn counts_of(quota: &Quota) -> u64 {
    (quota.cells as u64) << 32 | quota.burst as u64
}
