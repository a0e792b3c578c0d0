//! How long the attempts before it have, before another begins.

use crate::retry::Attempt;
use crate::sys::opaque::opaque;
use core::time::Duration;

/// Says how long to wait before an extra attempt. What is implemented comes from [`Hedge::after`](super::Hedge::after) and
/// [`Hedge::by`](super::Hedge::by).
pub trait Delay {
    /// Counted from the first pending poll of the attempt before it; `None` for no further attempt.
    fn before(&self, attempt: Attempt) -> Option<Duration>;
}

/// The same before each: of [`Hedge::after`](super::Hedge::after).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct After(pub(super) Duration);

impl Delay for After {
    #[inline]
    fn before(&self, _: Attempt) -> Option<Duration> {
        Some(self.0)
    }
}

/// What a function says: of [`Hedge::by`](super::Hedge::by).
#[derive(Clone, Copy)]
pub struct By<F>(pub(super) F);

impl<F: Fn(Attempt) -> R, R: Into<Option<Duration>>> Delay for By<F> {
    #[inline]
    fn before(&self, attempt: Attempt) -> Option<Duration> {
        (self.0)(attempt).into()
    }
}

opaque!(By<F>);
