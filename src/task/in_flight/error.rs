//! Why somebody was not let in.

use core::error::Error;
use core::fmt;

/// Nobody is let in any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed(pub(in crate::task) ());

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coming in after it was closed")
    }
}

impl Error for Closed {}

/// A future came after nobody was let in any more. It gives it back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TrackError<F>(pub(in crate::task) F);

impl<F> TrackError<F> {
    /// The future, as it was.
    pub fn into_inner(self) -> F {
        self.0
    }
}

impl<F> fmt::Debug for TrackError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrackError(..)")
    }
}

impl<F> fmt::Display for TrackError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Closed(()), f)
    }
}

impl<F> Error for TrackError<F> {}
