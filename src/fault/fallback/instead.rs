//! What is given instead of an error.

use crate::sys::opaque::opaque;
use core::future::{Ready, ready};

/// Why nothing is given for an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Untaken {
    /// Not here; another may have something.
    Open,
    /// It is to go on as it is, whatever others have.
    Final,
}

/// Makes something else of an error of an `R`, which is a [`Result`]. What is implemented comes from the constructors of
/// [`Fallback`](super::Fallback) and the arms of a [`Boundary`](crate::fault::Boundary).
pub trait Instead<R> {
    /// The error.
    type Err;
    /// The future of what is given for it.
    type Future: Future<Output = R>;

    /// Makes it.
    ///
    /// # Errors
    /// [`Untaken`] when there is nothing for this error.
    fn take(self, error: &Self::Err) -> Result<Self::Future, Untaken>;
}

/// A value. Of [`Fallback::value`](super::Fallback::value).
#[derive(Clone, Copy)]
pub struct Value<V>(pub(super) V);

impl<V, E> Instead<Result<V, E>> for Value<V> {
    type Err = E;
    type Future = Ready<Result<V, E>>;

    #[inline]
    fn take(self, _: &E) -> Result<Self::Future, Untaken> {
        Ok(ready(Ok(self.0)))
    }
}

/// What a function makes of the error. Of [`Fallback::with`](super::Fallback::with).
#[derive(Clone, Copy)]
pub struct With<F>(pub(super) F);

impl<V, E, F: FnOnce(&E) -> V> Instead<Result<V, E>> for With<F> {
    type Err = E;
    type Future = Ready<Result<V, E>>;

    #[inline]
    fn take(self, error: &E) -> Result<Self::Future, Untaken> {
        Ok(ready(Ok((self.0)(error))))
    }
}

/// What another operation brings. Of [`Fallback::operation`](super::Fallback::operation).
#[derive(Clone, Copy)]
pub struct Calls<F>(pub(super) F);

impl<V, E, F, Fut> Instead<Result<V, E>> for Calls<F>
where
    F: FnOnce(&E) -> Fut,
    Fut: Future<Output = Result<V, E>>,
{
    type Err = E;
    type Future = Fut;

    #[inline]
    fn take(self, error: &E) -> Result<Fut, Untaken> {
        Ok((self.0)(error))
    }
}

opaque!(Value<V> With<F> Calls<F>);
