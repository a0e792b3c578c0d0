//! Why an input was not taken, or a size.

use crate::queue::SendError;
use crate::spawn::SpawnErrorKind;
use core::error::Error;
use core::fmt;

/// Why an input was not submitted. Each gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmitError<I> {
    /// There is no room, or somebody waits for it, and the caller does not wait.
    Full(I),
    /// The pool was stopped.
    Closed(I),
    /// It weighs more than all that the queue may hold.
    TooHeavy(I),
}

impl<I> SubmitError<I> {
    /// Of an item that was refused, and what it was made of.
    pub(super) fn of<W>(refused: SendError<W>, input: impl FnOnce(W) -> I) -> Self {
        match refused {
            SendError::Full(work) | SendError::TimedOut(work) => Self::Full(input(work)),
            SendError::Closed(work) => Self::Closed(input(work)),
            SendError::TooHeavy(work) => Self::TooHeavy(input(work)),
        }
    }

    /// The input.
    pub fn into_inner(self) -> I {
        match self {
            Self::Full(input) | Self::Closed(input) | Self::TooHeavy(input) => input,
        }
    }
}

impl<I> fmt::Debug for SubmitError<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
            Self::TooHeavy(_) => "TooHeavy(..)",
        })
    }
}

impl<I> fmt::Display for SubmitError<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "submitting to a pool that is full",
            Self::Closed(_) => "submitting to a pool that was stopped",
            Self::TooHeavy(_) => "submitting what is heavier than all that the pool's queue may hold",
        })
    }
}

impl<I> Error for SubmitError<I> {}

/// Why a pool was not resized.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ResizeError {
    /// A pool of no workers would do nothing for ever.
    NoWorkers,
    /// More workers could not be started. Those that were there are.
    Spawn(SpawnErrorKind),
}

impl fmt::Display for ResizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWorkers => f.write_str("a pool of no workers"),
            Self::Spawn(kind) => write!(f, "no more workers could be started: {kind}"),
        }
    }
}

impl Error for ResizeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoWorkers => None,
            Self::Spawn(kind) => Some(kind),
        }
    }
}
