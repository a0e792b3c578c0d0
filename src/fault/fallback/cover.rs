//! Which errors something else is given for, and who is told.

use crate::observe::{Event, Observer, Value};
use alloc::format;
use alloc::string::ToString;
use core::fmt;

/// Says which errors are covered. What is implemented comes from [`Fallback::when`](super::Fallback::when) and
/// [`Fallback::observed`](super::Fallback::observed).
pub trait Cover<E> {
    /// Whether something else is to be given for it.
    fn covers(&self, error: &E) -> bool;

    /// Is told of an error, covered or not.
    fn failed(&self, error: &E) {
        let _ = error;
    }

    /// Is told that something else is given for it.
    fn used(&self, error: &E) {
        let _ = error;
    }
}

/// Every error: the default.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct EveryError;

impl<E> Cover<E> for EveryError {
    #[inline]
    fn covers(&self, _: &E) -> bool {
        true
    }
}

/// What a function covers as well. See [`Fallback::when`](super::Fallback::when).
#[derive(Clone, Copy)]
pub struct When<C, F>(pub(super) C, pub(super) F);

impl<E, C: Cover<E>, F: Fn(&E) -> bool> Cover<E> for When<C, F> {
    fn covers(&self, error: &E) -> bool {
        self.0.covers(error) && (self.1)(error)
    }

    fn failed(&self, error: &E) {
        self.0.failed(error);
    }

    fn used(&self, error: &E) {
        self.0.used(error);
    }
}

/// Tells an observer. See [`Fallback::observed`](super::Fallback::observed).
#[derive(Clone, Copy)]
pub struct Observed<C, W>(pub(super) C, pub(super) W);

impl<E: fmt::Display, C: Cover<E>, W: Observer> Cover<E> for Observed<C, W> {
    fn covers(&self, error: &E) -> bool {
        self.0.covers(error)
    }

    fn failed(&self, error: &E) {
        self.0.failed(error);
    }

    #[cold]
    fn used(&self, error: &E) {
        self.0.used(error);
        if !self.1.is_listening() {
            return;
        }
        let error = error.to_string();
        let sentence = format!("the fallback is used: {error}");
        self.1.on(&Event::new("fallback").said(&sentence).field("error", Value::Text(&error)));
    }
}

impl<C: fmt::Debug, F> fmt::Debug for When<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("When").field(&self.0).finish_non_exhaustive()
    }
}

impl<C: fmt::Debug, W> fmt::Debug for Observed<C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observed").field(&self.0).finish_non_exhaustive()
    }
}
