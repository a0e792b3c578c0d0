//! What the process around us tells: its environment and the name of this thread, which under the test runner is the test's.

use alloc::string::{String, ToString};

pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Runs `body` on a thread of its own, and waits for it.
pub(crate) fn on_another_thread<R: Send + 'static>(body: impl FnOnce() -> R + Send + 'static) -> R {
    std::thread::spawn(body).join().expect("what runs there does not panic")
}

pub(crate) fn thread_name() -> Option<String> {
    std::thread::current().name().map(ToString::to_string)
}
