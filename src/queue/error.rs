//! Why something was not sent, or not received.

use super::core::Refusal;
use core::error::Error;
use core::fmt;

/// Why an item was not sent. Each gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendError<T> {
    /// There is no room, or somebody waits for it, and the sender does not wait.
    Full(T),
    /// The queue was closed, or nobody is left who receives.
    Closed(T),
    /// It weighs more than all that the queue may hold.
    TooHeavy(T),
    /// There was no room in time.
    TimedOut(T),
}

impl<T> SendError<T> {
    /// Of an entry that is still there.
    pub(super) fn of<M>(refusal: Refusal, entry: Option<(T, M)>) -> Self {
        let (item, _) = entry.expect("what is refused stays with its sender");
        match refusal {
            Refusal::Full => Self::Full(item),
            Refusal::Closed => Self::Closed(item),
            Refusal::TooHeavy => Self::TooHeavy(item),
        }
    }

    /// The item that was not sent.
    pub fn into_inner(self) -> T {
        match self {
            Self::Full(item) | Self::Closed(item) | Self::TooHeavy(item) | Self::TimedOut(item) => item,
        }
    }

    const fn says(&self) -> &'static str {
        match self {
            Self::Full(_) => "sending to a queue that is full",
            Self::Closed(_) => "sending to a queue that was closed",
            Self::TooHeavy(_) => "sending what is heavier than all that the queue may hold",
            Self::TimedOut(_) => "sending to a queue that had no room in time",
        }
    }
}

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
            Self::TooHeavy(_) => "TooHeavy(..)",
            Self::TimedOut(_) => "TimedOut(..)",
        })
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says())
    }
}

impl<T> Error for SendError<T> {}

/// Why no room was reserved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ReserveError {
    /// There is no room, or somebody waits for it.
    Full,
    /// The queue was closed.
    Closed,
    /// It is more than all that the queue may hold.
    TooHeavy,
}

impl From<Refusal> for ReserveError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self::Full,
            Refusal::Closed => Self::Closed,
            Refusal::TooHeavy => Self::TooHeavy,
        }
    }
}

impl fmt::Display for ReserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "reserving room in a queue that is full",
            Self::Closed => "reserving room in a queue that was closed",
            Self::TooHeavy => "reserving more room than the queue has",
        })
    }
}

impl Error for ReserveError {}

/// Why nothing was received at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryRecvError {
    /// There is nothing now, or only what somebody else was granted.
    Empty,
    /// Nothing will come any more.
    Closed,
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "receiving from a queue that is empty",
            Self::Closed => "receiving from a queue that was closed and is empty",
        })
    }
}

impl Error for TryRecvError {}
