//! Why nothing was put in, or taken out.

use core::error::Error;
use core::fmt;

/// The queue is closed. Gives the item back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InsertError<T>(pub(super) T);

impl<T> InsertError<T> {
    /// The item that was not put in.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for InsertError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertError").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for InsertError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inserting into a delay queue that is closed")
    }
}

impl<T> Error for InsertError<T> {}

/// Why there is no item at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryRecvError {
    /// None is due, or somebody waits for it.
    NoneDue,
    /// The queue is closed and empty: none will come.
    Closed,
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoneDue => "no item is due",
            Self::Closed => "receiving from a delay queue that is closed and empty",
        })
    }
}

impl Error for TryRecvError {}
