//! Why a value was not sent, or will not change.

use core::error::Error;
use core::fmt;

/// Nobody listens. Gives the value back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub(super) T);

impl<T> SendError<T> {
    /// The value that was not sent.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sending to a watch without a receiver")
    }
}

impl<T> Error for SendError<T> {}

/// The value will not change any more: every sender is gone, and what they sent last was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangedError(pub(super) ());

impl fmt::Display for ChangedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("waiting for a change of a watch that is closed")
    }
}

impl Error for ChangedError {}
