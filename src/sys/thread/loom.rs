//! The thread that waits, in a model: a token per thread, as std's `park` describes it, wakes for no reason included.
//!
//! loom's own `unpark` is not used: it wakes a thread out of a lock it waits for, and it orders memory even for a thread that
//! never parks, which would hide an `Ordering` that is too weak.

use alloc::sync::Arc;
use core::time::Duration;
use loom::sync::Notify;

#[derive(Clone)]
pub(crate) struct Thread(Arc<Notify>);

impl Thread {
    pub(crate) fn unpark(&self) {
        self.0.notify();
    }
}

loom::thread_local! {
    static CURRENT: Thread = Thread(Arc::new(Notify::new()));
}

pub(crate) fn current() -> Thread {
    CURRENT.with(Clone::clone)
}

pub(crate) fn park() {
    current().0.wait();
}

pub(crate) fn park_timeout(_: Duration) {
    unreachable!("a model has no clock");
}

/// loom's `thread_local`, which does not know `const`.
macro_rules! local {
    (static $name:ident: $type:ty = const $initial:block;) => {
        loom::thread_local! {
            static $name: $type = $initial;
        }
    };
}
pub(crate) use local;
