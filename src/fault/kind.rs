//! What kind of failure an error is, whoever made it.

use crate::retry::{AttemptError, RetryError};
use crate::spawn::Panicked;
use crate::time::Elapsed;
use core::fmt;
use core::time::Duration;

/// How a call went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// The operation said so: an error of its own.
    Failed,
    /// It took too long.
    TimedOut,
    /// It panicked.
    Panicked,
    /// It was not let in, and has not run.
    Refused,
}

/// `failed`, `timed out`, `panicked`, `refused`
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
            Self::Panicked => "panicked",
            Self::Refused => "refused",
        })
    }
}

/// An error that says what kind of failure it is.
///
/// Implemented for the errors of this crate that stand around one of an operation; implement it for your own, and what looks at kinds can look
/// at them as well.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|rt| async move {
/// use core::time::Duration;
/// use untether::fault::{Fault, Kind};
/// use untether::time::timeout;
///
/// let elapsed = timeout(Duration::ZERO, core::future::pending::<()>(), &rt).await.unwrap_err();
/// assert_eq!(elapsed.kind(), Kind::TimedOut);
/// # });
/// ```
pub trait Fault {
    /// What kind of failure it is.
    fn kind(&self) -> Kind;

    /// How long the other side, or whoever refused the call, asks to wait before it is tried again.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

impl<F: Fault + ?Sized> Fault for &F {
    fn kind(&self) -> Kind {
        (**self).kind()
    }

    fn retry_after(&self) -> Option<Duration> {
        (**self).retry_after()
    }
}

/// [`Kind::Failed`] for whatever the operation itself came to.
impl<E> Fault for AttemptError<E> {
    fn kind(&self) -> Kind {
        match self {
            Self::Failed(_) => Kind::Failed,
            Self::TimedOut(_) => Kind::TimedOut,
            Self::Panicked(_) => Kind::Panicked,
        }
    }
}

/// That of the last attempt.
impl<L: Fault> Fault for RetryError<L> {
    fn kind(&self) -> Kind {
        self.last().kind()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.last().retry_after()
    }
}

impl Fault for Elapsed {
    fn kind(&self) -> Kind {
        Kind::TimedOut
    }
}

impl Fault for Panicked {
    fn kind(&self) -> Kind {
        Kind::Panicked
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use alloc::boxed::Box;
    use alloc::string::ToString;

    struct Throttled;

    impl Fault for Throttled {
        fn kind(&self) -> Kind {
            Kind::Refused
        }

        fn retry_after(&self) -> Option<Duration> {
            Some(Duration::from_secs(3))
        }
    }

    #[test]
    fn each_error_says_its_kind() {
        let panicked = || Panicked::new(Box::new("a bug"));
        assert_eq!(AttemptError::Failed(()).kind(), Kind::Failed);
        assert_eq!(AttemptError::<()>::Panicked(panicked()).kind(), Kind::Panicked);
        assert_eq!(panicked().kind(), Kind::Panicked);
        assert_eq!(
            (Throttled.kind(), Throttled.retry_after()),
            (Kind::Refused, Some(Duration::from_secs(3)))
        );
        let by_reference: &dyn Fault = &&Throttled;
        assert_eq!(by_reference.retry_after(), Throttled.retry_after());
        assert_eq!(AttemptError::Failed(Throttled).retry_after(), None);
    }

    #[test]
    fn a_kind_reads_as_a_word_or_two() {
        let all = [Kind::Failed, Kind::TimedOut, Kind::Panicked, Kind::Refused];
        assert_eq!(all.map(|kind| kind.to_string()), ["failed", "timed out", "panicked", "refused"]);
    }
}
