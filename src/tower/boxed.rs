//! Errors in boxes, as much of tower wants them.

use crate::policy::Error;
use alloc::boxed::Box;
use core::error::Error as StdError;
use core::fmt;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Boxes an error for the layers of tower that want it so: for `map_err` between such a layer and one of ours.
///
/// Where the service inside has boxed its own error, as tower's `Buffer` and `Timeout` do, a [`policy::Error`](Error) around it is no
/// `core::error::Error`, for such a box is none. In this box it is: an `Error<Boxed>`, to which it can be cast back.
///
/// # Examples
/// ```
/// use untether::policy::Error;
/// use untether::tower::{Boxed, boxed};
///
/// let error = boxed(Error::failed("connection refused"));
/// assert_eq!(error.to_string(), "connection refused");
/// assert!(!error.downcast_ref::<Error<Boxed>>().unwrap().is_timeout());
/// ```
pub fn boxed<E: Into<BoxError>>(error: Error<E>) -> BoxError {
    Box::new(error.map(|own| Boxed(own.into())))
}

/// A boxed error that is an error itself: shown as the one inside, and with its source. Made by [`boxed`].
pub struct Boxed(BoxError);

impl Boxed {
    /// The error, to be looked at or cast to what it was.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.0
    }

    /// The error, to keep.
    #[must_use]
    pub fn into_inner(self) -> BoxError {
        self.0
    }
}

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl StdError for Boxed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
