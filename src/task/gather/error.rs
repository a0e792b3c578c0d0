//! What is left when nothing went well.

use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

/// Every child of a [`first_ok`](super::first_ok) failed, or there was none.
///
/// # Examples
/// ```
/// # untether::rt::threads::block_on(|_| async move {
/// use core::future::ready;
/// use untether::task::first_ok;
///
/// let failed = first_ok([ready(Err::<(), _>("no route")), ready(Err("refused"))]).await.unwrap_err();
/// assert_eq!(failed.errors(), ["no route", "refused"]);
/// assert_eq!(failed.to_string(), "all 2 failed, the last with: refused");
/// # });
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AllFailed<E> {
    errors: Vec<E>,
}

impl<E> AllFailed<E> {
    pub(super) const fn new(errors: Vec<E>) -> Self {
        Self { errors }
    }

    /// The error of each child, in the order in which they were given.
    #[must_use]
    pub fn errors(&self) -> &[E] {
        &self.errors
    }

    /// The same, to keep.
    #[must_use]
    pub fn into_errors(self) -> Vec<E> {
        self.errors
    }
}

/// `all 3 failed, the last with: connection refused`
impl<E: fmt::Display> fmt::Display for AllFailed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.last() {
            None => f.write_str("there was nothing to try"),
            Some(last) => write!(f, "all {} failed, the last with: {last}", self.errors.len()),
        }
    }
}

impl<E: Error + 'static> Error for AllFailed<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.errors.last().map(|last| last as _)
    }
}
