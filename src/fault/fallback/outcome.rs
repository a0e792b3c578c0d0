//! An answer, or what was given instead.

/// Whether a value is the answer, or was given instead of an error. Of [`Run::outcome`](super::Run::outcome).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome<V, E> {
    /// The operation's own value.
    Answer(V),
    /// What was given instead.
    Fallback {
        /// The value.
        value: V,
        /// Why it had to be given.
        because: E,
    },
}

impl<V, E> Outcome<V, E> {
    /// Whether something else was given instead of an error.
    #[must_use]
    pub const fn is_fallback(&self) -> bool {
        matches!(self, Self::Fallback { .. })
    }

    /// The value, wherever it is from.
    #[must_use]
    pub const fn value(&self) -> &V {
        match self {
            Self::Answer(value) | Self::Fallback { value, .. } => value,
        }
    }

    /// The value to keep, wherever it is from.
    #[must_use]
    pub fn into_value(self) -> V {
        match self {
            Self::Answer(value) | Self::Fallback { value, .. } => value,
        }
    }

    /// Why it is a fallback, if it is one.
    #[must_use]
    pub const fn because(&self) -> Option<&E> {
        match self {
            Self::Answer(_) => None,
            Self::Fallback { because, .. } => Some(because),
        }
    }
}
