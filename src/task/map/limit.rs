//! What a limit cannot be.

use core::error::Error;
use core::fmt;

/// A limit of 0 items at a time: nothing would ever be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LimitError(());

impl LimitError {
    pub(super) const fn new() -> Self {
        Self(())
    }
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a limit of 0 items at a time")
    }
}

impl Error for LimitError {}
