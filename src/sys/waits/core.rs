//! There are no threads that could wait.

/// Adds nothing.
macro_rules! waits {
    () => {};
}
pub(crate) use waits;
