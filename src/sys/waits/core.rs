//! There are no threads that could wait.

/// Adds nothing.
macro_rules! waits {
    ($($pinned:ident)?) => {};
}
pub(crate) use waits;
