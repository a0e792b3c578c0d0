//! Which failures can be recovered from.

use crate::retry::AttemptError;
use crate::sys::opaque::opaque;

/// Says what can be recovered from. What is implemented comes from [`Boundary::recoverable`](super::Boundary::recoverable).
pub trait Recovers<E> {
    /// Whether it may be tried again, and something else given for it.
    fn recovers(&self, error: &AttemptError<E>) -> bool;
}

/// Everything but a panic: the default.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ButPanics;

impl<E> Recovers<E> for ButPanics {
    fn recovers(&self, error: &AttemptError<E>) -> bool {
        !matches!(error, AttemptError::Panicked(_))
    }
}

/// What a function says. See [`Boundary::recoverable`](super::Boundary::recoverable).
#[derive(Clone, Copy)]
pub struct RecoverableBy<F>(pub(super) F);

impl<E, F: Fn(&AttemptError<E>) -> bool> Recovers<E> for RecoverableBy<F> {
    fn recovers(&self, error: &AttemptError<E>) -> bool {
        (self.0)(error)
    }
}

opaque!(RecoverableBy<F>);
