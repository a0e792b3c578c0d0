//! Atomics in a loom model: loom's, made at first use so that `new` stays `const`.

use core::sync::atomic::Ordering;
use core::task::Waker;
pub(crate) use loom::sync::atomic::fence;
use std::sync::OnceLock;

pub(crate) struct AtomicBool {
    initial: bool,
    model: OnceLock<loom::sync::atomic::AtomicBool>,
}

impl AtomicBool {
    pub(crate) const fn new(initial: bool) -> Self {
        Self { initial, model: OnceLock::new() }
    }

    pub(crate) fn load(&self, order: Ordering) -> bool {
        self.model().load(order)
    }

    pub(crate) fn store(&self, value: bool, order: Ordering) {
        self.model().store(value, order);
    }

    pub(crate) fn swap(&self, value: bool, order: Ordering) -> bool {
        self.model().swap(value, order)
    }

    fn model(&self) -> &loom::sync::atomic::AtomicBool {
        self.model.get_or_init(|| loom::sync::atomic::AtomicBool::new(self.initial))
    }
}

pub(crate) struct AtomicUsize {
    initial: usize,
    model: OnceLock<loom::sync::atomic::AtomicUsize>,
}

impl AtomicUsize {
    pub(crate) const fn new(initial: usize) -> Self {
        Self { initial, model: OnceLock::new() }
    }

    pub(crate) fn load(&self, order: Ordering) -> usize {
        self.model().load(order)
    }

    pub(crate) fn store(&self, value: usize, order: Ordering) {
        self.model().store(value, order);
    }

    pub(crate) fn fetch_add(&self, add: usize, order: Ordering) -> usize {
        self.model().fetch_add(add, order)
    }

    pub(crate) fn fetch_sub(&self, less: usize, order: Ordering) -> usize {
        self.model().fetch_sub(less, order)
    }

    pub(crate) fn fetch_or(&self, bits: usize, order: Ordering) -> usize {
        self.model().fetch_or(bits, order)
    }

    pub(crate) fn swap(&self, value: usize, order: Ordering) -> usize {
        self.model().swap(value, order)
    }

    pub(crate) fn fetch_update(
        &self,
        set: Ordering,
        fetch: Ordering,
        update: impl FnMut(usize) -> Option<usize>,
    ) -> Result<usize, usize> {
        self.model().fetch_update(set, fetch, update)
    }

    /// Without failures for no reason: they would only be more of the same.
    pub(crate) fn compare_exchange_weak(
        &self,
        current: usize,
        new: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        self.model().compare_exchange(current, new, success, failure)
    }

    fn model(&self) -> &loom::sync::atomic::AtomicUsize {
        self.model.get_or_init(|| loom::sync::atomic::AtomicUsize::new(self.initial))
    }
}

pub(crate) struct AtomicU64 {
    initial: u64,
    model: OnceLock<loom::sync::atomic::AtomicU64>,
}

impl AtomicU64 {
    pub(crate) const fn new(initial: u64) -> Self {
        Self { initial, model: OnceLock::new() }
    }

    pub(crate) fn load(&self, order: Ordering) -> u64 {
        self.model().load(order)
    }

    pub(crate) fn store(&self, value: u64, order: Ordering) {
        self.model().store(value, order);
    }

    pub(crate) fn fetch_add(&self, add: u64, order: Ordering) -> u64 {
        self.model().fetch_add(add, order)
    }

    pub(crate) fn fetch_max(&self, other: u64, order: Ordering) -> u64 {
        self.model().fetch_max(other, order)
    }

    /// As that of `AtomicUsize`.
    pub(crate) fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.model().compare_exchange(current, new, success, failure)
    }

    fn model(&self) -> &loom::sync::atomic::AtomicU64 {
        self.model.get_or_init(|| loom::sync::atomic::AtomicU64::new(self.initial))
    }
}

/// In the place of the one from futures-util, whose own atomics loom cannot see, so that a model would miss the order they give.
/// loom's has the same contract: register, then look; a wake is seen by one of the two, or the registrant wakes itself.
pub(crate) struct AtomicWaker(OnceLock<loom::future::AtomicWaker>);

impl AtomicWaker {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    pub(crate) fn register(&self, waker: &Waker) {
        self.model().register_by_ref(waker);
    }

    pub(crate) fn wake(&self) {
        self.model().wake();
    }

    pub(crate) fn take(&self) -> Option<Waker> {
        self.model().take_waker()
    }

    fn model(&self) -> &loom::future::AtomicWaker {
        self.0.get_or_init(loom::future::AtomicWaker::new)
    }
}
