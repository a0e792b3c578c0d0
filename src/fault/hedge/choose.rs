//! Which result wins, and who is told.

use crate::observe::{Event, Observer};
use crate::sys::opaque::opaque;
use core::fmt;

/// Says which result is the answer. What is implemented comes from [`Hedge::accept`](super::Hedge::accept) and
/// [`Hedge::observed`](super::Hedge::observed).
pub trait Choose<V, E> {
    /// Whether it wins, and nothing else is waited for.
    fn accepts(&self, result: &Result<V, E>) -> bool;

    /// Whether somebody is told.
    #[inline]
    fn watches(&self) -> bool {
        false
    }

    /// Is told what happens.
    fn tell(&self, event: &Event<'_>) {
        let _ = event;
    }
}

/// Every `Ok`: the default.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct FirstOk;

impl<V, E> Choose<V, E> for FirstOk {
    #[inline]
    fn accepts(&self, result: &Result<V, E>) -> bool {
        result.is_ok()
    }
}

/// Whatever a function says. See [`Hedge::accept`](super::Hedge::accept).
#[derive(Clone, Copy)]
pub struct Accepting<F>(pub(super) F);

impl<V, E, F: Fn(&Result<V, E>) -> bool> Choose<V, E> for Accepting<F> {
    #[inline]
    fn accepts(&self, result: &Result<V, E>) -> bool {
        (self.0)(result)
    }
}

/// Tells an observer. See [`Hedge::observed`](super::Hedge::observed).
#[derive(Clone, Copy)]
pub struct Observed<C, W>(pub(super) C, pub(super) W);

impl<V, E, C: Choose<V, E>, W: Observer> Choose<V, E> for Observed<C, W> {
    #[inline]
    fn accepts(&self, result: &Result<V, E>) -> bool {
        self.0.accepts(result)
    }

    #[inline]
    fn watches(&self) -> bool {
        self.0.watches() || self.1.is_listening()
    }

    fn tell(&self, event: &Event<'_>) {
        self.0.tell(event);
        self.1.on(event);
    }
}

opaque!(Accepting<F>);

impl<C: fmt::Debug, W> fmt::Debug for Observed<C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observed").field(&self.0).finish_non_exhaustive()
    }
}
