//! Why a task has no result.

use super::{Label, Panicked};
use crate::sys::unwind::Panic;
use alloc::boxed::Box;
use core::any::Any;
use core::error::Error;
use core::fmt;

/// A task ended without a result: it was cancelled, or it panicked.
///
/// Cancelled is also a task whose executor went away first.
pub struct JoinError {
    label: Label,
    cause: Cause,
}

/// Why, without who: what a task leaves behind when it ends so.
pub(crate) enum Cause {
    Cancelled,
    Panicked(Box<Panicked>),
}

impl Cause {
    pub(super) fn panicked(panic: Panic) -> Self {
        Self::Panicked(Box::new(Panicked::new(panic)))
    }

    pub(super) fn message(&self) -> Option<&str> {
        match self {
            Self::Cancelled => None,
            Self::Panicked(panicked) => Some(panicked.message()),
        }
    }
}

impl JoinError {
    pub(super) const fn new(label: Label, cause: Cause) -> Self {
        Self { label, cause }
    }

    /// Whether the task was aborted, cancelled or dropped by its executor.
    #[must_use]
    pub const fn is_cancelled(&self) -> bool {
        matches!(self.cause, Cause::Cancelled)
    }

    /// Whether the task panicked. Never without `std`, where a panic is the end of the program.
    #[must_use]
    pub const fn is_panic(&self) -> bool {
        matches!(self.cause, Cause::Panicked(_))
    }

    /// What the task said when it panicked.
    #[must_use]
    pub fn panic_message(&self) -> Option<&str> {
        self.cause.message()
    }

    /// The payload of the panic, for `std::panic::resume_unwind`.
    ///
    /// # Errors
    /// The error itself if the task did not panic.
    pub fn into_panic(self) -> Result<Box<dyn Any + Send>, Self> {
        match self.cause {
            Cause::Cancelled => Err(self),
            Cause::Panicked(panicked) => Ok(panicked.into_payload()),
        }
    }

    /// The panic, with what it said; nothing if the task was cancelled.
    pub(crate) fn into_panicked(self) -> Option<Box<Panicked>> {
        match self.cause {
            Cause::Cancelled => None,
            Cause::Panicked(panicked) => Some(panicked),
        }
    }

    /// Who the task was.
    #[must_use]
    pub const fn label(&self) -> &Label {
        &self.label
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinError({self})")
    }
}

/// `task "worker" (src/main.rs:12:5) panicked: index out of bounds`.
impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.panic_message() {
            None => write!(f, "task {} was cancelled", self.label),
            Some(message) => write!(f, "task {} panicked: {message}", self.label),
        }
    }
}

impl Error for JoinError {}
