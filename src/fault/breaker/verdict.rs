//! What a result says of the service.

/// What a call says of the service that was called.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// It is well. That may also be said by an error: an answer that something was not found is an answer.
    Success,
    /// It is not.
    Failure,
    /// Nothing: the call is not counted, and the place of a probe is free again.
    Ignore,
}

/// Judges results of type `Result<V, E>`.
pub trait Judge<V, E> {
    /// Judges one.
    fn judge(self, result: &Result<V, E>) -> Verdict;
}

/// Every error is a failure: the default.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct EveryError;

impl<V, E> Judge<V, E> for EveryError {
    #[inline]
    fn judge(self, result: &Result<V, E>) -> Verdict {
        if result.is_ok() { Verdict::Success } else { Verdict::Failure }
    }
}

impl<V, E, J: FnOnce(&Result<V, E>) -> Verdict> Judge<V, E> for J {
    #[inline]
    fn judge(self, result: &Result<V, E>) -> Verdict {
        self(result)
    }
}
