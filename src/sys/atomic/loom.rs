//! Atomics in a loom model: loom's, made at first use so that `new` stays `const`.

use core::sync::atomic::Ordering;
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

pub(crate) struct AtomicU64 {
    initial: u64,
    model: OnceLock<loom::sync::atomic::AtomicU64>,
}

impl AtomicU64 {
    pub(crate) const fn new(initial: u64) -> Self {
        Self { initial, model: OnceLock::new() }
    }

    pub(crate) fn fetch_add(&self, add: u64, order: Ordering) -> u64 {
        self.model.get_or_init(|| loom::sync::atomic::AtomicU64::new(self.initial)).fetch_add(add, order)
    }
}
