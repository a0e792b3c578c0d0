//! Why there is no barrier.

use core::error::Error;
use core::fmt;

/// A barrier of no parties: nobody could ever pass it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ZeroParties(pub(super) ());

impl fmt::Display for ZeroParties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a barrier needs at least one party")
    }
}

impl Error for ZeroParties {}
