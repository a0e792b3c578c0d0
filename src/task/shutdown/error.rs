//! Why a task was not started.

use crate::spawn::{BoxTask, SpawnError};
use crate::task::in_flight::Closed;
use core::error::Error;
use core::fmt;

/// Why a task was not started to take part in a shutdown.
#[non_exhaustive]
pub enum TaskError<F> {
    /// The shutdown was asked for. The future, as it was.
    Closed(F),
    /// No executor took it. The task takes part until it is dropped.
    Spawn(SpawnError<BoxTask>),
}

impl<F> fmt::Debug for TaskError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(_) => f.write_str("Closed(..)"),
            Self::Spawn(error) => f.debug_tuple("Spawn").field(error).finish(),
        }
    }
}

impl<F> fmt::Display for TaskError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(_) => fmt::Display::fmt(&Closed(()), f),
            Self::Spawn(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<F> Error for TaskError<F> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Closed(_) => None,
            Self::Spawn(error) => error.source(),
        }
    }
}
