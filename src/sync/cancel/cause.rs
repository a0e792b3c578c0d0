//! Why something was cancelled.

use super::walk::Request;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::ops::Deref;

/// Why something was cancelled. The first cause wins; later ones are dropped.
///
/// # Examples
/// ```
/// use untether::sync::CancelToken;
/// use untether::sync::cancel::Cause;
///
/// let service = CancelToken::new();
/// let request = service.child();
/// service.cancel_with(Cause::error("disk full"));
/// let cause = request.cause().unwrap();
/// assert_eq!(cause.to_string(), "cancelled with its parent");
/// assert_eq!(cause.root().to_string(), "cancelled by an error");
/// assert!(matches!(cause.root(), Cause::Error(error) if error.to_string() == "disk full"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// Somebody asked for it.
    Requested,
    /// A deadline passed: see [`CancelToken::cancel_at`](super::CancelToken::cancel_at).
    Deadline,
    /// The program, or this part of it, is being shut down.
    Shutdown,
    /// Another task of the same group failed.
    SiblingFailed,
    /// A token above was cancelled, for the cause that is in here.
    Parent(Inherited),
    /// An error of yours. Also its source.
    Error(Arc<dyn Error + Send + Sync>),
}

impl Cause {
    /// An error, or a text, as the cause.
    #[must_use]
    pub fn error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Error(error.into().into())
    }

    /// The cause that the first token was cancelled for, of those above and this one.
    #[must_use]
    pub fn root(&self) -> &Self {
        let mut cause = self;
        while let Self::Parent(inherited) = cause {
            cause = inherited;
        }
        cause
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requested => "cancelled on request",
            Self::Deadline => "cancelled by a deadline",
            Self::Shutdown => "cancelled by a shutdown",
            Self::SiblingFailed => "cancelled because a sibling failed",
            Self::Parent(_) => "cancelled with its parent",
            Self::Error(_) => "cancelled by an error",
        })
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Error(error) => Some(&**error),
            Self::Parent(inherited) => Some(&**inherited),
            _ => None,
        }
    }
}

/// The cause of a token above: one for all that were cancelled with it.
#[derive(Clone)]
pub struct Inherited(pub(super) Arc<Request>);

impl Deref for Inherited {
    type Target = Cause;

    fn deref(&self) -> &Cause {
        self.0.cause()
    }
}

impl fmt::Debug for Inherited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
