//! Why there is no object.

use core::error::Error;
use core::fmt;

/// Why an object was not made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CreateError<E> {
    /// The manager could not make one.
    Failed(E),
    /// It took longer than [`create_limit`](super::Builder::create_limit).
    TimedOut,
}

impl<E> fmt::Display for CreateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed(_) => "an object for the pool could not be created",
            Self::TimedOut => "an object for the pool was not created in time",
        })
    }
}

impl<E: Error + 'static> Error for CreateError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => Some(error),
            Self::TimedOut => None,
        }
    }
}

/// Why waiting for an object ended without one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum GetError<E> {
    /// The pool was closed.
    Closed,
    /// All were in use for longer than [`wait_limit`](super::Builder::wait_limit).
    WaitTimedOut,
    /// To create one took longer than [`create_limit`](super::Builder::create_limit).
    CreateTimedOut,
    /// The manager could not create one.
    Create(E),
}

impl<E> From<CreateError<E>> for GetError<E> {
    fn from(error: CreateError<E>) -> Self {
        match error {
            CreateError::Failed(error) => Self::Create(error),
            CreateError::TimedOut => Self::CreateTimedOut,
        }
    }
}

impl<E> fmt::Display for GetError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "getting from a pool that was closed",
            Self::WaitTimedOut => "no object of the pool came free in time",
            Self::CreateTimedOut => "an object for the pool was not created in time",
            Self::Create(_) => "an object for the pool could not be created",
        })
    }
}

impl<E: Error + 'static> Error for GetError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Create(error) => Some(error),
            _ => None,
        }
    }
}

/// Why there is no object at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TryGetError {
    /// The pool was closed.
    Closed,
    /// None lies idle, or somebody waits for it.
    NoneIdle,
}

impl fmt::Display for TryGetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "getting from a pool that was closed",
            Self::NoneIdle => "no object of the pool is idle",
        })
    }
}

impl Error for TryGetError {}

/// Why an object was not added. Gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddError<T> {
    /// The pool was closed.
    Closed(T),
    /// There are as many as there may be, or all places are taken.
    Full(T),
}

impl<T> AddError<T> {
    /// The object that was not added.
    pub fn into_inner(self) -> T {
        match self {
            Self::Closed(object) | Self::Full(object) => object,
        }
    }
}

impl<T> fmt::Debug for AddError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed(_) => "Closed(..)",
            Self::Full(_) => "Full(..)",
        })
    }
}

impl<T> fmt::Display for AddError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed(_) => "adding to a pool that was closed",
            Self::Full(_) => "adding to a pool that is full",
        })
    }
}

impl<T> Error for AddError<T> {}
