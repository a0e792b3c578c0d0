//! What to make of a wish of the other side.

use core::time::Duration;

/// What becomes of a delay when the other side says how long to wait, as by `Retry-After`.
///
/// Whatever it is, the cap is above it, and a schedule that has ended stays ended: a hint never makes one more attempt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Hint {
    /// It is not listened to.
    Ignore,
    /// The longer of the two.
    AtLeast,
    /// The longer of the two, but no more than so much longer than our own: one who asks for an hour does not get it.
    Clamp {
        /// How much longer.
        extra: Duration,
    },
    /// The hint, though it be shorter than our own.
    Exact,
}

impl Hint {
    /// The delay that comes of it.
    #[must_use]
    pub fn apply(self, own: Duration, hint: Option<Duration>) -> Duration {
        let Some(hint) = hint else { return own };
        match self {
            Self::Ignore => own,
            Self::AtLeast => own.max(hint),
            Self::Clamp { extra } => own.max(hint).min(own.saturating_add(extra)),
            Self::Exact => hint,
        }
    }
}

impl Default for Hint {
    /// No more than 5 seconds longer than our own.
    fn default() -> Self {
        Self::Clamp { extra: Duration::from_secs(5) }
    }
}
