//! What the process around us tells: its environment and the name of this thread, which under the test runner is the test's.

use alloc::string::{String, ToString};

pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub(crate) fn thread_name() -> Option<String> {
    std::thread::current().name().map(ToString::to_string)
}
