//! What an operating system says to a program that is to stop.

use core::fmt;

/// What an operating system says to a program that is to stop, by whatever way it came.
///
/// The module `rt::signal`, behind the feature `signal`, hears them; a test or a device can say them as well.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Signal {
    /// SIGINT: somebody pressed Ctrl-C.
    Interrupt,
    /// SIGTERM: whoever looks after the program wants it to end.
    Terminate,
}

impl Signal {
    /// The number that it has on every Unix.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

/// `SIGINT`
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        })
    }
}
