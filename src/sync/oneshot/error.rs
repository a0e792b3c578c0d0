//! Why a value was not sent, or not received.

use core::error::Error;
use core::fmt;

/// The receiver is gone, or was closed. Gives the value back.
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
        f.write_str("sending to a receiver that is closed")
    }
}

impl<T> Error for SendError<T> {}

/// No value will come: the sender was dropped without sending, the receiver was closed before, or the value was received already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecvError(pub(super) ());

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("receiving a value that will not come")
    }
}

impl Error for RecvError {}

/// Why there is no value at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryRecvError {
    /// It may still come.
    Empty,
    /// It will not come, as for [`RecvError`].
    Closed,
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the value has not come yet",
            Self::Closed => "receiving a value that will not come",
        })
    }
}

impl Error for TryRecvError {}
