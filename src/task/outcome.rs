//! How one piece of work ended, and why it did not end well.

use crate::spawn::{JoinError, Panicked};
use crate::sys::unwind::Panic;
use alloc::boxed::Box;
use core::error::Error;
use core::fmt;

/// How one piece of work ended: one for each that was begun, none left out.
///
/// A piece that was cancelled is no success, whatever else is said of it; one that panicked has said nothing of its own.
///
/// # Examples
/// ```
/// use untether::task::{Failure, Outcome};
///
/// let outcome: Outcome<u32, &str> = Err("disk full").into();
/// assert!(matches!(outcome.into_result(), Err(Failure::Error("disk full"))));
/// ```
#[doc(alias = "return_exceptions")]
#[doc(alias = "CancelledError")]
#[derive(Debug)]
#[must_use = "a failure would be lost"]
pub enum Outcome<T, E> {
    /// It ended well.
    Ok(T),
    /// It failed, and says how.
    Err(E),
    /// It was cancelled. If it failed while it cleaned up after itself, with that.
    Cancelled(Option<E>),
    /// It panicked. Never without `std`, where a panic is the end of the program.
    Panicked(Box<Panicked>),
}

/// Why a piece of work did not end well: an [`Outcome`] without the success.
#[derive(Debug)]
pub enum Failure<E> {
    /// It failed, and says how.
    Error(E),
    /// It was cancelled. If it failed while it cleaned up after itself, with that.
    Cancelled(Option<E>),
    /// It panicked.
    Panicked(Box<Panicked>),
}

impl<T, E> Outcome<T, E> {
    /// As a result, for `?` and all that is done with results.
    ///
    /// # Errors
    /// The [`Failure`], if it did not end well.
    pub fn into_result(self) -> Result<T, Failure<E>> {
        match self {
            Self::Ok(value) => Ok(value),
            Self::Err(error) => Err(Failure::Error(error)),
            Self::Cancelled(error) => Err(Failure::Cancelled(error)),
            Self::Panicked(panicked) => Err(Failure::Panicked(panicked)),
        }
    }

    /// The value, if it ended well.
    pub fn ok(self) -> Option<T> {
        self.into_result().ok()
    }

    /// Whether it ended well.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }
}

impl<E> Failure<E> {
    pub(crate) fn panicked(panic: Panic) -> Self {
        Self::Panicked(Box::new(Panicked::new(panic)))
    }
}

impl<T, E> From<Result<T, E>> for Outcome<T, E> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(value) => Self::Ok(value),
            Err(error) => Self::Err(error),
        }
    }
}

impl<T, E> From<Failure<E>> for Outcome<T, E> {
    fn from(failure: Failure<E>) -> Self {
        match failure {
            Failure::Error(error) => Self::Err(error),
            Failure::Cancelled(error) => Self::Cancelled(error),
            Failure::Panicked(panicked) => Self::Panicked(panicked),
        }
    }
}

/// What a [`Task`](crate::spawn::Task) that cannot fail by itself left behind.
impl<E> From<JoinError> for Failure<E> {
    fn from(error: JoinError) -> Self {
        match error.into_panicked() {
            Some(panicked) => Self::Panicked(panicked),
            None => Self::Cancelled(None),
        }
    }
}

/// The first word of it, and then its own.
impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Cancelled(None) => f.write_str("cancelled"),
            Self::Cancelled(Some(error)) => write!(f, "cancelled, and its clean-up failed: {error}"),
            Self::Panicked(panicked) => panicked.fmt(f),
        }
    }
}

impl<E: Error + 'static> Error for Failure<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Error(error) => error.source(),
            Self::Cancelled(error) => error.as_ref().map(|error| error as _),
            Self::Panicked(_) => None,
        }
    }
}
