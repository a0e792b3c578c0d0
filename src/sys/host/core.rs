//! There is no process around us.

use alloc::string::String;

pub(crate) fn variable(_: &str) -> Option<String> {
    None
}

/// There is no other.
pub(crate) fn on_another_thread<R>(body: impl FnOnce() -> R) -> R {
    body()
}

pub(crate) fn thread_name() -> Option<String> {
    None
}
